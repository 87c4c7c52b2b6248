package payment

import (
	"cmp"
	"io"
	"slices"
	"sync"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/people"
)

// words are this room's own, for papers and letters that are made without a reader at the keyboard.
var words = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(Phrases)
	fault.Must(err == nil, "words of payment: %v", err)
	return book
})

// Demand is all that a letter about a due says.
type Demand struct {
	Due      Due
	Kind     LetterKind
	Place    int         // of the reminder, from 1
	Cents    money.Cents // that it asks for now
	On       Term        // the instalment that waits
	Account  Account
	To       Addressee
	Language lang.Tag
	House    string // as it heads its papers
	Payee    string // its name alone
	Letter   Letter // zero when nothing was sent
}

// marks of the addressee in the tree.
const markName = "name"

// DemandOf is the request for what is left of a due, on the account of today.
func DemandOf(r store.Reader, id DueID, tag lang.Tag) (Demand, error) {
	d, err := DueByID(r, id)
	if err == nil && !d.state.Waits() {
		err = fault.Refuse("payment.refusal.not-open", "number", d.Number, "state", d.state.Words())
	}
	if err != nil {
		return Demand{}, err
	}
	account, found, err := AccountOn(r, r.Today())
	if err == nil && !found {
		err = fault.Refuse("payment.refusal.no-account")
	}
	if err != nil {
		return Demand{}, err
	}
	return demand(r, d, account, Letter{Kind: Request, Cents: d.Left(), Language: tag, On: r.Today()})
}

// demandOfLetter is what a letter said, or says when it leaves.
func demandOfLetter(r store.Reader, l Letter) (Demand, error) {
	d, err := DueByID(r, l.Due)
	if err != nil {
		return Demand{}, err
	}
	all, err := Accounts(r)
	if err != nil {
		return Demand{}, err
	}
	i := slices.IndexFunc(all, func(a Account) bool { return a.ID == l.Account })
	fault.Must(i >= 0, "letter %s asks for payment on no account", l.ID)
	return demand(r, d, all[i], l)
}

func demand(r store.Reader, d Due, account Account, l Letter) (Demand, error) {
	w := Demand{Due: d, Kind: l.Kind, Place: int(l.Place), Cents: l.Cents, On: d.Next(), Account: account,
		Language: l.Language, Letter: l}
	var err error
	if w.To, err = Reach(r, d.Person); err != nil {
		return w, err
	}
	if w.Language == "" {
		w.Language = w.To.Language
	}
	w.House, w.Payee, err = houseOf(r)
	return w, err
}

// houseOf is the cooperative as it heads its papers, and its name alone.
func houseOf(r store.Reader) (head, name string, err error) {
	house, founded, err := people.TheHouse(r)
	if err != nil || !founded {
		return "", "", err
	}
	person, err := people.Get(r, house.Person)
	if err != nil {
		return "", "", err
	}
	head = person.Full()
	history, err := people.Addresses(r, house.Person)
	if at, known := people.AddressOn(history, people.Home, r.Today(), 0); known && at.Town != "" {
		head += ", " + at.Town
	}
	return head, person.Full(), err
}

// Names are those whom the paper names.
func (w Demand) Names() papers.Names { return papers.NameMap{markName: w.To.Name} }

// Code is the text of the payment code.
func (w Demand) Code() string {
	return EPC(w.Account.Beneficiary, string(w.Account.IBAN), w.Account.BIC, w.Cents, w.Due.OGM.String())
}

// Paper is the letter as a tree. Nobody is asked twice for what was paid meanwhile: the sum is that of the letter.
func (w Demand) Paper() papers.Paper {
	p := words().In(w.Language)
	code := "payment.paper." + string(w.Kind)
	out := papers.Paper{Kind: papers.Letter, Lang: w.Language, House: w.House,
		Title: p.T(code+".title", "number", w.Due.Number, "place", w.Place)}
	if len(w.To.Lines) > 0 {
		to := papers.Address{Lines: []papers.Line{{papers.Who(markName)}}}
		for _, line := range w.To.Lines {
			to.Lines = append(to.Lines, papers.T(line))
		}
		out.Blocks = append(out.Blocks, to)
	}
	out.Blocks = append(out.Blocks,
		papers.Paragraph{Words: papers.L(p.T("payment.paper.greeting"), " ", papers.Who(markName), ",")},
		papers.Paragraph{Words: papers.T(p.T(code+w.asks(), "house", w.Payee, "label", w.Due.Label, "asked", w.Due.AskedOn,
			"until", w.On.DueOn, "first", w.On.Cents, "amount", w.Cents))},
		w.facts(p))
	if code := w.Code(); w.Cents > 0 {
		out.Blocks = append(out.Blocks, papers.QR{Text: code, Words: papers.T(p.T("payment.paper.scan"))})
	}
	if len(w.Due.Terms) > 1 {
		out.Blocks = append(out.Blocks, papers.Heading{Level: 2, Words: papers.T(p.T("payment.paper.terms"))}, w.terms(p))
	}
	out.Blocks = append(out.Blocks, papers.Hint{Words: papers.T(p.T("payment.paper.hint"))})
	return out
}

