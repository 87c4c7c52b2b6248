package payment

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/people"
)

// File is a bank's file that was read.
type File struct {
	ID     FileID
	Name   string
	Hash   string // SHA-256 of its content
	Bank   string // whose layout it has; empty for another table
	Lines  int64  // movements in it
	Taken  int64  // that became receipts
	Posted int64  // of these, by their exact communication
	Cents  money.Cents
	At     civil.Instant
	By     people.PersonID
}

// Fate is what becomes of a line of a file.
type Fate string

// The fates.
const (
	Posts    Fate = "posts"    // an exact communication: it pays its due by itself
	Waits    Fate = "waits"    // it becomes a receipt, for a person to confirm
	Again    Fate = "again"    // the same movement was read before
	Doubtful Fate = "doubtful" // a receipt written by hand looks like the same payment
	Leaves   Fate = "leaves"   // money that left the account
)

// Fates lists them in the order of screens.
var Fates = []Fate{Posts, Waits, Doubtful, Again, Leaves}

// Words names the fate.
func (f Fate) Words() lang.Phrase { return lang.Say("payment.fate." + string(f)) }

// Planned is a line with what would become of it, and why.
type Planned struct {
	Line        Line
	Fate        Fate
	Suggestions []Suggestion
	First       *Receipt // of Again and Doubtful: the receipt that is there
}

// Plan is what a file would do.
type Plan struct {
	Lines []Planned
	Count map[Fate]int64
	Cents map[Fate]money.Cents
}

// HashOf is the print by which a file is known again.
func HashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// RefuseAgain refuses a file that was read before, saying when and by whom.
func RefuseAgain(r store.Reader, hash string) error {
	f, found, err := store.Find(r, qFileByHash, scanFile, hash)
	if err != nil || !found {
		return err
	}
	by, err := nameOf(r, f.By)
	if err != nil {
		return err
	}
	return fault.Refuse("payment.refusal.same-file", "day", f.At.On(r.Zone()), "by", by, "n", f.Taken).At("file")
}

// Rehearse says what the lines of a file would do today, and writes nothing.
func Rehearse(r store.Reader, lines []Line) (p Plan, err error) {
	p = Plan{Count: map[Fate]int64{}, Cents: map[Fate]money.Cents{}}
	if len(lines) == 0 {
		return p, nil
	}
	first, last := lines[0].On, lines[0].On
	for _, l := range lines {
		if l.On.Before(first) {
			first = l.On
		}
		if l.On.After(last) {
			last = l.On
		}
	}
	read, err := store.List(r, qReferences, scanReceipt, first, last)
	if err != nil {
		return p, err
	}
	known := map[string]*Receipt{}
	for _, got := range read {
		known[got.Reference] = &got
	}
	hand, err := store.List(r, qHandBetween, scanReceipt, first.AddDays(-twinDays), last.AddDays(twinDays))
	if err != nil {
		return p, err
	}
	byCents := map[money.Cents][]*Receipt{}
	for _, got := range hand {
		byCents[got.Cents], known[got.Reference] = append(byCents[got.Cents], &got), &got
	}
	m, err := MatcherOf(r)
	if err != nil {
		return p, err
	}
	paid := map[DueID]money.Cents{}
	for _, l := range lines {
		one := planned(l, known, byCents, m)
		one.after(paid)
		p.Lines = append(p.Lines, one)
		p.Count[one.Fate]++
		p.Cents[one.Fate] += l.Cents
	}
	return p, nil
}

func planned(l Line, known map[string]*Receipt, byCents map[money.Cents][]*Receipt, m *Matcher) Planned {
	one := Planned{Line: l, Fate: Waits}
	if l.Cents <= 0 {
		one.Fate = Leaves
		return one
	}
	if first := known[l.Reference]; first != nil {
		one.Fate, one.First = Again, first
		return one
	}
	for i, got := range byCents[l.Cents] {
		if twin(l.receipt(), *got) {
			one.Fate, one.First = Doubtful, got
			byCents[l.Cents] = append(byCents[l.Cents][:i:i], byCents[l.Cents][i+1:]...) // each stands for one line
			break
		}
	}
	one.Suggestions = m.Match(l)
	if one.Fate == Waits && len(one.Suggestions) == 1 && one.Suggestions[0].Level == Exact {
		one.Fate = Posts
	}
	return one
}

// after looks at what the lines before have paid: of two lines with one communication, the second pays what the first
// leaves, or waits for a person.
func (one *Planned) after(paid map[DueID]money.Cents) {
	if one.Fate != Posts {
		return
	}
	exact := &one.Suggestions[0]
	part := &exact.Parts[0]
	left := exact.left - paid[part.Due]
	if left <= 0 {
		one.Fate = Waits
		one.Suggestions = []Suggestion{{Reasons: []lang.Phrase{lang.Say("payment.why.closed",
			"ogm", one.Line.OGMs()[0].String())}}}
		return
	}
	part.Cents = min(left, one.Line.Cents)
	paid[part.Due] += part.Cents
}

// receipt is the line as it would be written.
func (l Line) receipt() Receipt {
	return Receipt{On: l.On, Cents: l.Cents, Way: ByBank, Payer: l.Payer, IBAN: l.IBAN, Message: l.Message,
		Reference: l.Reference, Line: int64(l.Row)}
}

