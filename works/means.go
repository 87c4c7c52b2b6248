package works

import (
	"slices"
	"strconv"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
	"lieux/places"
)

// Worth is what hours and reclaimed materials are valued at, in euro cents. It is no money: it was never paid, and it
// cannot be added to money.Cents without saying so.
type Worth int64

// In writes the worth as an amount, in the reader's language.
func (w Worth) In(p *lang.Printer) string { return p.Money(money.Cents(w)) }

// Rate is what an hour of a volunteer is valued at in reports, from a day on.
type Rate struct {
	ID     string
	From   civil.Date
	Cents  Worth // for an hour
	Source string
	Made
}

// MaxRate bounds what an hour is valued at.
const MaxRate = Worth(200_00)

// SetRate says what an hour is valued at from a day on, and why so much.
func SetRate(tx *store.Tx, t Rate) error {
	var c checker
	c.past("from", t.From, tx.Today())
	if t.Cents < 0 || t.Cents > MaxRate {
		c.no("cents", "amount")
	}
	c.need("source", t.Source, MaxShort)
	if len(c.wrong) > 0 {
		return c.wrong
	}
	t.ID, t.Made = tx.ID(), made(tx)
	tx.Record(store.Line{Args: map[string]any{"rate_cents": int64(t.Cents), "from_on": t.From.String()}})
	_, err := tx.Exec(qInsertRate, t.ID, t.From.String(), int64(t.Cents), t.Source, int64(t.At), string(t.By))
	return err
}

// Rates lists them, the oldest first.
func Rates(r store.Reader) ([]Rate, error) { return store.List(r, qRates, scanRate) }

// RateOn is the rate of a day; false when none was said.
func RateOn(rates []Rate, day civil.Date) (best Rate, found bool) {
	for _, t := range rates {
		if !t.From.After(day) && (!found || !t.From.Before(best.From)) {
			best, found = t, true
		}
	}
	return best, found
}

// Value is what so many minutes are worth, rounded to the nearest cent.
func (t Rate) Value(m Minutes) Worth { return (Worth(m)*t.Cents + 30) / 60 }

// SelfBuild is what an occupant built of a space.
type SelfBuild struct {
	ID            string
	Place         places.PlaceID
	Space         places.PartID
	From, Until   civil.Date // perhaps known to the month; Until zero: one goes on
	Share         int64      // per cent of the works that they did themselves
	Minutes       Minutes    // as they tell it; 0: not known
	Words         string     // what they built
	Supplied      string     // what the cooperative gave or did
	SuppliedCents Worth      // what that is valued at: what was paid for it stands in the ledgers of the sites
	Source        string
	Made
}

// MaxBuildMinutes bounds the hours of one self-building: some three years of work.
const MaxBuildMinutes = Minutes(6000 * 60)

// AddSelfBuild notes what an occupant built.
func AddSelfBuild(tx *store.Tx, s SelfBuild) (string, error) {
	place, err := placed(tx, s.Place)
	if err != nil {
		return "", err
	}
	var c checker
	c.need("words", s.Words, MaxText)
	c.short("supplied", s.Supplied, MaxText)
	c.short("source", s.Source, MaxShort)
	c.past("from", s.From, tx.Today())
	if !s.Until.IsZero() && s.Until.Before(s.From) {
		c.no("until", "order")
	}
	if s.Share < 1 || s.Share > 100 {
		c.no("share", "share")
	}
	if s.Minutes < 0 || s.Minutes > MaxBuildMinutes {
		c.no("hours", "hours")
	}
	if s.SuppliedCents < 0 || s.SuppliedCents > Worth(money.Max) {
		c.no("cents", "amount")
	}
	if s.Space == "" {
		c.no("space", "part")
	} else if err := c.within(tx, "space", s.Place, s.Space); err != nil {
		return "", err
	}
	if len(c.wrong) > 0 {
		return "", c.wrong
	}
	s.ID, s.Made = tx.ID(), made(tx)
	tx.Record(store.Line{About: []store.Ref{s.Place.Ref()}, Args: map[string]any{"place": place.Title, "share": s.Share}})
	return s.ID, insertSelf(tx, s)
}

// SelfBuilds lists what occupants built at a place, the oldest first.
func SelfBuilds(r store.Reader, place places.PlaceID) ([]SelfBuild, error) {
	return store.List(r, qSelfOf, scanSelf, string(place))
}

// Unit is in what a material is counted.
type Unit string

// Units lists them.
var Units = []Unit{"piece", "m", "m2", "m3", "kg", "litre"}

// Words names the unit.
func (u Unit) Words() lang.Phrase { return lang.Say("works.unit." + string(u)) }

// Quantity is a quantity in thousandths of its unit.
type Quantity int64

