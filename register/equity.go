package register

import (
	"encoding/json"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
)

// Equity is what the balance sheet says of the capital on its day, class by class, as a person typed it.
type Equity struct {
	On      civil.Date
	Classes []Capital
}

// Capital is what one class contributes; what was not typed is nil and is not compared.
type Capital struct {
	Class  ClassID
	Issued *money.Cents // shares at their nominal amount
	Paid   *money.Cents
}

// Measure is which figure of the equity is compared.
type Measure string

// The measures.
const (
	MeasureIssued Measure = "issued"
	MeasurePaid   Measure = "paid"
)

// EquityLine compares one figure. What the balance sheet states is what is found, and what lines that cannot be taken
// in say, and a rest that the file does not explain: Stated = Found + Rejected + Rest. What lines of a later day add is
// not in it; it is told because it is in the totals of the file.
type EquityLine struct {
	Class    ClassID     `json:"class"`
	Measure  Measure     `json:"measure"`
	Stated   money.Cents `json:"stated"`
	Found    money.Cents `json:"found"`
	Rejected money.Cents `json:"rejected"`
	Rest     money.Cents `json:"rest"`
	Later    money.Cents `json:"later"`
}

// Differs is what the balance sheet has more than the register would have.
func (l EquityLine) Differs() money.Cents { return l.Stated - l.Found }

// EquityReport compares the balance sheet's equity with what the register would hold after an import.
type EquityReport struct {
	On    civil.Date
	Lines []EquityLine
}

// Differences counts the figures that are not the same.
func (e EquityReport) Differences() (n int) {
	for _, l := range e.Lines {
		if l.Differs() != 0 {
			n++
		}
	}
	return n
}

// text keeps the comparison; nothing when there was none.
func (e EquityReport) text() string {
	if len(e.Lines) == 0 {
		return ""
	}
	text, err := json.Marshal(struct {
		On    string       `json:"on"`
		Lines []EquityLine `json:"lines"`
	}{e.On.String(), e.Lines})
	fault.Must(err == nil, "an equity that cannot be written: %v", err)
	return string(text)
}

// figures are what lines add to a class.
type figures struct {
	Class        ClassID
	Issued, Paid money.Cents
}

func (f *figures) add(g figures) { f.Issued, f.Paid = f.Issued+g.Issued, f.Paid+g.Paid }

func (f figures) of(m Measure) money.Cents {
	if m == MeasurePaid {
		return f.Paid
	}
	return f.Issued
}

// beside is what lines say that the register does not hold at the day of the balance sheet.
type beside struct{ rejected, later figures }

// leave notes what a line says when the register will not hold it on the day of the balance sheet: because the line is
// rejected, or of a later day.
func (im *importer) leave(in importRow, rejected bool) (says figures) {
	if id, known := im.classNamed(string(in.class)); known {
		in.class = id
	}
	if _, known := im.nominal[in.class]; !known {
		return says
	}
	on := in.date
	if on.IsZero() {
		on = im.o.On
	}
	day := on.Last()
	if on.IsZero() && im.o.Equity != nil {
		day = im.o.Equity.On
	}
	says = figures{in.class, money.Cents(clamp(in.shares)) * im.nominal[in.class].on(day), clampCents(in.paid)}
	if !in.hasPaid && im.report.Shape == State {
		says.Paid = says.Issued
	}
	switch in.operation {
	case Paid:
		says.Issued = 0
		if !in.hasPaid {
			says.Paid = clampCents(in.amount)
		}
	case Redeemed:
		says.Issued, says.Paid = -says.Issued, -says.Issued
	case TransferOut, ConvertedOut:
		says.Issued, says.Paid = 0, 0
	}
	if im.o.Equity == nil {
		return says
	}
	b := im.beside[in.class]
	if b == nil {
		b = &beside{}
		im.beside[in.class] = b
	}
	switch later := day.After(im.o.Equity.On.Last()); {
	case later:
		b.later.add(says)
	case rejected:
		b.rejected.add(says)
	}
	return says
}

// clamp keeps what a line says within what a line may say: sums of nonsense must not overflow.
func clamp(n int64) int64 { return max(-MaxShares, min(n, MaxShares)) }

func clampCents(c money.Cents) money.Cents {
	const limit = MaxShares * maxNominal
	return max(-limit, min(c, limit))
}

// weigh compares the balance sheet's equity with what the books hold on its day.
func (im *importer) weigh() error {
	e := im.o.Equity
	if e == nil {
		return nil
	}
	_, by, err := im.b.roll(e.On)
	if err != nil {
		return err
	}
	im.report.Equity.On = e.On
	for _, c := range e.Classes {
		if _, known := im.nominal[c.Class]; !known {
			return fault.Refuse("register.refusal.unknown-class").At("equity-" + string(c.Class))
		}
		held := by[c.Class]
		found := figures{c.Class, money.Cents(held.Shares) * im.nominal[c.Class].on(e.On.Last()), held.Paid}
		aside := beside{}
		if b := im.beside[c.Class]; b != nil {
			aside = *b
		}
		for _, m := range []struct {
			measure Measure
			stated  *money.Cents
		}{{MeasureIssued, c.Issued}, {MeasurePaid, c.Paid}} {
			if m.stated == nil {
				continue
			}
			l := EquityLine{Class: c.Class, Measure: m.measure, Stated: *m.stated, Found: found.of(m.measure),
				Rejected: aside.rejected.of(m.measure), Later: aside.later.of(m.measure)}
			l.Rest = l.Stated - l.Found - l.Rejected
			im.report.Equity.Lines = append(im.report.Equity.Lines, l)
		}
	}
	return nil
}

// answered refuses an import that differs from the balance sheet when nobody says why it is taken in nevertheless.
func (o ImportOptions) answered(p *ImportReport) fault.Refusals {
	if _, rs := tidy("why", o.Why, maxGround, true); o.Why != "" && len(rs) > 0 {
		return rs
	}
	if n := p.Equity.Differences(); n > 0 && o.Why == "" {
		return fault.Refusals{fault.Refuse("register.refusal.import-equity", "n", n).At("why").By("CSA 6:24")}
	}
	return nil
}
