package payment_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/payment"
	"lieux/people"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, payment.Room}

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

// house is a cooperative that asks for money, with two clerks and two persons who pay.
type house struct {
	*testing.T
	db            *store.DB
	now           time.Time
	maite, pascal people.PersonID // clerks
	jeanne, foyer people.PersonID
	heard         []heard // what the hooks told
}

type heard struct {
	Number int64
	Cents  money.Cents
	State  payment.State
}

func day(text string) civil.Date { return civil.MustParse(text) }

// both tells a story on both engines.
func both(t *testing.T, story func(h *house)) {
	h := &house{}
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	h.now = start
	storetest.BothWith(t, store.Options{Rooms: rooms, Clock: func() time.Time { return h.now }}, func(t *testing.T, db *store.DB) {
		*h = house{T: t, db: db, now: start}
		payment.Hooks.Received = func(_ *store.Tx, d payment.Due, cents money.Cents, _ civil.Date) error {
			h.heard = append(h.heard, heard{d.Number, cents, d.State()})
			return nil
		}
		payment.Hooks.Lapsed = func(_ *store.Tx, d payment.Due) error {
			h.heard = append(h.heard, heard{d.Number, 0, d.State()})
			return nil
		}
		h.act("people.found", func(tx *store.Tx) (err error) {
			if _, err = people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC", Lang: lang.French,
				Home: people.Address{Kind: people.Home, Street: "quai Vert 1", Postcode: "4000", Town: "Liège"}},
				Zone: "Europe/Brussels", HasShares: true, FoundedOn: day("2014")}); err != nil {
				return err
			}
			return payment.SetAccount(tx, payment.Account{From: day("2026-01-01"), IBAN: "BE68539007547034", BIC: "GKCCBEBB", Beneficiary: "Dynamo Coop SC"})
		})
		natural := func(given, family string, tag lang.Tag, mail ...string) people.Entry {
			return people.Entry{Kind: people.Natural, Given: given, Family: family, Lang: tag, Emails: mail, From: day("2020"),
				Home: people.Address{Kind: people.Home, Street: "rue Basse 12", Postcode: "4000", Town: "Liège"}}
		}
		for id, e := range map[*people.PersonID]people.Entry{
			&h.maite: natural("Maïté", "Lambrecht", lang.French), &h.pascal: natural("Pascal", "Renkin", lang.French),
			&h.jeanne: natural("Jeanne", "Delvigne", lang.French, "jeanne@example.be"),
			&h.foyer:  {Kind: people.Legal, Name: "Le Foyer", Form: "ASBL", Lang: lang.Dutch, Home: people.Address{Kind: people.Home, Street: "Kerkstraat 3", Postcode: "9000", Town: "Gent"}, From: day("2020")},
		} {
			h.act("people.enroll", func(tx *store.Tx) (err error) {
				*id, err = people.Enroll(tx, e)
				return err
			})
		}
		story(h)
		report, err := db.Check(t.Context())
		if err != nil || len(report.Findings) > 0 {
			t.Errorf("the check found %v, %v", report.Findings, err)
		}
	})
	payment.Hooks.Received, payment.Hooks.Lapsed = nil, nil
}

func (h *house) try(by people.PersonID, verb string, fn func(*store.Tx) error) error {
	_, err := h.db.Act(h.Context(), store.By(string(by), verb), fn)
	return err
}

func (h *house) act(verb string, fn func(*store.Tx) error) {
	h.Helper()
	if err := h.try(h.maite, verb, fn); err != nil {
		h.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) refused(code, verb string, fn func(*store.Tx) error) fault.Refusal {
	h.Helper()
	err := h.try(h.maite, verb, fn)
	if !fault.Is(err, code) {
		h.Fatalf("%s: %v, want the refusal %s", verb, err, code)
	}
	return fault.Of(err)[0]
}

func view[T any](h *house, fn func(store.Reader) (T, error)) (value T) {
	h.Helper()
	if err := h.db.View(h.Context(), func(v *store.View) (err error) {
		value, err = fn(v)
		return err
	}); err != nil {
		h.Fatal(err)
	}
	return value
}

func (h *house) pass(days int) { h.now = h.now.AddDate(0, 0, days) }

// ask asks for so many euros until a day.
func (h *house) ask(person people.PersonID, euros int64, until string) payment.Due {
	h.Helper()
	var id payment.DueID
	h.act("payment.ask", func(tx *store.Tx) (err error) {
		id, err = payment.Ask(tx, payment.Due{Person: person, Cents: money.Euros(euros), Reason: payment.Subscription, Label: "5 parts A",
			Subject: store.Ref{Kind: "subscription", ID: "s1"}, DueOn: day(until)})
		return err
	})
	return h.due(id)
}

func (h *house) due(id payment.DueID) payment.Due {
	h.Helper()
	return view(h, func(r store.Reader) (payment.Due, error) { return payment.DueByID(r, id) })
}

func (h *house) receipt(id payment.ReceiptID) payment.Receipt {
	h.Helper()
	return view(h, func(r store.Reader) (payment.Receipt, error) { return payment.ReceiptByID(r, id) })
}

func (h *house) receive(a payment.Arrival) (id payment.ReceiptID) {
	h.Helper()
	a.Way = payment.ByBank
	h.act("payment.receive", func(tx *store.Tx) (err error) {
		id, err = payment.Receive(tx, a)
		return err
	})
	return id
}

// stands compares where a due stands.
func (h *house) stands(id payment.DueID, state payment.State, received, left int64) {
	h.Helper()
	if d := h.due(id); d.State() != state || d.Received() != money.Euros(received) || d.Left() != money.Euros(left) {
		h.Errorf("the due is %s, received %s, left %s; want %s, %d, %d", d.State(), d.Received(), d.Left(), state, received, left)
	}
}

// post is a mail server that keeps what it is given.
type post struct{ letters []mail.Letter }

func (p *post) send(_ context.Context, l mail.Letter) (string, error) {
	p.letters = append(p.letters, l)
	return "250 ok", l.Check()
}

// says reads the request for a due as a text, spaces as a keyboard writes them.
func (h *house) says(id payment.DueID, what string, wants ...string) {
	h.Helper()
	demand := view(h, func(r store.Reader) (payment.Demand, error) { return payment.DemandOf(r, id, "fr") })
	var out strings.Builder
	if err := papers.Text(&out, demand.Paper(), demand.Names()); err != nil {
		h.Fatal(err)
	}
	said := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range wants {
		if !strings.Contains(said, want) {
			h.Errorf("%s: the request does not say %q:\n%s", what, want, said)
		}
	}
}
