package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

const sendTimeout = 30 * time.Second // of one letter, from dialling to the server's answer

// Config is where letters leave from. It prints without its password.
type Config struct {
	Host      string
	Port      int
	Implicit  bool // smtps: TLS from the first byte; otherwise STARTTLS
	Clear     bool // no TLS at all: only towards this machine
	User      string
	password  string
	From      netmail.Address
	MessageAt string // the right half of Message-IDs
}

// ParseConfig reads smtp://user:password@host:port?from=Dynamo+Coop+<office@example.be>; smtps:// for TLS from the
// first byte. The password is percent-encoded. Only a server on this machine may be spoken to without TLS. No error
// repeats the text, which holds a secret.
func ParseConfig(s string) (Config, error) {
	u, err := url.Parse(s)
	if err != nil {
		return Config{}, errors.New("mail: the mail server's address is not like smtp://user:password@host?from=address")
	}
	if u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return Config{}, errors.New("mail: the mail server's address begins with smtp:// or smtps:// and a host")
	}
	c := Config{Host: u.Hostname(), Implicit: u.Scheme == "smtps", User: u.User.Username()}
	c.password, _ = u.User.Password()
	c.Port = 587
	if c.Implicit {
		c.Port = 465
	}
	if p := u.Port(); p != "" {
		if c.Port, err = strconv.Atoi(p); err != nil || c.Port < 1 || c.Port > 65535 {
			return Config{}, errors.New("mail: the mail server's port is a number from 1 to 65535")
		}
	}
	c.Clear = !c.Implicit && local(c.Host)
	if c.User != "" && c.password == "" {
		return Config{}, errors.New("mail: the mail server's address names a user without a password")
	}
	query := u.Query()
	for name := range query {
		if name != "from" {
			return Config{}, fmt.Errorf("mail: the mail server's address has no setting %.20q, only from", name)
		}
	}
	from, err := netmail.ParseAddress(query.Get("from"))
	if err != nil || !Address(from.Address) || !oneLine(from.Name) {
		return Config{}, errors.New("mail: the mail server's address needs ?from= with the sender's e-mail address")
	}
	c.From = *from
	c.MessageAt = from.Address[strings.LastIndexByte(from.Address, '@')+1:]
	return c, nil
}

// local says whether a host is this machine.
func local(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// String is for logs.
func (c Config) String() string {
	scheme := "smtp"
	if c.Implicit {
		scheme = "smtps"
	}
	return fmt.Sprintf("%s://%s from %s", scheme, net.JoinHostPort(c.Host, strconv.Itoa(c.Port)), c.From.Address)
}

// GoString hides the password from %#v too.
func (c Config) GoString() string { return "mail.Config(" + c.String() + ")" }

// SMTP sends letters to a mail server, one connection each.
type SMTP struct {
	config Config
	now    func() time.Time
}

// NewSMTP makes a sender on a clock; it does not dial.
func NewSMTP(c Config, now func() time.Time) *SMTP { return &SMTP{c, now} }

// Send checks the letter and hands it to the server.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	_, err := s.Hand(ctx, l)
	return err
}

// Hand is Send, and gives what the server answered when it took the letter: the proof of a dispatch keeps it.
func (s *SMTP) Hand(ctx context.Context, l Letter) (answer string, err error) {
	m, err := s.message(l)
	if err != nil {
		return "", err
	}
	client, err := gomail.NewClient(s.config.Host, s.options()...)
	if err != nil {
		return "", fmt.Errorf("mail: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, m); err != nil {
		return "", fmt.Errorf("mail: %w", err)
	}
	return strings.TrimSpace(m.ServerResponse()), nil
}

func (s *SMTP) options() []gomail.Option {
	c := s.config
	options := []gomail.Option{gomail.WithPort(c.Port), gomail.WithTimeout(sendTimeout)}
	switch {
	case c.Implicit:
		options = append(options, gomail.WithSSL())
	case c.Clear:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if c.Clear {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		options = append(options, gomail.WithSMTPAuth(auth),
			gomail.WithUsername(c.User), gomail.WithPassword(c.password))
	}
	return options
}

// message is the letter as the server takes it.
func (s *SMTP) message(l Letter) (*gomail.Msg, error) {
	if err := l.Check(); err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&s.config.From)
	if err := m.To(l.To); err != nil {
		return nil, fmt.Errorf("%w: the address is refused", ErrLetter)
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(s.now())
	if l.ID == "" {
		m.SetMessageID()
	} else {
		m.SetMessageIDWithValue(l.ID + "@" + s.config.MessageAt)
	}
	m.SetGenHeader("Content-Language", string(l.Lang))
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no out-of-office answers, please
	m.SetBodyString(gomail.TypeTextPlain, l.Text)
	if l.HTML != "" {
		m.AddAlternativeString(gomail.TypeTextHTML, l.HTML)
	}
	return m, nil
}

// Permanent says that trying the letter again is of no use: it is none, or the server refused it for good.
func Permanent(err error) bool {
	if errors.Is(err, ErrLetter) {
		return true
	}
	if e, ok := errors.AsType[*gomail.SendError](err); ok {
		return !e.IsTemp() && (e.Reason == gomail.ErrSMTPRcptTo || e.Reason == gomail.ErrSMTPMailFrom)
	}
	return false
}
