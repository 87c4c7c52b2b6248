package leaving

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// Heir is somebody to whom a part of what the dead person left goes.
type Heir struct {
	ID       HeirID
	Exit     ExitID
	Person   people.PersonID
	A, B     int64 // the part is A/B
	Guardian people.PersonID
	IBAN     payment.IBAN
	Credit   payment.CreditID
	Dropped  civil.Instant // 0 while the heir stands in the file
	Author   people.PersonID
	At       civil.Instant

	salt    []byte
	promise []byte
}

// canonical is what is sealed of an heir. The account stands in it by a promise, so that it can be erased.
func (h Heir) canonical() []byte {
	promise := promised(h.salt, string(h.IBAN), h.promise)
	h.IBAN, h.Credit, h.Dropped = "", "", 0
	return encode(struct {
		Heir
		Promise []byte
	}{h, promise})
}

// PaperKind is a paper that the file of the heirs needs.
type PaperKind string

// The papers: two for the file, one for each heir, one more for each guardian.
const (
	DeathPaper    PaperKind = "death"    // the certificate of death
	HeirsPaper    PaperKind = "heirs"    // the certificate of inheritance: who inherits, for which part
	IdentityPaper PaperKind = "identity" // of the heir, or of their guardian
	GuardianPaper PaperKind = "guardian" // why the guardian acts
)

// Words names the paper.
func (k PaperKind) Words() lang.Phrase { return lang.Say("leaving.paper." + string(k)) }

// ofFile says that the paper is wanted once, not for each heir.
func (k PaperKind) ofFile() bool { return k == DeathPaper || k == HeirsPaper }

// Paper is a paper that arrived, or was shown.
type Paper struct {
	ID         string
	Exit       ExitID
	Kind       PaperKind
	Heir       HeirID
	Document   string // id; empty when it was only shown
	ReceivedOn civil.Date
	Dropped    civil.Instant
	At         civil.Instant
}

func (p Paper) canonical() []byte { p.Dropped = 0; return encode(p) }

// File is all that is known of the heirs of who died.
type File struct {
	Exit    Exit
	Heirs   []Heir
	Papers  []Paper
	Missing fault.Refusals // why nothing is paid yet; each says what lacks, and for whom
	Shared  bool           // the money was divided: the file is closed
}

// Limits of a file.
const (
	MaxHeirs = 100
	MaxPart  = 1_000_000 // of the denominators
	majority = 18        // years of age
)

// FileOf reads the file of the heirs, and what it lacks.
func FileOf(r store.Reader, id ExitID) (f File, err error) {
	if f.Exit, err = Get(r, id); err != nil {
		return f, err
	}
	if f.Heirs, err = heirsOf(r, id); err != nil {
		return f, err
	}
	if f.Papers, err = papersOf(r, id); err != nil {
		return f, err
	}
	f.Shared = slices.ContainsFunc(f.Heirs, func(h Heir) bool { return h.Credit != "" })
	f.Missing, err = f.missing(r)
	return f, err
}

// Heir finds one of the file; an unknown one is refused.
func (f File) Heir(id HeirID) (Heir, error) {
	i := slices.IndexFunc(f.Heirs, func(h Heir) bool { return h.ID == id })
	if i < 0 {
		return Heir{}, fault.Refuse("leaving.refusal.no-heir").At("heir")
	}
	return f.Heirs[i], nil
}

// Has says whether a paper is there.
func (f File) Has(kind PaperKind, heir HeirID) bool {
	return slices.ContainsFunc(f.Papers, func(p Paper) bool { return p.Kind == kind && p.Heir == heir })
}

