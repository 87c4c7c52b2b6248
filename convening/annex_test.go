package convening

import (
	"bytes"
	"strings"
	"testing"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/meeting"
)

// accountsOf is a PDF of two pages, as the accountant sends it.
func accountsOf(t testing.TB) []byte {
	t.Helper()
	p := papers.Paper{Kind: papers.Report, Lang: lang.French, House: "Fiduciaire", Title: "Comptes annuels", Blocks: papers.Blocks{
		papers.Paragraph{Words: papers.T("Actif")}, papers.PageBreak{}, papers.Paragraph{Words: papers.T("Passif")}}}
	var b bytes.Buffer
	if err := papers.PDF(&b, p, nil, papers.Meta{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// paper puts a document on the first matter of the agenda.
func (h *house) paper(title string, content []byte) {
	h.t.Helper()
	h.do("meeting.add-paper", func(tx *store.Tx) error {
		up, err := documents.Take(title+".pdf", bytes.NewReader(content))
		if err != nil {
			return err
		}
		d, err := documents.Add(tx, up)
		if err != nil {
			return err
		}
		m, _, err := meeting.ByID(tx, h.ag)
		if err != nil {
			return err
		}
		_, err = meeting.AddPaper(tx, m.Matters()[0].ID, meeting.Paper{Title: title, Document: d.ID})
		return err
	})
}

// annexed reads the papers and sends the letters with them.
func (h *house) annexed() (id DispatchID, err error) {
	h.t.Helper()
	var read Annexes
	var seen string
	h.view(func(r store.Reader) error {
		l, err := LookAt(r, h.ag, Options{Kind: Convening, Annexed: true, Links: links})
		seen = l.Seal
		return err
	})
	if err := h.db.View(h.t.Context(), func(v *store.View) error {
		m, _, err := meeting.ByID(v, h.ag)
		if err == nil {
			read, err = ReadAnnexes(v, m, Convening)
		}
		return err
	}); err != nil {
		return "", err
	}
	err = h.try("convening.send", func(tx *store.Tx) (err error) {
		id, err = Send(tx, Order{Meeting: h.ag, Kind: Convening, Annexed: true, Annexes: read, Links: links, Seen: seen})
		return err
	})
	return id, err
}

// The accounts follow each letter of the batch; those which came after the letters do not.
func TestThePapersFollowTheLettersByPost(t *testing.T) {
	both(t, func(h *house) {
		h.paper("Comptes annuels", accountsOf(t))
		id, err := h.annexed()
		if err != nil {
			t.Fatal(err)
		}
		h.work()
		h.now = h.now.AddDate(0, 0, 1)
		h.paper("Note tardive", accountsOf(t)[:300]) // would be refused, if it were printed
		var batch BatchID
		h.do("convening.gather", func(tx *store.Tx) (err error) { batch, err = Gather(tx, id); return err })
		var p Print
		h.view(func(v store.Reader) (err error) { p, err = PrintOf(v, batch); return err })
		var out bytes.Buffer
		if err := p.Write(&out, words().In(lang.French), lang.French, papers.Meta{}); err != nil {
			t.Fatal(err)
		}
		text := programs.PDFText(t, out.Bytes())
		if got, want := strings.Count(text, "Comptes annuels"), int(p.Batch.Letters); got < want ||
			strings.Count(text, "Passif") != want {
			t.Errorf("%d letters and %d annexes", want, strings.Count(text, "Passif"))
		}
		cover, _, _ := strings.Cut(text, "\f")
		if !strings.Contains(cover, "Comptes annuels : 2 pages") {
			t.Errorf("the cover says\n%s", cover)
		}
		h.whole()
	})
}

func TestPapersThatCannotFollowAreRefusedBeforeAnythingIsSent(t *testing.T) {
	both(t, func(h *house) {
		h.paper("Comptes annuels", accountsOf(t)[:400])
		_, err := h.annexed()
		if !fault.Is(err, "papers.refusal.annex-broken") {
			t.Errorf("a damaged PDF: %v", err)
		}
		for _, r := range fault.Of(err) {
			if r.Args["title"] != "Comptes annuels" {
				t.Errorf("the refusal does not name the paper: %v", r.Args)
			}
		}
		err = h.try("convening.send", func(tx *store.Tx) error {
			l, err := LookAt(tx, h.ag, Options{Kind: Convening, Annexed: true, Links: links})
			if err != nil {
				return err
			}
			_, err = Send(tx, Order{Meeting: h.ag, Kind: Convening, Annexed: true, Links: links, Seen: l.Seal})
			return err
		})
		h.refused(err, "stale") // nobody read the papers
		h.view(func(r store.Reader) error {
			m, _, err := meeting.ByID(r, h.ag)
			if m.ConvenedAt != 0 {
				t.Error("something was sent")
			}
			return err
		})
	})
}