// MaxQuantity is the largest quantity: a million of a unit.
const MaxQuantity = Quantity(1_000_000_000)

// ParseQuantity reads a quantity as people write it: 12, 1 400, 2,5, 0.125.
func ParseQuantity(text string) (Quantity, error) {
	wrong := fault.Refuse("works.refusal.quantity", "text", text)
	var whole, part, seen, places int64
	marked := false
	for _, r := range text {
		switch {
		case r == ' ' || r == '\u00a0' || r == '\u202f':
		case (r == ',' || r == '.') && !marked:
			marked = true
		case r >= '0' && r <= '9' && marked:
			if places++; places > 3 {
				return 0, wrong
			}
			part = part*10 + int64(r-'0')
		case r >= '0' && r <= '9':
			if seen++; seen > 7 {
				return 0, wrong
			}
			whole = whole*10 + int64(r-'0')
		default:
			return 0, wrong
		}
	}
	if seen == 0 || marked && places == 0 {
		return 0, wrong
	}
	for ; places < 3; places++ {
		part *= 10
	}
	q := Quantity(whole*1000 + part)
	if q <= 0 || q > MaxQuantity {
		return 0, wrong
	}
	return q, nil
}

// In writes the quantity in the reader's language, without its unit: 2,5.
func (q Quantity) In(p *lang.Printer) string {
	text := p.Count(int64(q / 1000))
	rest := strconv.FormatInt(1000+int64(q%1000), 10)[1:]
	for len(rest) > 0 && rest[len(rest)-1] == '0' {
		rest = rest[:len(rest)-1]
	}
	if rest == "" {
		return text
	}
	if p.Tag == lang.English {
		return text + "." + rest
	}
	return text + "," + rest
}

// Reuse is a reclaimed material that was used.
type Reuse struct {
	ID       string
	Place    places.PlaceID
	Site     SiteID // may be empty
	On       civil.Date
	Material string
	Origin   string
	Quantity Quantity
	Unit     Unit
	UsedFor  string
	Avoided  Worth  // what buying it new would have cost; 0: not estimated
	Estimate string // how that was found
	Made
}

// AddReuse notes a reclaimed material. What it avoided is told with how it was estimated, or not at all.
func AddReuse(tx *store.Tx, u Reuse) (string, error) {
	place, err := placed(tx, u.Place)
	if err != nil {
		return "", err
	}
	var c checker
	c.need("material", u.Material, MaxTitle)
	c.need("origin", u.Origin, MaxShort)
	c.short("used", u.UsedFor, MaxShort)
	c.short("estimate", u.Estimate, MaxShort)
	c.past("on", u.On, tx.Today())
	if u.Quantity <= 0 || u.Quantity > MaxQuantity {
		c.no("quantity", "quantity", "text", "")
	}
	if !slices.Contains(Units, u.Unit) {
		c.no("unit", "choice")
	}
	if u.Avoided < 0 || u.Avoided > Worth(money.Max) {
		c.no("avoided", "amount")
	} else if u.Avoided > 0 && u.Estimate == "" {
		c.no("estimate", "estimate")
	}
	if u.Site != "" {
		s, err := SiteByID(tx, u.Site)
		if err != nil && fault.Of(err) == nil {
			return "", err
		}
		if err != nil || s.Place != u.Place {
			c.no("site", "choice")
		}
	}
	if len(c.wrong) > 0 {
		return "", c.wrong
	}
	u.ID, u.Made = tx.ID(), made(tx)
	tx.Record(store.Line{About: []store.Ref{u.Place.Ref()}, Args: map[string]any{"place": place.Title,
		"material": u.Material}})
	return u.ID, insertReuse(tx, u)
}

// Reuses lists the reclaimed materials of a place, the latest first.
func Reuses(r store.Reader, place places.PlaceID) ([]Reuse, error) {
	return store.List(r, qReuseOf, scanReuse, string(place))
}

// ToolID is the id of a tool.
type ToolID string

// Ref names the tool in the journal.
func (id ToolID) Ref() store.Ref { return store.Ref{Kind: "works-tool", ID: string(id)} }

// Tool is a tool that is lent.
type Tool struct {
	ID      ToolID
	Number  int64 // as it stands on the tool
	Place   places.PlaceID
	Title   string
	Note    string
	Retired civil.Instant // 0 while it is lent
	Made
}

// Loan is a tool that was lent.
type Loan struct {
	ID       string
	Tool     ToolID
	Person   people.PersonID // when the office knows them; may be empty
	Name     string
	Contact  string
	Out, Due civil.Date
	Back     civil.Date // zero while it is out
	BackNote string     // in what state it came back
	Made
}

// Late says whether a tool should have come back before a day.
func (l Loan) Late(day civil.Date) bool { return l.Back.IsZero() && l.Due.Before(day) }