func (f File) missing(r store.Reader) (rs fault.Refusals, err error) {
	lacks := func(code string, kv ...any) {
		rs = append(rs, fault.Refuse("leaving.missing."+code, kv...).By(Death.Article()))
	}
	for _, kind := range []PaperKind{DeathPaper, HeirsPaper} {
		if !f.Has(kind, "") {
			lacks(string(kind))
		}
	}
	if len(f.Heirs) == 0 {
		lacks("nobody")
		return rs, nil
	}
	if a, b := sumOfParts(f.Heirs); a != b {
		lacks("parts", "a", a, "b", b)
	}
	for _, h := range f.Heirs {
		who, err := people.Standing(r, h.Person)
		if err != nil {
			return nil, err
		}
		if !f.Has(IdentityPaper, h.ID) {
			lacks("identity", "who", who)
		}
		if !h.IBAN.Right() {
			lacks("iban", "who", who)
		}
		minor := Minor(who, r.Today())
		if minor && h.Guardian == "" {
			lacks("guardian", "who", who)
		}
		if h.Guardian != "" && !f.Has(GuardianPaper, h.ID) {
			lacks("guardian-paper", "who", who)
		}
	}
	return rs, nil
}

// Minor says whether a person is under age on a day, as far as the birth is known.
func Minor(who people.Person, day civil.Date) bool {
	return who.Kind == people.Natural && !who.Birth.IsZero() && who.Birth.Last().AddYears(majority).After(day)
}

// maxWhole bounds the common denominator of all parts: what grows beyond it is no certificate of inheritance.
const maxWhole = 1_000_000_000

// whole is the common denominator of the parts; 0 when it grows beyond bounds.
func whole(list []Heir) int64 {
	var n int64 = 1
	for _, h := range list {
		if n *= h.B / divisor(n, h.B); n > maxWhole {
			return 0
		}
	}
	return n
}

// sumOfParts is the sum of the heirs' parts as one fraction in lowest terms; 0 of 1 when it cannot be written.
func sumOfParts(list []Heir) (a, b int64) {
	if b = whole(list); b == 0 {
		return 0, 1
	}
	for _, h := range list {
		a += h.A * (b / h.B)
	}
	d := divisor(a, b)
	return a / d, b / d
}

func divisor(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(1, a)
}

// weights are the parts over one denominator, to divide an amount by.
func weights(list []Heir) []int64 {
	parts, n := make([]int64, len(list)), whole(list)
	for i, h := range list {
		parts[i] = h.A * (n / h.B)
	}
	return parts
}

// openFile reads a file that may still change.
func openFile(r store.Reader, id ExitID) (File, error) {
	f, err := FileOf(r, id)
	switch {
	case err != nil:
		return f, err
	case f.Exit.Cause != Death:
		return f, f.Exit.refuse("leaving.refusal.not-dead")
	case f.Shared || f.Exit.State.Ended():
		return f, f.Exit.refuse("leaving.refusal.file-closed")
	}
	return f, nil
}

// AddHeir writes an heir into the file. A minor has a guardian, to whom is written and whose title is among the papers.
func AddHeir(tx *store.Tx, h Heir) (HeirID, error) {
	f, err := openFile(tx, h.Exit)
	if err != nil {
		return "", err
	}
	who, err := people.Standing(tx, h.Person)
	if err != nil {
		return "", err
	}
	c, err := register.CooperatorNumbered(tx, f.Exit.Cooperator)
	if err != nil {
		return "", err
	}
	var rs fault.Refusals
	switch {
	case h.Person == c.Person:
		rs = append(rs, fault.Refuse("leaving.refusal.own-heir").At("heir"))
	case slices.ContainsFunc(f.Heirs, func(o Heir) bool { return o.Person == h.Person }):
		rs = append(rs, fault.Refuse("leaving.refusal.heir-twice").At("heir"))
	case len(f.Heirs) >= MaxHeirs:
		rs = append(rs, fault.Refuse("leaving.refusal.too-many-heirs", "limit", MaxHeirs).At("heir"))
	}
	if h.A < 1 || h.B < h.A || h.B > MaxPart {
		rs = append(rs, fault.Refuse("leaving.refusal.part", "limit", MaxPart).At("part"))
	} else if a, b := sumOfParts(append(slices.Clone(f.Heirs), h)); a > b || a == 0 {
		rs = append(rs, fault.Refuse("leaving.refusal.parts", "a", a, "b", b).At("part"))
	}
	if Minor(who, tx.Today()) && h.Guardian == "" {
		rs = append(rs, fault.Refuse("leaving.refusal.minor", "birth", who.Birth).By("CC 5.41").At("guardian"))
	}
	if h.Guardian != "" {
		guardian, err := people.Standing(tx, h.Guardian)
		if err != nil {
			return "", err
		}
		if h.Guardian == h.Person || Minor(guardian, tx.Today()) {
			rs = append(rs, fault.Refuse("leaving.refusal.guardian").At("guardian"))
		}
	}
	if h.IBAN != "" && !h.IBAN.Right() {
		rs = append(rs, fault.Refuse("leaving.refusal.iban").At("iban"))
	}
	if rs.Err() != nil {
		return "", rs
	}
	salt := tx.Salt()
	h.ID, h.At, h.Author = HeirID(tx.ID()), tx.Now(), people.PersonID(tx.Actor())
	h.salt, h.promise = salt[:], promised(salt[:], string(h.IBAN), nil)
	if err := insertHeir(tx, h); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{h.Exit.Ref(), h.Person.Ref()},
		Args: map[string]any{"number": f.Exit.Number, "a": h.A, "b": h.B}})
	tx.Answer(string(h.ID))
	return h.ID, tx.Seal("exit-heir", string(h.ID), h.canonical())
}

