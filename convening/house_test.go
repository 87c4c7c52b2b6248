package convening

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
)

var rooms = []store.Room{documents.Room, jobs.Room, people.Room, bylaws.Room, register.Room, assembly.Room, meeting.Room,
	Room}

func TestMain(m *testing.M) { storetest.Main(m) }

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

// morning is when the stories begin: two months before the assembly.
var morning = time.Date(2026, 4, 13, 8, 0, 0, 0, time.UTC)

// house is a cooperative that convenes its assembly of 13 June 2026. By number: 1 Agathe (e-mail), 2 Bram (Dutch, the
// same e-mail as Agathe), 3 Chloé (post, 4000), 4 the Foyer (post to its seat, 1000; Dirk represents it), 5 Dirk (English,
// e-mail), 6 Édith (no address at all), 7 Fatou (e-mail that she took her consent back for; post, 9000).
type house struct {
	t    testing.TB
	db   *store.DB
	now  time.Time
	who  map[string]people.PersonID
	ag   meeting.ID
	out  *mail.Memory
	post Post
	fail func(mail.Letter) error
}

// both runs a story on both engines.
func both(t *testing.T, story func(h *house)) {
	t.Helper()
	storetest.BothPlaces(t, func(t *testing.T, place store.Options) { story(newHouse(t, place)) })
}

func newHouse(t testing.TB, place store.Options) *house {
	t.Helper()
	h := &house{t: t, now: morning, who: map[string]people.PersonID{}, out: &mail.Memory{}}
	place.Rooms, place.Clock = rooms, func() time.Time { return h.now }
	h.db = storetest.Open(t, place)
	h.post = Post{DB: h.db, Send: h.send}
	h.do("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop", Form: "SC",
			Lang: lang.French, Home: people.Address{Street: "rue du Marché 1", Postcode: "4000", Town: "Liège"}},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	h.do("bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("ten-percent") // another cooperator, two proxies at most
		_, err := bylaws.Lay(tx, p, civil.MustParse("2021-06"), bylaws.Deed{})
		return err
	})
	var class register.ClassID
	h.do("register.define", func(tx *store.Tx) (err error) {
		class, err = register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts A", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		return err
	})
	at := func(street, code, town string) people.Address {
		return people.Address{Street: street, Postcode: code, Town: town}
	}
	person := func(name string, tag lang.Tag, email string, home people.Address) people.Entry {
		e := people.Entry{Kind: people.Natural, Given: name, Family: "Essai", Lang: tag, Home: home}
		if email != "" {
			e.Emails = []string{email}
		}
		return e
	}
	for i, e := range []people.Entry{
		person("Agathe", lang.French, "maison@exemple.be", at("rue Haute 1", "4020", "Liège")),
		person("Bram", lang.Dutch, "maison@exemple.be", people.Address{}),
		person("Chloé", lang.French, "", at("rue Basse 12", "4000", "Liège")),
		{Kind: people.Legal, Name: "Le Foyer", Form: "ASBL", Lang: lang.French, Home: at("place du Jeu 3", "1000", "Bruxelles")},
		person("Dirk", lang.English, "dirk@exemple.be", at("Lange Straat 5", "2000", "Antwerpen")),
		person("Édith", lang.French, "", people.Address{}),
		person("Fatou", lang.French, "fatou@exemple.be", at("Veldstraat 9", "9000", "Gent")),
	} {
		h.do("people.enroll", func(tx *store.Tx) error {
			id, err := people.Enroll(tx, e)
			if err != nil {
				return err
			}
			name := e.Given + e.Name
			h.who[name] = id
			_, err = register.Issue(tx, register.Issuance{Person: id, Class: class, Shares: int64(i + 1),
				Detail: register.Detail{Effective: tx.Today()}})
			return err
		})
	}
	h.do("people.represent", func(tx *store.Tx) error {
		if _, err := people.Represent(tx, people.Representation{Legal: h.who["Le Foyer"], Person: h.who["Dirk"],
			Quality: "président", From: civil.MustParse("2020")}); err != nil {
			return err
		}
		text, err := people.Publish(tx, people.ConsentText{Kind: people.Electronic, Lang: lang.French, Words: "J’accepte.",
			From: civil.MustParse("2020-01-01")})
		if err != nil {
			return err
		}
		id, err := people.Agree(tx, h.who["Fatou"], text, civil.MustParse("2021-01-01"), "paper")
		if err != nil {
			return err
		}
		return people.Withdraw(tx, id, civil.MustParse("2022-01-01"))
	})
	h.draft()
	return h
}

