package concession

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/places"
)

// told is what a letter tells, beside the place: each letter takes of it what its words name.
type told struct {
	Day, Last, First civil.Date
	Number           int64  `json:",omitempty"` // of an evaluation
	Advice           Advice `json:",omitempty"`
	Years            []string
}

// Letter is a letter that waits for the post, or that was printed. One that left by e-mail left with its act.
type Letter struct {
	ID         string
	Concession ID
	Person     people.PersonID
	Kind       string // the code of its words
	At         civil.Instant
	Printed    civil.Instant // 0 while it waits for the printer

	told told
}

// Words names what a letter is about.
func (l Letter) Words() lang.Phrase { return lang.Say("concession.letter." + l.Kind + ".name") }

// Sheaf is the letters that were printed together.
type Sheaf struct {
	At      civil.Instant
	Letters int64
}

// Limits of what is printed.
const (
	MaxPrint  = 500 // letters at once
	maxSheafs = 12  // that are told
)

// Said is all that a letter says, and to whom.
type Said struct {
	Letter Letter
	To     payment.Addressee
	Place  string
	House  string
}

// saidIn reads what a letter says, and where its reader is reached today.
func saidIn(r store.Reader, l Letter) (s Said, err error) {
	s.Letter = l
	c, err := ByID(r, l.Concession, places.Now(r))
	if err != nil {
		return s, err
	}
	place, err := places.PlaceByID(r, c.Place, places.Now(r))
	if err != nil {
		return s, err
	}
	s.Place = place.Title
	if s.House, err = houseName(r); err != nil {
		return s, err
	}
	s.To, err = payment.Reach(r, l.Person)
	return s, err
}

// send writes one letter to each reader: by e-mail with the act where an address is known, else to be printed.
func send(tx *store.Tx, c Concession, to []people.PersonID, kind string, t told) error {
	if _, founded, err := people.TheHouse(tx); err != nil || !founded {
		return err
	}
	for _, id := range to {
		l := Letter{Concession: c.ID, Person: id, Kind: kind, told: t}
		s, err := saidIn(tx, l)
		if err != nil {
			return err
		}
		if s.To.Email == "" {
			if err := insertLetter(tx, l); err != nil {
				return err
			}
			continue
		}
		paper, names := s.Paper(false)
		var out bytes.Buffer
		if err := papers.Text(&out, paper, names); err != nil {
			return err
		}
		if err := mail.Enqueue(tx, mail.Letter{To: s.To.Email, Lang: paper.Lang, Subject: paper.Title,
			Text: out.String()}); err != nil {
			return err
		}
	}
	return nil
}

// reader marks in the paper whom it is written to.
const reader = "to"

// Paper is the letter as a tree, in the language of who reads it; byPost: with the address for an envelope.
func (s Said) Paper(byPost bool) (papers.Paper, papers.Names) {
	p := printer(s.To.Language)
	t := s.Letter.told
	values := []any{"place", s.Place, "day", t.Day, "last", t.Last, "first", t.First, "number", t.Number,
		"advice", t.Advice.Words(), "years", t.Years}
	code := "concession.letter." + s.Letter.Kind
	paper := papers.Paper{Kind: papers.Letter, Lang: p.Tag, House: s.House, Title: p.T(code+".subject", values...)}
	put := func(b papers.Block) { paper.Blocks = append(paper.Blocks, b) }
	if byPost {
		to := papers.Address{Lines: []papers.Line{papers.L(papers.Who(reader))}}
		for _, line := range s.To.Lines {
			to.Lines = append(to.Lines, papers.T(line))
		}
		put(to)
	}
	put(papers.Paragraph{Words: papers.T(p.T(code, values...))})
	foot := "concession.letter.foot"
	if byPost {
		foot = "concession.letter.foot.post"
	}
	put(papers.Hint{Words: papers.T(p.T(foot, "place", s.Place))})
	put(papers.Signatures{Items: []papers.Signature{{Role: s.House}}})
	return paper, papers.NameMap{reader: s.To.Name}
}

// LettersToPost are the letters that wait to be printed, the oldest first.
func LettersToPost(r store.Reader) ([]Said, error) { return saidOf(r, qToPost, int64(MaxPrint)) }

// LettersPrinted are the letters that were printed together at a moment, by postcode.
func LettersPrinted(r store.Reader, at civil.Instant) ([]Said, error) {
	list, err := saidOf(r, qPrinted, int64(at))
	slices.SortStableFunc(list, func(a, b Said) int {
		return cmp.Or(strings.Compare(a.To.Postcode, b.To.Postcode), strings.Compare(a.Letter.ID, b.Letter.ID))
	})
	return list, err
}

func saidOf(r store.Reader, q store.Query, arg any) (list []Said, err error) {
	letters, err := store.List(r, q, scanLetter, arg)
	for _, l := range letters {
		s, err := saidIn(r, l)
		if err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, err
}

// CountToPost is how many letters wait to be printed.
func CountToPost(r store.Reader) (int64, error) { return store.One(r, qCountPost, store.Number) }

// Sheaves are the letters that were printed, by the moment, the latest first.
func Sheaves(r store.Reader) ([]Sheaf, error) {
	return store.List(r, qPrintedAts, scanSheaf, int64(maxSheafs))
}

// PrintLetters takes the letters that wait for the post, and gives the moment under which they are found again.
func PrintLetters(tx *store.Tx) (civil.Instant, error) {
	list, err := store.List(tx, qToPost, scanLetter, int64(MaxPrint))
	if err == nil && len(list) == 0 {
		err = fault.Refuse("concession.refusal.no-letters")
	}
	if err != nil {
		return 0, err
	}
	for _, l := range list {
		if _, err := tx.Exec(qPrint, l.ID, int64(tx.Now())); err != nil {
			return 0, err
		}
	}
	tx.Record(store.Line{Args: map[string]any{"n": len(list)}})
	return tx.Now(), nil
}

// PrintPDF draws letters as one file, each from the top of a page.
func PrintPDF(w io.Writer, title string, tag lang.Tag, list []Said) error {
	bundle := papers.NewBundle(title, "", tag, papers.Meta{})
	for _, s := range list {
		paper, names := s.Paper(true)
		if _, err := bundle.Add(paper, names, papers.Digest{}); err != nil {
			return err
		}
	}
	return bundle.Write(w)
}