// DropHeir takes an heir out of the file: a mistake, another part, another account. Their papers go with them.
func DropHeir(tx *store.Tx, exit ExitID, id HeirID) error {
	f, err := openFile(tx, exit)
	if err != nil {
		return err
	}
	h, err := f.Heir(id)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{exit.Ref(), h.Person.Ref()}, Args: map[string]any{"number": f.Exit.Number}})
	return dropHeir(tx, id)
}

// TakePaper notes that a paper of the file arrived, or was shown.
func TakePaper(tx *store.Tx, p Paper) error {
	f, err := openFile(tx, p.Exit)
	if err != nil {
		return err
	}
	switch p.Kind {
	case DeathPaper, HeirsPaper, IdentityPaper, GuardianPaper:
	default:
		return fault.Refuse("leaving.refusal.paper").At("paper")
	}
	if p.Kind.ofFile() {
		p.Heir = ""
	} else if _, err := f.Heir(p.Heir); err != nil {
		return err
	}
	if !p.ReceivedOn.IsDay() || p.ReceivedOn.After(tx.Today()) {
		return fault.Refuse("leaving.refusal.day").At("received-on")
	}
	if p.Document != "" {
		if _, found, err := documents.Find(tx, p.Document); err != nil || !found {
			if err == nil {
				err = fault.Refuse("leaving.refusal.document").At("scan")
			}
			return err
		}
	}
	p.ID, p.At = tx.ID(), tx.Now()
	if err := insertPaper(tx, p); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Exit.Ref()},
		Args: map[string]any{"number": f.Exit.Number, "paper": p.Kind.Words()}})
	return tx.Seal("exit-paper", p.ID, p.canonical())
}

// Divide is what each heir gets of an amount, in the order of the file, to the cent: [money.Split] gives the cents that
// do not divide to the greatest remainders.
func (f File) Divide(cents money.Cents) []money.Cents {
	if len(f.Heirs) == 0 {
		return nil
	}
	return money.Split(cents, weights(f.Heirs))
}

// ShareOut owes each heir their part of what the exit is worth. It is refused while the file lacks anything, naming all
// that it lacks. From then on the file does not change.
func ShareOut(tx *store.Tx, id ExitID) error {
	f, err := openFile(tx, id)
	if err != nil {
		return err
	}
	if f.Exit.State != Owed {
		return f.Exit.refuse("leaving.refusal.not-owed")
	}
	if len(f.Missing) > 0 {
		return f.Missing
	}
	steps, err := Steps(tx, id)
	if err != nil {
		return err
	}
	from := steps[len(steps)-1].Day
	for i, cents := range f.Divide(f.Exit.Cents) {
		if cents == 0 {
			continue
		}
		credit, err := f.Exit.oweTo(tx, f.Heirs[i].Person, cents, from, f.Exit.PayBy)
		if err != nil {
			return err
		}
		if err := creditHeir(tx, f.Heirs[i].ID, credit); err != nil {
			return err
		}
	}
	return f.Exit.record(tx, map[string]any{"n": len(f.Heirs), "owed_cents": int64(f.Exit.Cents)})
}
