package convening

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strconv"
	"strings"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
)

// MaxBatch is how many letters one PDF holds; more make a second batch.
const MaxBatch = 500

// Batch is the letters that are printed and handed to the post together.
type Batch struct {
	ID       BatchID
	Dispatch DispatchID
	Number   int64 // from 1 in the dispatch
	At       civil.Instant
	By       people.PersonID
	Letters  int64
	Hash     string          // SHA-256 over the hashes of its letters, in their order
	PostedOn civil.Date      // zero until then
	PostedBy people.PersonID // who said that it was handed over
	PostedAt civil.Instant
}

// Gather makes a batch of the letters of a dispatch that wait to be printed, sorted by postcode. It is refused while
// letters are still being made, and when none waits.
func Gather(tx *store.Tx, id DispatchID) (BatchID, error) {
	d, found, err := ByID(tx, id)
	switch {
	case err != nil:
		return "", err
	case !found:
		return "", fault.Refuse("convening.refusal.unknown-dispatch")
	case d.StagedAt == 0:
		return "", fault.Refuse("convening.refusal.staging")
	}
	waiting, err := store.List(tx, qUnprinted, scanLetter, string(id), int64(MaxBatch))
	if err != nil {
		return "", err
	}
	if len(waiting) == 0 {
		return "", fault.Refuse("convening.refusal.nothing-to-print")
	}
	number, err := store.One(tx, qNextBatch, store.Number, string(id))
	if err != nil {
		return "", err
	}
	b := Batch{ID: BatchID(tx.ID()), Dispatch: id, Number: number, At: tx.Now(), By: people.PersonID(tx.Actor()),
		Letters: int64(len(waiting)), Hash: hashOf(waiting)}
	if err := insertBatch(tx, b, waiting); err != nil {
		return "", err
	}
	tx.Answer(string(b.ID))
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), id.Ref(), b.ID.Ref()},
		Args: map[string]any{"number": b.Number, "n": b.Letters}})
	return b.ID, nil
}

// hashOf binds a batch to its letters and their order.
func hashOf(letters []Letter) string {
	h := sha256.New()
	for _, l := range letters {
		io.WriteString(h, l.Hash+"\n")
	}
	return hex.EncodeToString(h.Sum(nil))
}

