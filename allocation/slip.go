package allocation

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/papers"
	"lieux/base/store"
)

// SlipNumber numbers a slip. On paper it has two digits more, by which a slip of the keyboard is found.
type SlipNumber int64

// Slip is the lower part of a letter by post that asks whether somebody still wants a place; it is sent back.
type Slip struct {
	Number      SlipNumber
	Letter      string
	Application ApplicationID
	Step        string        // that it made when it came back; empty while it is out
	Asked       civil.Instant // when its letter was written
	Printed     civil.Instant // and printed; 0 while it waits
	Kind        LetterKind
}

// Out says that a slip has not come back.
func (s Slip) Out() bool { return s.Step == "" }

// checked is what a number is divided by; the rest is its two digits of control, as under a Belgian transfer.
const checked = 97

// String is the number as it is printed and typed: "128-31".
func (n SlipNumber) String() string { return fmt.Sprintf("%d-%02d", int64(n), n.check()) }

func (n SlipNumber) check() int64 {
	if rest := int64(n) % checked; rest != 0 {
		return rest
	}
	return checked
}

// maxSlipText is how long what is typed or scanned may be.
const maxSlipText = 200

// ParseSlip reads a number as somebody types it, or as a scanner reads it from the code: the address with the number at
// its end. A number whose digits of control do not agree is refused.
func ParseSlip(text string) (SlipNumber, error) {
	text = strings.TrimSpace(text)
	if i := strings.LastIndexByte(text, '/'); i >= 0 {
		text = text[i+1:]
	}
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '.' || r == '\u2011' || r == '\u2013' {
			return -1
		}
		return r
	}, text)
	whole, err := strconv.ParseInt(digits, 10, 64)
	if n := SlipNumber(whole / 100); err == nil && len(text) <= maxSlipText && n > 0 && n.check() == whole%100 {
		return n, nil
	}
	return 0, fault.Refuse("allocation.refusal.slip-number").At("number")
}

// Answer is what comes back on a slip.
type Answer struct {
	Slip SlipNumber
	Yes  bool
	On   civil.Date // the day on which it came, however late it is entered
}

// TakeSlip enters a slip that came back: the application is renewed as of the day on which the slip came, or withdrawn.
// Who lapsed although their slip had come in time is on the list again as if they never had left it; a slip that came
// too late brings them back by the rules of the list.
func TakeSlip(tx *store.Tx, w Answer) (Application, error) {
	s, err := SlipNumbered(tx, w.Slip)
	if err != nil {
		return Application{}, err
	}
	a, err := Get(tx, s.Application)
	if err != nil {
		return a, err
	}
	if !s.Out() {
		return a, fault.Refuse("allocation.refusal.slip-entered", "slip", w.Slip.String()).At("number")
	}
	if !w.On.IsDay() || w.On.After(tx.Today()) || w.On.Before(s.Asked.On(tx.Zone())) {
		return a, fault.Refuse("allocation.refusal.slip-day", "from", s.Asked.On(tx.Zone())).At("on")
	}
	since, err := a.backBySlip(tx, s, w.On)
	if err != nil {
		return a, err
	}
	step := Step{Cause: SaidYes, State: Listed, Day: w.On, Since: since, Why: w.Slip.String()}
	if !w.Yes {
		step.Cause, step.State, step.Since = SaidNo, Withdrawn, a.Since
	}
	tx.Record(a.line(map[string]any{"slip": w.Slip.String(), "received_on": w.On.String(), "answer": step.Cause.Words()}))
	if err := turn(tx, &a, step); err != nil {
		return a, err
	}
	return a, setSlip(tx, s.Number, a.step)
}

// backBySlip is the seniority that a slip brings, by the day on which it came.
func (a Application) backBySlip(r store.Reader, s Slip, on civil.Date) (civil.Date, error) {
	switch a.State {
	case Listed:
		return a.Since, nil
	case Lapsed:
		if s.Asked <= a.Heard { // of an earlier time: it says nothing that was not known
			break
		}
		if on.Before(a.Turned) {
			return a.Since, nil
		}
		u, err := RulesOn(r, on)
		return u.ReturnsWith(a.Since, a.Turned, on), err
	}
	return civil.Date{}, a.refuse("allocation.refusal.not-listed")
}

// mendable are the causes that somebody enters by hand and that nothing else follows from.
var mendable = map[Cause]bool{Renewed: true, SaidYes: true, SaidNo: true, Gave: true, Taken: true, Returned: true,
	Accepted: true}

// Mend is the opposite entry of the last step of an application, when that was entered by mistake: it stands where it
// stood before, since the same day, and its slip is out again. What it did to the time within which interest is renewed
// is gone too.
func Mend(tx *store.Tx, id ApplicationID, why string) error {
	a, err := Get(tx, id)
	if err == nil {
		why, err = reason(why)
	}
	if err != nil {
		return err
	}
	steps, err := Steps(tx, id)
	if err != nil {
		return err
	}
	n := len(steps)
	if n < 2 || !mendable[steps[n-1].Cause] {
		return a.refuse("allocation.refusal.not-mended")
	}
	last, before := steps[n-1], steps[n-2]
	tx.Record(a.line(map[string]any{"cause": last.Cause.Words()}))
	if err := freeSlip(tx, last.ID); err != nil {
		return err
	}
	return turn(tx, &a, Step{Cause: Mended, State: before.State, Day: before.Day, Since: before.Since,
		Choice: before.Choice, Why: why})
}

// MayMend says whether the last step of an application may be taken back as entered by mistake.
func MayMend(steps []Step) bool { return len(steps) > 1 && mendable[steps[len(steps)-1].Cause] }

// blocks are the part of a letter that is cut off and sent back: what to tick, where to sign, and for who enters it a
// code and the number to type.
func (s Slip) blocks(say func(code string, kv ...any) string, number int64, links string) papers.Blocks {
	n := s.Number.String()
	return papers.Blocks{
		papers.Heading{Level: 2, Words: papers.T(say("slip", "number", number))},
		papers.Paragraph{Words: papers.L(papers.Who(markName))},
		papers.Paragraph{Words: papers.T(say("slip.send"))},
		papers.Paragraph{Words: papers.T(say("slip.yes"))},
		papers.Paragraph{Words: papers.T(say("slip.no"))},
		papers.Signatures{Items: []papers.Signature{{Role: say("slip.signed")}}},
		papers.QR{Text: links + PathSlips + n, Words: papers.L(papers.B(say("slip.number", "slip", n)), " ",
			say("slip.office"))},
	}
}

// PathSlips is where slips are entered, before their number.
const PathSlips = "/applications/slips/"