// MaxTools bounds the list of tools.
const MaxTools = 2000

// AddTool writes a tool down.
func AddTool(tx *store.Tx, t Tool) (ToolID, error) {
	place, err := placed(tx, t.Place)
	if err != nil {
		return "", err
	}
	var c checker
	c.need("title", t.Title, MaxTitle)
	c.short("note", t.Note, MaxWhy)
	all, err := Tools(tx)
	if err != nil {
		return "", err
	}
	if len(all) >= MaxTools {
		c.no("title", "too-many", "limit", MaxTools)
	}
	if len(c.wrong) > 0 {
		return "", c.wrong
	}
	t.ID, t.Made = ToolID(tx.ID()), made(tx)
	if t.Number, err = tx.Next("works.tool"); err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{t.Place.Ref(), t.ID.Ref()}, Args: map[string]any{"tool": t.Title,
		"place": place.Title}})
	return t.ID, insertTool(tx, t)
}

// RetireTool says that a tool is lent no more. It is refused while it is out.
func RetireTool(tx *store.Tx, id ToolID) error {
	t, err := toolIn(tx, id)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{t.Place.Ref(), id.Ref()}, Args: map[string]any{"tool": t.Title}})
	_, err = tx.Exec(qRetireTool, string(id), int64(tx.Now()))
	return err
}

// toolIn reads a tool that is there to be lent.
func toolIn(r store.Reader, id ToolID) (Tool, error) {
	t, found, err := store.Find(r, qTool, scanTool, string(id))
	if err == nil && (!found || t.Retired != 0) {
		err = fault.Refuse("works.refusal.unknown-tool").At("tool")
	}
	if err != nil {
		return t, err
	}
	loans, err := LoansOut(r)
	if slices.ContainsFunc(loans, func(l Loan) bool { return l.Tool == id }) {
		err = fault.Refuse("works.refusal.tool-out", "tool", t.Title).At("tool")
	}
	return t, err
}

// Lend notes to whom a tool is lent, and until when.
func Lend(tx *store.Tx, l Loan) (string, error) {
	t, err := toolIn(tx, l.Tool)
	if err != nil {
		return "", err
	}
	var c checker
	if l.Person != "" {
		person, err := people.Get(tx, l.Person)
		if err != nil {
			return "", err
		}
		l.Name = person.Full()
	}
	c.need("name", l.Name, MaxTitle)
	c.short("contact", l.Contact, MaxEmail)
	c.past("out", l.Out, tx.Today())
	if l.Due.IsZero() || l.Due.Before(l.Out) {
		c.no("due", "order")
	}
	if len(c.wrong) > 0 {
		return "", c.wrong
	}
	l.ID, l.Made = tx.ID(), made(tx)
	tx.Record(store.Line{About: []store.Ref{t.Place.Ref(), t.ID.Ref()}, Args: map[string]any{"tool": t.Title,
		"due_on": l.Due.String()}})
	return l.ID, insertLoan(tx, l)
}

// GiveBack notes that a tool came back, and how.
func GiveBack(tx *store.Tx, loan string, on civil.Date, note string) error {
	l, found, err := store.Find(tx, qLoan, scanLoan, loan)
	if err == nil && (!found || !l.Back.IsZero()) {
		err = fault.Refuse("works.refusal.unknown-loan")
	}
	if err != nil {
		return err
	}
	var c checker
	c.past("back", on, tx.Today())
	if !on.IsZero() && on.Before(l.Out) {
		c.no("back", "order")
	}
	c.short("note", note, MaxWhy)
	if len(c.wrong) > 0 {
		return c.wrong
	}
	t, err := store.One(tx, qTool, scanTool, string(l.Tool))
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{t.Place.Ref(), t.ID.Ref()}, Args: map[string]any{"tool": t.Title}})
	_, err = tx.Exec(qBack, loan, on.String(), note)
	return err
}

// Tools lists the tools that are lent, by number.
func Tools(r store.Reader) ([]Tool, error) {
	list, err := store.List(r, qTools, scanTool)
	return slices.DeleteFunc(list, func(t Tool) bool { return t.Retired != 0 }), err
}

// LoansOut lists the loans of tools that are not back, the latest first.
func LoansOut(r store.Reader) ([]Loan, error) { return store.List(r, qLoansOut, scanLoan) }

// LoansPast counts the loans of each tool that came back.
func LoansPast(r store.Reader) (map[ToolID]int64, error) {
	n := map[ToolID]int64{}
	return n, store.Each(r, qLoansPast, func(row store.Row) error {
		var tool ToolID
		var past int64
		err := row.Scan(&tool, &past)
		n[tool] = past
		return err
	})
}