// draft makes the assembly that the stories are about: a resolution, an election with candidates, an amendment.
func (h *house) draft() {
	h.t.Helper()
	h.do("meeting.draft", func(tx *store.Tx) error {
		body, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		h.ag, err = meeting.Draft(tx, meeting.Meeting{Name: "ag-2026", Title: "Assemblée générale ordinaire", Body: body.ID,
			Place: "La Halle, quai des Tanneurs 2, Liège", Remote: "Par visioconférence ; le lien vous parvient la veille.",
			StartsAt: civil.At(time.Date(2026, 6, 13, 16, 0, 0, 0, time.UTC)), Language: lang.French, Items: []meeting.Item{
				{Number: "1", Title: "Budget", Matters: []meeting.Matter{{Kind: assembly.Resolution, Title: "Budget 2026",
					Words: "Le budget de 2026 est approuvé.\n\nIl figure en annexe."}}},
				{Number: "2", Title: "Élection", Matters: []meeting.Matter{{Kind: assembly.Election, Title: "Élection",
					Body: board.ID, Seats: 1, Until: civil.MustParse("2030-06-30"),
					Candidates: []people.PersonID{h.who["Chloé"], h.who["Dirk"]}}}},
				{Number: "3", Title: "Statuts", Matters: []meeting.Matter{{Kind: assembly.BylawsChange, Title: "Siège",
					Changes: []bylaws.Change{{Article: "3", Title: "Siège", Before: "Le siège est établi à Liège.",
						After: "Le siège est établi en Région wallonne."}},
					Rules: []bylaws.Rule{{Key: bylaws.KeyWeight, Article: "Statuts 7", Value: []byte(`"head"`),
						Confidence: bylaws.Read}}}}}}})
		return err
	})
}

// send is the mail server of the stories.
func (h *house) send(ctx context.Context, l mail.Letter) (string, error) {
	if h.fail != nil {
		if err := h.fail(l); err != nil {
			return "", err
		}
	}
	return "250 2.0.0 Ok: queued as " + l.ID[:4], h.out.Send(ctx, l)
}

// work lets the worker do all that is due.
func (h *house) work() {
	h.t.Helper()
	w := jobs.NewWorker(h.db, slog.New(slog.NewTextHandler(io.Discard, nil)), h.post.Handlers())
	if _, err := w.Drain(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// try runs one act and gives its error.
func (h *house) try(verb string, fn func(*store.Tx) error) error {
	_, err := h.db.Act(h.t.Context(), store.By(string(h.who["Agathe"]), verb), fn)
	return err
}

// do runs one act that must succeed.
func (h *house) do(verb string, fn func(*store.Tx) error) {
	h.t.Helper()
	if err := h.try(verb, fn); err != nil {
		h.t.Fatalf("%s: %v", verb, err)
	}
}

func (h *house) view(fn func(store.Reader) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), func(v *store.View) error { return fn(v) }); err != nil {
		h.t.Fatal(err)
	}
}

const links = "https://coop.exemple"

func (h *house) look(kind Kind) (l Look) {
	h.t.Helper()
	h.view(func(v store.Reader) (err error) {
		l, err = LookAt(v, h.ag, Options{Kind: kind, Links: links})
		return err
	})
	return l
}

// trySend sends on a fresh look.
func (h *house) trySend(kind Kind, why string) (id DispatchID, err error) {
	seal := h.look(kind).Seal
	err = h.try("convening.send", func(tx *store.Tx) (err error) {
		id, err = Send(tx, Order{Meeting: h.ag, Kind: kind, Why: why, Links: links, Seen: seal})
		return err
	})
	return id, err
}

// sent sends and lets the worker do its part.
func (h *house) sent(kind Kind) DispatchID {
	h.t.Helper()
	id, err := h.trySend(kind, "")
	if err != nil {
		h.t.Fatal(err)
	}
	h.work()
	return id
}

func (h *house) letters(id DispatchID) (list []Letter) {
	h.t.Helper()
	h.view(func(v store.Reader) (err error) {
		list, err = Letters(v, id)
		return err
	})
	return list
}

// letterTo is the last letter of a dispatch to somebody.
func (h *house) letterTo(id DispatchID, name string) (of Letter) {
	h.t.Helper()
	for _, l := range h.letters(id) {
		if l.Person == h.who[name] {
			of = l
		}
	}
	if of.ID == "" {
		h.t.Fatalf("%s has no letter", name)
	}
	return of
}

// whole verifies the journal, the seals and the letters.
func (h *house) whole() {
	h.t.Helper()
	report, err := h.db.Check(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range report.Findings {
		h.t.Errorf("the check finds %v", f)
	}
}

// refused says that an error is the refusal of a code.
func (h *house) refused(err error, code string) fault.Refusal {
	h.t.Helper()
	for _, r := range fault.Of(err) {
		if r.Code == "convening.refusal."+code {
			return r
		}
	}
	h.t.Errorf("want the refusal %s, got %v", code, err)
	return fault.Refusal{}
}

var errPort = errors.New("421 try later")

// outsider is somebody who holds no share.
func (h *house) outsider() (id people.PersonID) {
	h.t.Helper()
	h.do("people.enroll", func(tx *store.Tx) (err error) {
		id, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Hanne", Family: "Essai", Lang: lang.Dutch})
		return err
	})
	return id
}

// issueTo gives somebody a share of the first class.
func issueTo(tx *store.Tx, id people.PersonID) error {
	classes, err := register.Classes(tx)
	if err != nil {
		return err
	}
	_, err = register.Issue(tx, register.Issuance{Person: id, Class: classes[0].ID, Shares: 1,
		Detail: register.Detail{Effective: tx.Today()}})
	return err
}