// HandOver notes that a batch was handed to the post, on which day; by whom is who acts.
func HandOver(tx *store.Tx, id BatchID, on civil.Date) error {
	b, found, err := store.Find(tx, qBatch, scanBatch, string(id))
	if err != nil {
		return err
	}
	var rs fault.Refusals
	switch {
	case !found:
		return fault.Refuse("convening.refusal.unknown-batch")
	case !b.PostedOn.IsZero():
		return fault.Refuse("convening.refusal.posted", "day", b.PostedOn)
	case !on.IsDay() || on.After(tx.Today()) || on.Before(b.At.On(tx.Zone())):
		rs = append(rs, fault.Refuse("convening.refusal.post-day", "made", b.At.On(tx.Zone())).At("on"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	d, _, err := ByID(tx, b.Dispatch)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{d.Meeting.Ref(), d.ID.Ref(), id.Ref()},
		Args: map[string]any{"number": b.Number, "n": b.Letters, "posted_on": on.String()}})
	_, err = tx.Exec(qPosted, string(id), on, tx.Actor(), int64(tx.Now()))
	return err
}

// Print is a batch ready to be drawn.
type Print struct {
	Batch    Batch
	BothSide bool // printed on both sides of the sheet: each letter begins on a front

	annexes Annexes
	sheaf   sheaf
	letters []Letter
	zone    *time.Location
}

// PrintOf reads a batch with its letters, in their order, and the papers that follow them. A paper that cannot be
// printed is refused by its title.
func PrintOf(r store.Reader, id BatchID) (p Print, err error) {
	b, found, err := store.Find(r, qBatch, scanBatch, string(id))
	if err == nil && !found {
		err = fault.Refuse("convening.refusal.unknown-batch")
	}
	if err != nil {
		return p, err
	}
	p.Batch, p.zone = b, r.Zone()
	if p.sheaf, err = sheafOf(r, b.Dispatch); err != nil {
		return p, err
	}
	if p.annexes, err = AnnexesOf(r, p.sheaf.Dispatch); err != nil {
		return p, err
	}
	p.letters, err = store.List(r, qBatchLetters, scanLetter, string(id))
	return p, err
}

// Write draws the batch: a cover sheet in the language of the house, then each letter on its own pages, and behind each
// the papers where the letters hold them. It is drawn twice, because the cover counts the pages.
func (p Print) Write(w io.Writer, pr *lang.Printer, tag lang.Tag, meta papers.Meta) error {
	_, pages, err := p.draw(pr, tag, meta, 0)
	if err != nil {
		return err
	}
	bundle, _, err := p.draw(pr, tag, meta, pages)
	if err != nil {
		return err
	}
	return bundle.Write(w)
}

func (p Print) draw(pr *lang.Printer, tag lang.Tag, meta papers.Meta, pages int) (*papers.Bundle, int, error) {
	cover := p.cover(pr, tag, pages)
	bundle := papers.NewBundle(cover.Title, cover.House, tag, meta)
	bundle.Annexes, bundle.BothSide = p.annexes.list, p.BothSide
	if _, err := bundle.Add(cover, papers.NameMap{}, papers.Digest{}); err != nil {
		return nil, 0, err
	}
	all := 0
	for _, l := range p.letters {
		tree, names := p.sheaf.tree(l)
		n, err := bundle.Add(tree, names, hexOf(l.Hash))
		if err != nil {
			return nil, 0, err
		}
		bundle.Enclose()
		all += n + p.annexes.Pages()
	}
	return bundle, all, nil
}

// cover says what is in the bundle: letters, pages, how many for each postcode, and the hash that binds them.
func (p Print) cover(pr *lang.Printer, tag lang.Tag, pages int) papers.Paper {
	text := p.sheaf.texts[tag]
	fact := func(code, words string) papers.Fact {
		return papers.Fact{Term: pr.T("convening.cover." + code), Words: papers.T(words)}
	}
	table := papers.Table{Columns: []papers.Column{{Head: papers.T(pr.T("convening.cover.postcode")), Row: true},
		{Head: papers.T(pr.T("convening.cover.letters")), Align: papers.Right}}}
	for _, c := range countCodes(p.letters) {
		code := c.code
		if code == "" {
			code = pr.T("convening.cover.no-code")
		}
		table.Rows = append(table.Rows, papers.Row{papers.T(code), papers.T(strconv.FormatInt(c.n, 10))})
	}
	table.Totals = []papers.Row{{papers.T(pr.T("convening.cover.total")),
		papers.T(strconv.FormatInt(int64(len(p.letters)), 10))}}
	return papers.Paper{Kind: papers.Report, Lang: tag, House: text.House,
		Title: pr.T("convening.cover.title", "number", p.Batch.Number), Blocks: papers.Blocks{
			papers.Paragraph{Words: papers.T(text.Title)},
			papers.Facts{Items: []papers.Fact{fact("made", pr.Date(p.Batch.At.On(p.zone))),
				fact("letters", pr.Count(p.Batch.Letters)), fact("pages", pr.Count(int64(pages))),
				{Term: pr.T("convening.cover.hash"), Words: papers.L(papers.Mono(hexOf(p.Batch.Hash).Grouped()))}}},
			table, p.inside(pr),
			papers.Hint{Words: papers.T(pr.T("convening.cover.fold") + " " + pr.T("convening.cover."+p.sides()))},
			papers.Signatures{Items: []papers.Signature{{Role: pr.T("convening.cover.handed")}}}}}
}

// sides says how the batch is to be printed.
func (p Print) sides() string {
	if p.BothSide {
		return "both-sides"
	}
	return "one-side"
}

// inside lists the papers that follow each letter.
func (p Print) inside(pr *lang.Printer) papers.Block {
	if len(p.annexes.list) == 0 {
		return papers.Paragraph{Words: papers.T(pr.T("convening.cover.no-annex"))}
	}
	var items []papers.Line
	for _, a := range p.annexes.list {
		items = append(items, papers.T(pr.T("convening.cover.annex", "title", a.Title, "n", a.Pages)))
	}
	return papers.Proof{Head: pr.T("convening.cover.annexes"), Blocks: papers.Blocks{papers.List{Items: items}}}
}

// codeCount is how many letters go to one postcode.
type codeCount struct {
	code string
	n    int64
}

// countCodes counts the letters of each postcode; they stand in the order of postcodes.
func countCodes(letters []Letter) (list []codeCount) {
	for _, l := range letters {
		code, _, _ := strings.Cut(l.sort, "|")
		code = strings.TrimPrefix(code, "~")
		if n := len(list); n > 0 && list[n-1].code == code {
			list[n-1].n++
			continue
		}
		list = append(list, codeCount{code, 1})
	}
	return list
}
