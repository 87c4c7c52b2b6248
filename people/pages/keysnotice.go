package pages

import (
	"io"
	"slices"
	"strings"

	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/people/view"
)

// Whoever gets another way into their account, or loses one, is told: at every e-mail address that is known of them, in
// their language, in the same act. The letter never holds what opens anything. Who has no e-mail gets it by post: the
// office finds it among its tasks ([Pages.Unreached]) and prints it.

// maxNotices bounds the addresses of one person that are told.
const maxNotices = 5

// What is told.
const (
	passkeyAdded   = "passkey-added"
	passkeyRemoved = "passkey-removed"
	codeMade       = "code-made"
	codeRevoked    = "code-revoked"
)

// warn tells a person what was changed about their ways in; name is that of the passkey.
func (p Pages) warn(tx *store.Tx, id people.PersonID, what, name string) error {
	who, err := people.Get(tx, id)
	if err != nil {
		return err
	}
	to, err := emailsOf(tx, id)
	if err != nil {
		return err
	}
	if len(to) == 0 {
		if p.Unreached == nil {
			return nil
		}
		return p.Unreached(tx, who.ID, view.Path(who.ID)+"/codes")
	}
	coop, err := coopName(tx)
	if err != nil {
		return err
	}
	pr := p.Book.In(who.Lang)
	text := pr.T("people.keys.notice."+what, "coop", coop, "key", name, "when", pr.Moment(tx.Now(), tx.Zone()))
	for _, address := range to {
		if err := mail.Enqueue(tx, mail.Letter{To: address, Lang: pr.Tag,
			Subject: pr.T("people.keys.notice.subject", "coop", coop),
			Text: strings.Join([]string{pr.T("people.keys.notice.greeting", "name", who.Full()), text,
				pr.T("people.keys.notice.you"), pr.T("people.keys.notice.not-you", "coop", coop)}, "\n\n") + "\n"}); err != nil {
			return err
		}
	}
	return nil
}

// emailsOf are the addresses at which a person is told.
func emailsOf(r store.Reader, id people.PersonID) (list []string, err error) {
	contacts, err := people.Across(r, id, people.Contacts)
	for _, c := range contacts {
		if c.Kind == people.Email && c.On(r.Today()) && mail.Address(c.Value) && !slices.Contains(list, c.Value) {
			list = append(list, c.Value)
		}
	}
	return list[:min(len(list), maxNotices)], err
}

// keysNotice is the letter for those without e-mail: which ways in they have today, and what to do if they asked for
// none of them.
func (p Pages) keysNotice(q *web.Request) error {
	var paper papers.Paper
	var pr *lang.Printer
	err := p.DB.View(q.Context(), func(v *store.View) error {
		who, err := personIn(q, v)
		if err != nil {
			return err
		}
		if who.Kind != people.Natural || !who.Erased.IsZero() {
			return web.NotFound
		}
		pr = p.Book.In(who.Lang)
		paper, err = noticePaper(v, pr, who)
		return err
	})
	if err != nil {
		return err
	}
	return q.Inline(pr.T("people.keys.notice.file")+".pdf", "application/pdf", func(w io.Writer) error {
		return papers.PDF(w, paper, nil, papers.Meta{Author: paper.House, Made: p.DB.Now()})
	})
}

func noticePaper(r store.Reader, pr *lang.Printer, who people.Person) (paper papers.Paper, err error) {
	paper = papers.Paper{Kind: papers.Letter, Lang: pr.Tag, Title: pr.T("people.keys.notice.title")}
	if paper.House, err = coopName(r); err != nil {
		return paper, err
	}
	homes, err := people.Addresses(r, who.ID)
	if err != nil {
		return paper, err
	}
	to := papers.Address{Lines: []papers.Line{papers.T(who.Full())}}
	if home, known := people.AddressOn(homes, people.Home, r.Today(), 0); known {
		to.Lines = append(to.Lines, homeLines(home)...)
	}
	keys, err := people.Passkeys(r, who.ID)
	if err != nil {
		return paper, err
	}
	codes, err := people.PaperCodes(r, who.ID)
	if err != nil {
		return paper, err
	}
	var ways []papers.Line
	for _, k := range keys {
		ways = append(ways, papers.T(pr.T("people.keys.notice.has-passkey", "key", k.Name, "day", k.Made.On(r.Zone()))))
	}
	for _, c := range codes {
		ways = append(ways, papers.T(pr.T("people.keys.notice.has-code", "way", pr.Words(c.Way.Words()),
			"day", c.Made.On(r.Zone()), "state", pr.T("people.code."+c.State(r.Now())))))
	}
	paper.Blocks = papers.Blocks{to,
		papers.Paragraph{Words: papers.T(pr.T("people.keys.notice.greeting", "name", who.Full()))},
		papers.Paragraph{Words: papers.T(pr.T("people.keys.notice.ways", "coop", paper.House, "day", r.Today()))}}
	if len(ways) > 0 {
		paper.Blocks = append(paper.Blocks, papers.List{Items: ways})
	} else {
		paper.Blocks = append(paper.Blocks, papers.Paragraph{Words: papers.T(pr.T("people.keys.notice.none"))})
	}
	paper.Blocks = append(paper.Blocks, papers.Paragraph{Words: papers.T(pr.T("people.keys.notice.you"))},
		papers.Paragraph{Words: papers.T(pr.T("people.keys.notice.not-you", "coop", paper.House))})
	return paper, nil
}
