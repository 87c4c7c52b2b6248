package mail

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func letter() Letter {
	return Letter{ID: "01JOB", To: "jeanne@exemple.be", Lang: "fr", Subject: "Votre lien pour entrer, à 9 h", Text: "Bonjour Jeanne,\n\nvoici le lien.\n"}
}

func TestALetterThatMustNotLeave(t *testing.T) {
	cases := map[string]func(*Letter){
		"no address":             func(l *Letter) { l.To = "" },
		"two addresses":          func(l *Letter) { l.To = "a@exemple.be, b@exemple.be" },
		"address with a name":    func(l *Letter) { l.To = "Jeanne <jeanne@exemple.be>" },
		"address with a header":  func(l *Letter) { l.To = "jeanne@exemple.be\r\nBcc: all@exemple.be" },
		"address without domain": func(l *Letter) { l.To = "jeanne@localhost" },
		"quoted address":         func(l *Letter) { l.To = `"je anne"@exemple.be` },
		"long address":           func(l *Letter) { l.To = strings.Repeat("a", 250) + "@exemple.be" },
		"no subject":             func(l *Letter) { l.Subject = " " },
		"subject with a header":  func(l *Letter) { l.Subject = "Lien\r\nBcc: all@exemple.be" },
		"subject with newline":   func(l *Letter) { l.Subject = "Lien\nX: y" },
		"subject with separator": func(l *Letter) { l.Subject = "Lien\u2028X" },
		"long subject":           func(l *Letter) { l.Subject = strings.Repeat("é", MaxSubject+1) },
		"no text":                func(l *Letter) { l.Text = "" },
		"text too long":          func(l *Letter) { l.Text = strings.Repeat("a", MaxBody+1) },
		"html too long":          func(l *Letter) { l.HTML = strings.Repeat("a", MaxBody+1) },
		"text with NUL":          func(l *Letter) { l.Text = "a\x00b" },
		"text that is no UTF-8":  func(l *Letter) { l.Text = "a\xffb" },
		"id with a bracket":      func(l *Letter) { l.ID = "a>b" },
		"unknown language":       func(l *Letter) { l.Lang = "de" },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			l := letter()
			spoil(&l)
			err := (&Memory{}).Send(t.Context(), l)
			if !errors.Is(err, ErrLetter) || !Permanent(err) {
				t.Errorf("got %v, want a permanent %v", err, ErrLetter)
			}
			if err != nil && l.To != "" && strings.Contains(err.Error(), l.To) {
				t.Errorf("the error %q repeats the address", err)
			}
		})
	}
	for _, ok := range []string{strings.Repeat("é", MaxSubject), "Convocation : 17 juin"} {
		l := letter()
		l.Subject = ok
		if err := l.Check(); err != nil {
			t.Errorf("subject %.20q: %v", ok, err)
		}
	}
}

func TestMemoryKeepsWhatWasSent(t *testing.T) {
	var m Memory
	for range 2 {
		if err := m.Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
	}
	m.Fail = errors.New("no line")
	if err := m.Send(t.Context(), letter()); !errors.Is(err, m.Fail) || Permanent(err) {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff([]Letter{letter(), letter()}, m.Sent()); diff != "" {
		t.Error(diff)
	}
}

func TestServerAddress(t *testing.T) {
	c, err := ParseConfig("smtps://lieux:s%3Acret@mail.example.be?from=Dynamo+Coop+%3Coffice@example.be%3E")
	if err != nil {
		t.Fatal(err)
	}
	if c.Host != "mail.example.be" || c.Port != 465 || !c.Implicit || c.Clear || c.User != "lieux" || c.password != "s:cret" ||
		c.From.Name != "Dynamo Coop" || c.MessageAt != "example.be" {
		t.Errorf("read as %s", c)
	}
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%v", c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c)} {
		if strings.Contains(shown, "cret") {
			t.Errorf("%q shows the password", shown)
		}
	}
	if c, err := ParseConfig("smtp://127.0.0.1:2525?from=a@example.be"); err != nil || !c.Clear || c.Port != 2525 {
		t.Errorf("local: %v, %v", c, err)
	}
	if c, err := ParseConfig("smtp://mail.example.be?from=a@example.be"); err != nil || c.Clear || c.Port != 587 {
		t.Errorf("a server elsewhere must speak TLS: %v, %v", c, err)
	}
	for _, bad := range []string{"", "http://h?from=a@example.be", "smtp://?from=a@example.be", "smtp://u:secret@h:x?from=a@example.be",
		"smtp://u:secret@h:99999?from=a@example.be", "smtp://u:secret@h", "smtp://u:secret@h?from=nobody",
		"smtp://u@h?from=a@example.be", "smtp://u:secret@h?from=a@example.be&tls=off", "smtp://u:sec ret%@h?from=a@example.be"} {
		_, err := ParseConfig(bad)
		if err == nil {
			t.Errorf("%q was taken", bad)
		} else if strings.Contains(err.Error(), "sec") {
			t.Errorf("%q repeats the password", err)
		}
	}
}