// Taking is a file with what somebody decided about it.
type Taking struct {
	Name, Hash, Bank string
	Lines            []Line
	Mapping          *sheets.Mapping  // kept for the next file with the same head
	Doubtful         map[int]bool     // rows that are taken although a receipt by hand looks alike
	Progress         func(done int64) // told now and then; may be nil
}

// TakeIn reads a file: its lines become receipts, and those with an exact communication pay their due. All of it, or
// nothing. What would become of the lines is looked at again: another clerk may have been faster.
func TakeIn(tx *store.Tx, t Taking) (FileID, error) {
	if err := RefuseAgain(tx, t.Hash); err != nil {
		return "", err
	}
	p, err := Rehearse(tx, t.Lines)
	if err != nil {
		return "", err
	}
	f := File{ID: FileID(tx.ID()), Name: t.Name, Hash: t.Hash, Bank: t.Bank, Lines: int64(len(p.Lines)), At: tx.Now(),
		By: people.PersonID(tx.Actor())}
	for _, one := range p.Lines {
		if t.takes(one) {
			f.Taken++
			f.Cents += one.Line.Cents
		}
		if one.Fate == Posts {
			f.Posted++
		}
	}
	if t.Mapping != nil {
		if err := keepLayout(tx, *t.Mapping); err != nil {
			return "", err
		}
	}
	if err := t.write(tx, f, p); err != nil {
		return "", err
	}
	tx.Answer(string(f.ID))
	tx.Record(store.Line{About: []store.Ref{f.ID.Ref()}, Args: map[string]any{"n": f.Taken, "posted": f.Posted,
		"taken_cents": int64(f.Cents)}})
	return f.ID, nil
}

// takes says whether a line becomes a receipt.
func (t Taking) takes(one Planned) bool {
	return one.Fate == Posts || one.Fate == Waits || one.Fate == Doubtful && t.Doubtful[one.Line.Row]
}

// write makes the receipts of a file, and pays the dues of those that post.
func (t Taking) write(tx *store.Tx, f File, p Plan) error {
	if err := insertFile(tx, f); err != nil {
		return err
	}
	return tx.Quietly(func() error {
		for i, one := range p.Lines {
			if t.Progress != nil && i%progressStep == 0 {
				t.Progress(int64(i))
			}
			if !t.takes(one) {
				continue
			}
			r := one.Line.receipt()
			r.File = f.ID
			r, err := write(tx, r)
			if err != nil {
				return err
			}
			if one.Fate != Posts {
				continue
			}
			exact := one.Suggestions[0]
			if err := allocate(tx, &r, exact.Parts, exact.Reasons); err != nil {
				return err
			}
		}
		return nil
	})
}

// progressStep is how many lines are written between two words about it.
const progressStep = 100

// MatcherOf prepares the search among all dues.
func MatcherOf(r store.Reader) (*Matcher, error) {
	list, err := store.List(r, qPayables, func(row store.Row) (p Payable, err error) {
		var cents, received money.Cents
		var state State
		err = row.Scan(&p.ID, &p.OGM, &p.Person, &p.About.Kind, &p.About.ID, &cents, &received, &state, &p.Next)
		if p.Cancelled = state == Cancelled; err == nil && state.Waits() {
			p.Left = cents - received
		}
		return p, err
	})
	if err != nil {
		return nil, err
	}
	var ids []people.PersonID
	for _, p := range list {
		if p.Left > 0 {
			ids = append(ids, p.Person)
		}
	}
	names, err := people.Names(r, ids)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Name = names[list[i].Person].Full()
	}
	known := map[IBAN][]people.PersonID{}
	err = store.Each(r, qPaidFrom, func(row store.Row) error {
		var iban IBAN
		var person people.PersonID
		err := row.Scan(&iban, &person)
		known[iban] = append(known[iban], person)
		return err
	})
	return NewMatcher(list, known), err
}

// Suggest says which dues a receipt may pay with what is free of it.
func Suggest(r store.Reader, m *Matcher, got Receipt) []Suggestion {
	l := got.asLine()
	l.Cents = got.free
	return m.Match(l)
}

// uploadLife is how long a file waits for its next step.
const uploadLife = 24 * time.Hour

// Upload is a bank's file that waits for its next step.
type Upload struct {
	ID, Name string
	Content  []byte
}

// KeepUpload keeps a file for a day and forgets older ones. It is no act: call it in [store.DB.Touch].
func KeepUpload(tx *store.Tx, person people.PersonID, name string, content []byte) (string, error) {
	fault.Must(len(content) <= MaxFile, "an upload of %d bytes", len(content))
	if _, err := tx.Exec(qForgetUploads, int64(civil.At(tx.Now().Time().Add(-uploadLife)))); err != nil {
		return "", err
	}
	id := tx.ID()
	_, err := tx.Exec(qKeepUpload, id, name, string(person), int64(tx.Now()), content)
	return id, err
}

// UploadOf finds a file that this person sent; it is refused when it is gone, or somebody else's.
func UploadOf(r store.Reader, id string, person people.PersonID) (Upload, error) {
	u, found, err := store.Find(r, qUpload, func(row store.Row) (u Upload, err error) {
		return u, row.Scan(&u.ID, &u.Name, &u.Content)
	}, id, string(person))
	if err == nil && !found {
		err = fault.Refuse("payment.refusal.upload-gone")
	}
	return u, err
}

// DropUpload forgets a file.
func DropUpload(tx *store.Tx, id string) error {
	_, err := tx.Exec(qDropUpload, id)
	return err
}