// asks names the sentence: a request whose sum falls due on several days names the first of them.
func (w Demand) asks() string {
	if w.inParts() {
		return ".first"
	}
	return ".text"
}

func (w Demand) inParts() bool { return w.Kind == Request && w.Cents > w.On.Cents }

func (w Demand) facts(p *lang.Printer) papers.Facts {
	fact := func(code string, line papers.Line) papers.Fact {
		return papers.Fact{Term: p.T("payment.paper." + code), Words: line}
	}
	f := papers.Facts{Items: []papers.Fact{fact("amount", papers.L(papers.B(p.Money(w.Cents))))}}
	if !w.inParts() {
		f.Items = append(f.Items, fact("until", papers.T(p.Date(w.On.DueOn))))
	}
	f.Items = append(f.Items, fact("beneficiary", papers.T(w.Account.Beneficiary)),
		fact("iban", papers.L(papers.Mono(w.Account.IBAN.String()))))
	if w.Account.BIC != "" {
		f.Items = append(f.Items, fact("bic", papers.L(papers.Mono(w.Account.BIC))))
	}
	f.Items = append(f.Items, fact("communication", papers.L(papers.Mono(w.Due.OGM.String()))))
	if received := w.Due.received; received > 0 {
		f.Items = append(f.Items, fact("received", papers.T(p.T("payment.paper.received-of", "received", received,
			"whole", w.Due.Cents))))
	}
	return f
}

func (w Demand) terms(p *lang.Printer) papers.Table {
	t := papers.Table{Columns: []papers.Column{{Head: papers.T(p.T("payment.paper.until")), Row: true},
		{Head: papers.T(p.T("payment.paper.amount")), Align: papers.Right}}}
	for _, term := range w.Due.Terms {
		t.Rows = append(t.Rows, papers.Row{papers.T(p.Date(term.DueOn)), papers.T(p.Money(term.Cents))})
	}
	t.Totals = []papers.Row{{papers.T(p.T("payment.paper.whole")), papers.T(p.Money(w.Due.Cents))}}
	return t
}

// PDF draws the letter.
func (w Demand) PDF(out io.Writer) error { return papers.PDF(out, w.Paper(), w.Names(), papers.Meta{}) }

// Batch is letters that are printed together.
type Batch struct {
	ID      BatchID
	Number  int64
	Letters int64
	At      civil.Instant
	By      people.PersonID
}

// MaxBatch is how many letters one PDF holds.
const MaxBatch = 500

// PrintBatch gathers the letters that wait for the post.
func PrintBatch(tx *store.Tx) (BatchID, error) {
	waiting, err := store.List(tx, qToPrint, scanLetter, int64(MaxBatch))
	if err == nil && len(waiting) == 0 {
		err = fault.Refuse("payment.refusal.nothing-to-print")
	}
	if err != nil {
		return "", err
	}
	number, err := tx.Next("payment.batch")
	if err != nil {
		return "", err
	}
	id := BatchID(tx.ID())
	if _, err := tx.Exec(qAddBatch, string(id), number, int64(len(waiting)), int64(tx.Now()), tx.Actor()); err != nil {
		return "", err
	}
	for _, l := range waiting {
		if _, err := tx.Exec(qPrinted, string(l.ID), string(id)); err != nil {
			return "", err
		}
	}
	tx.Answer(string(id))
	tx.Record(store.Line{Args: map[string]any{"number": number, "n": len(waiting)}})
	return id, nil
}

// ToPrint counts the letters that wait for the post.
func ToPrint(r store.Reader) (int, error) {
	waiting, err := store.List(r, qToPrint, scanLetter, int64(MaxBatch))
	return len(waiting), err
}

// Batches are the batches, the latest first.
func Batches(r store.Reader) ([]Batch, error) { return store.List(r, qBatches, scanBatch) }

func scanBatch(row store.Row) (b Batch, err error) {
	return b, row.Scan(&b.ID, &b.Number, &b.Letters, &b.At, &b.By)
}

// DemandsIn are the letters of a batch, by postcode and name as the post wants them.
func DemandsIn(r store.Reader, id BatchID) (list []Demand, err error) {
	if _, found, err := store.Find(r, qBatch, scanBatch, string(id)); err != nil || !found {
		if err == nil {
			err = fault.Refuse("payment.refusal.unknown-batch")
		}
		return nil, err
	}
	letters, err := store.List(r, qInBatch, scanLetter, string(id))
	if err != nil {
		return nil, err
	}
	for _, l := range letters {
		w, err := demandOfLetter(r, l)
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	slices.SortStableFunc(list, func(a, b Demand) int {
		return cmp.Or(cmp.Compare(a.To.Postcode, b.To.Postcode), cmp.Compare(fold.Sort(a.To.Name), fold.Sort(b.To.Name)))
	})
	return list, nil
}

// PrintPDF draws many letters as one file, each from the top of a page.
func PrintPDF(out io.Writer, title string, tag lang.Tag, list []Demand) error {
	bundle := papers.NewBundle(title, "", tag, papers.Meta{})
	for _, w := range list {
		if _, err := bundle.Add(w.Paper(), w.Names(), papers.Digest{}); err != nil {
			return err
		}
	}
	return bundle.Write(out)
}