// post is a mail server that takes one letter, or refuses its reader.
func post(t *testing.T, answerRcpt string) (address string, got <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	took := make(chan string, 1)
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		r := bufio.NewReader(conn)
		say := func(s string) { fmt.Fprint(conn, s+"\r\n") }
		say("220 post")
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			switch verb := strings.ToUpper(strings.TrimSpace(line)); {
			case strings.HasPrefix(verb, "RCPT"):
				say(answerRcpt)
			case verb == "DATA":
				say("354 go on")
				var b strings.Builder
				for {
					line, err := r.ReadString('\n')
					if err != nil || line == ".\r\n" {
						break
					}
					b.WriteString(line)
				}
				took <- b.String()
				say("250 taken")
			case verb == "QUIT":
				say("221 bye")
				return
			default:
				say("250 fine")
			}
		}
	}()
	return l.Addr().String(), took
}

func TestALetterArrives(t *testing.T) {
	address, got := post(t, "250 fine")
	c, err := ParseConfig("smtp://" + address + "?from=Dynamo+Coop+%3Coffice@example.be%3E")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2017, 6, 1, 9, 0, 0, 0, time.UTC)
	l := letter()
	l.HTML = "<p>voici le lien</p>"
	if err := NewSMTP(c, func() time.Time { return at }).Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(<-got))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	date, err := m.Header.Date()
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(m.Body)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]string{"To": m.Header.Get("To"), "From": m.Header.Get("From"), "Subject": subject, "Date": date.UTC().String(),
		"Message-ID": m.Header.Get("Message-ID"), "Content-Language": m.Header.Get("Content-Language"), "Auto-Submitted": m.Header.Get("Auto-Submitted")}
	want := map[string]string{"To": "<jeanne@exemple.be>", "From": `"Dynamo Coop" <office@example.be>`, "Subject": l.Subject, "Date": at.String(),
		"Message-ID": "<01JOB@example.be>", "Content-Language": "fr", "Auto-Submitted": "auto-generated"}
	if diff := cmp.Diff(want, read); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(string(body), "voici le lien.") || !strings.Contains(string(body), "text/html") {
		t.Errorf("body:\n%s", body)
	}
}

func TestARefusedReaderIsPermanentAndABusyServerIsNot(t *testing.T) {
	for answer, permanent := range map[string]bool{"550 nobody here": true, "451 come back later": false} {
		address, _ := post(t, answer)
		c, err := ParseConfig("smtp://" + address + "?from=office@example.be")
		if err != nil {
			t.Fatal(err)
		}
		err = NewSMTP(c, time.Now).Send(t.Context(), letter())
		if err == nil || Permanent(err) != permanent {
			t.Errorf("%s: %v, permanent %v", answer, err, Permanent(err))
		}
	}
	c, err := ParseConfig("smtp://127.0.0.1:1?from=office@example.be")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := NewSMTP(c, time.Now).Send(ctx, letter()); err == nil || Permanent(err) {
		t.Errorf("no server: %v", err)
	}
}
