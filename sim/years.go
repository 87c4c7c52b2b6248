package sim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/certificate"
	"lieux/convening"
	"lieux/meeting"
	"lieux/payment"
	"lieux/people"
	"lieux/register"
)

// FirstYear is the year in which a life begins; the rules of the law that the program knows hold from before it.
const FirstYear = 2021

// Plan says which life is lived.
type Plan struct {
	Seed    uint64
	Years   int
	Members int // cooperators, about: as many as the first year brings; who leaves is replaced
	Preset  string
}

// Lived is what a life went through.
type Lived struct {
	Acts, Refusals int
	Did            map[string]int // acts that were done, by verb
	Refused        map[string]int // refusals, by code
	Events         map[string]int // what the life met: "second assembly", "deed", "tie"…
	Trail          string         // a hash over every act: the same seed gives the same
}

// life is one life being lived, with all that it must remember to judge what the rooms say.
type life struct {
	ctx    context.Context
	db     *store.DB
	clock  *Clock
	book   *lang.Book
	plan   Plan
	dice   *rand.Rand
	made   *demo // invents names and addresses
	worker *jobs.Worker

	lived Lived
	trail hash.Hash
	head  int64 // number of the journal's last line

	house
	desk
	small  bool // a handful of persons: no meetings
	ledger ledger
	room   *evening // the meeting that is going on; nil between two
	kept   []keptRoll
	held   []heldMeeting
}

// house is what the cooperative set up for itself.
type house struct {
	souls                      []*soul // in the order in which they entered the books
	byID                       map[people.PersonID]*soul
	chair, secretary           *soul
	assembly, board, committee people.BodyID
	classes                    []register.ShareClass
	consent                    string
	seated                     []*soul // of the board
	pending                    []bylaws.AmendmentID
	prospects                  []*soul // to be erased one day
	twins                      [][2]*soul
	past                       []*soul // of the old register: their term has passed
}

// soul is a person or body, as the life knows it.
type soul struct {
	at      int // place in souls
	id      people.PersonID
	entry   people.Entry
	numbers []register.Number
	by      []*soul    // of a body: who represents it
	speaks  []*soul    // of a person: the bodies that are represented
	mandate []string   // of who represents it
	since   civil.Date // of the last who was named
	fixed   bool       // sits in a body: stays to the end
	gone    bool       // erased, or another record stands for this one
}

func (s *soul) legal() bool { return s.entry.Kind == people.Legal }

// Live lives a plan into an empty database whose clock is clock. It stops at the first act after which something does
// not hold; the error names the seed and the act.
func Live(ctx context.Context, db *store.DB, clock *Clock, book *lang.Book, plan Plan) (Lived, error) {
	l := newLife(ctx, db, clock, book, plan)
	err := l.live()
	l.lived.Trail = hex.EncodeToString(l.trail.Sum(nil)[:8])
	if err != nil {
		err = fmt.Errorf("seed %d (%s), act %d, %s: %w", plan.Seed, plan.Preset, l.lived.Acts,
			clock.Now().Format(time.DateTime), err)
	}
	return l.lived, err
}

func newLife(ctx context.Context, db *store.DB, clock *Clock, book *lang.Book, plan Plan) *life {
	dice := rand.New(rand.NewPCG(plan.Seed, 0x11e0))
	out := &mail.Memory{}
	post := convening.Post{DB: db, Send: func(ctx context.Context, letter mail.Letter) (string, error) {
		return "250 2.0.0 Ok", out.Send(ctx, letter)
	}}
	handlers := post.Handlers()
	handlers[mail.JobLetter] = mail.Handler(post.Send)
	maps.Copy(handlers, payment.Post{DB: db, Send: post.Send}.Handlers())
	maps.Copy(handlers, certificate.Post{DB: db, Book: book, Links: "https://coop.exemple", Send: post.Send}.Handlers())
	return &life{ctx: ctx, db: db, clock: clock, book: book, plan: plan, dice: dice, trail: sha256.New(), desk: newDesk(),
		made:  &demo{ctx: ctx, db: db, clock: clock, dice: dice, used: map[string]bool{}},
		lived: Lived{Did: map[string]int{}, Refused: map[string]int{}, Events: map[string]int{}},
		house: house{byID: map[people.PersonID]*soul{}}, ledger: newLedger(),
		worker: jobs.NewWorker(db, slog.New(slog.NewTextHandler(io.Discard, nil)), handlers)}
}

func (l *life) live() error {
	if err := l.begin(); err != nil {
		return err
	}
	for year := range l.plan.Years {
		if err := l.year(FirstYear + year); err != nil {
			return err
		}
		if err := l.dear(FirstYear + year); err != nil {
			return fmt.Errorf("at the end of %d: %w", FirstYear+year, err)
		}
	}
	return nil
}

// at moves the clock to an hour of a day; to that hour of the next day where it has gone by: what is recorded after a
// roll was frozen is recorded on a later day, so that the register of that day, as it was known then, is the roll.
func (l *life) at(day civil.Date, hour int) {
	t := time.Date(day.Year(), day.Month(), day.DayOfMonth(), hour, l.dice.IntN(60), l.dice.IntN(60), 0, l.db.Zone())
	if now := l.clock.Now(); !t.After(now) {
		next := civil.At(now).On(l.db.Zone()).AddDays(1)
		t = time.Date(next.Year(), next.Month(), next.DayOfMonth(), hour, t.Minute(), t.Second(), 0, l.db.Zone())
	}
	l.clock.To(t)
}

// pass lets seconds pass.
func (l *life) pass(seconds int) {
	l.clock.To(l.clock.Now().Add(time.Duration(seconds)*time.Second + time.Millisecond))
}

// chance is true n times of a hundred.
func (l *life) chance(n int) bool { return l.dice.IntN(100) < n }

func (l *life) met(event string) { l.lived.Events[event]++ }

// act is an act of a person that must be done; nil is the program itself.
func (l *life) act(who *soul, verb string, fn func(*store.Tx) error) error {
	_, err := l.do(who, verb, fn)
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return nil
}

// try is an act that the rooms may refuse: then nothing has changed.
func (l *life) try(who *soul, verb string, fn func(*store.Tx) error) (done bool, err error) {
	done, err = l.do(who, verb, fn)
	if refusals := fault.Of(err); refusals != nil {
		l.lived.Refusals++
		l.lived.Refused[refusals[0].Code]++
		return false, l.nothingChanged(verb)
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", verb, err)
	}
	return done, nil
}

// refused is an act that the rooms must refuse with a code.
func (l *life) refused(code string, who *soul, verb string, fn func(*store.Tx) error) error {
	_, err := l.do(who, verb, fn)
	if !fault.Is(err, code) {
		return fmt.Errorf("%s: want the refusal %s, got %w", verb, code, orDone(err))
	}
	l.lived.Refusals++
	l.lived.Refused[code]++
	return l.nothingChanged(verb)
}

func orDone(err error) error {
	if err == nil {
		return fmt.Errorf("it was done")
	}
	return err
}

// do runs an act and, when it was done, checks what is cheap to check.
func (l *life) do(who *soul, verb string, fn func(*store.Tx) error) (bool, error) {
	actor, place := "", -1
	if who != nil {
		actor, place = string(who.id), who.at
	}
	out, err := l.db.Act(l.ctx, store.By(actor, verb), fn)
	if err != nil {
		return false, err
	}
	l.lived.Acts++
	l.lived.Did[verb]++
	fmt.Fprintf(l.trail, "%s %d %d\n", verb, place, l.clock.Now().UnixMicro())
	if l.head != 0 && out.Number != l.head+1 {
		return true, fmt.Errorf("the act has line %d of the journal, after line %d", out.Number, l.head)
	}
	l.head = out.Number
	l.pass(1 + l.dice.IntN(20))
	return true, l.cheap()
}

// read looks at the database.
func (l *life) read(fn func(store.Reader) error) error {
	return l.db.View(l.ctx, func(v *store.View) error { return fn(v) })
}

// letters lets the worker make and send what waits, and takes note of the lines that this wrote.
func (l *life) letters() error {
	if _, err := l.worker.Drain(l.ctx); err != nil {
		return err
	}
	return l.read(func(r store.Reader) error {
		link, err := store.Head(r)
		l.head = link.Number
		return err
	})
}

// begin founds the cooperative: its bylaws, two classes of shares, its first people and board, and what an older
// register says of people who left long ago.
func (l *life) begin() error {
	l.at(civil.Day(FirstYear, time.January, 4), 9)
	if err := l.act(nil, "people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Les Longues Années",
			Form: "SC", Lang: lang.French, Home: people.Address{Street: "quai du Nord 1", Postcode: "4020", Town: "Liège"}},
			Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2008-03")})
		return err
	}); err != nil {
		return err
	}
	preset, known := bylaws.LoadPreset(l.plan.Preset)
	fault.Must(known, "no preset %q", l.plan.Preset)
	if err := l.act(nil, "bylaws.lay", func(tx *store.Tx) error {
		_, err := bylaws.Lay(tx, preset, civil.MustParse("2020-06"), bylaws.Deed{})
		return err
	}); err != nil {
		return err
	}
	for _, c := range []register.ShareClass{
		{Letter: "A", Name: "Parts ordinaires", Nominal: 250_00, Votes: 1, Holders: register.Anyone},
		{Letter: "B", Name: "Parts de soutien", Nominal: 100_00, Votes: 1, Holders: register.Anyone},
	} {
		c.Since = civil.MustParse("2008-03-01")
		if err := l.act(nil, "register.define-class", func(tx *store.Tx) (err error) {
			c.ID, err = register.DefineClass(tx, c)
			return err
		}); err != nil {
			return err
		}
		l.classes = append(l.classes, c)
	}
	if err := l.act(nil, "people.publish", func(tx *store.Tx) (err error) {
		l.consent, err = people.Publish(tx, people.ConsentText{Kind: people.Electronic, Lang: lang.French,
			Words: "J’accepte de recevoir les lettres par courrier électronique.", From: tx.Today()})
		return err
	}); err != nil {
		return err
	}
	for _, chapter := range []func() error{l.founders, l.bodies, l.opensDesk, l.oldRegister, l.growth} {
		if err := chapter(); err != nil {
			return err
		}
	}
	return nil
}

// bodies finds the assembly and the board, seats the board and sets a committee up.
func (l *life) bodies() error {
	if err := l.read(func(r store.Reader) error {
		assembly, err := people.TheBody(r, people.Assembly)
		if err != nil {
			return err
		}
		board, err := people.TheBody(r, people.Board)
		l.assembly, l.board = assembly.ID, board.ID
		return err
	}); err != nil {
		return err
	}
	if err := l.act(l.secretary, "people.open-body", func(tx *store.Tx) (err error) {
		l.committee, err = people.OpenBody(tx, people.Body{Kind: people.Committee, Name: "Comité d’accompagnement",
			From: tx.Today()})
		return err
	}); err != nil {
		return err
	}
	for i, s := range l.souls[:5] {
		role := people.Member
		switch i {
		case 0:
			role = people.Chair
		case 1:
			role = people.Secretary
		}
		if err := l.act(l.secretary, "people.open-mandate", func(tx *store.Tx) error {
			_, err := people.OpenMandate(tx, people.Mandate{Body: l.board, Person: s.id, Role: role, From: tx.Today()})
			return err
		}); err != nil {
			return err
		}
		l.seated, s.fixed = append(l.seated, s), true
	}
	return nil
}

// year is twelve months: some days of each for the office, meetings of the board, the yearly assembly with what comes
// of it, and what is done once a year.
func (l *life) year(year int) error {
	for month := time.January; month <= time.December; month++ {
		day := civil.Day(year, month, 2+l.dice.IntN(3))
		if year == FirstYear && month == time.January {
			day = civil.Day(year, month, 11)
		}
		for week := range 3 {
			l.at(day.AddDays(7*week), 9+l.dice.IntN(8))
			if err := l.office(); err != nil {
				return err
			}
		}
		err := l.monthly(month)
		if err != nil {
			return err
		}
		switch month {
		case time.January:
			err = l.statements(year - 1)
		case time.February, time.October:
			err = l.boardMeeting(year, month)
		case time.April:
			err = l.drafted(year)
		case time.May:
			err = l.convened()
		case time.June:
			err = l.theAssembly()
		case time.September:
			err = l.deeds()
		case time.November:
			err = l.once(year)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deeds puts the changes that were adopted into force.
func (l *life) deeds() error {
	for _, id := range l.pending {
		var before, after int
		count := func(n *int) error {
			return l.read(func(r store.Reader) error {
				versions, err := bylaws.Versions(r)
				*n = len(versions)
				return err
			})
		}
		if err := count(&before); err != nil {
			return err
		}
		if err := l.act(l.secretary, "bylaws.record-deed", func(tx *store.Tx) error {
			_, err := bylaws.RecordDeed(tx, id, bylaws.Deed{Notary: "Me Hennuy, Liège", SignedOn: tx.Today(),
				Reference: fmt.Sprintf("%d/%03d", tx.Today().Year(), 1+l.dice.IntN(900))})
			return err
		}); err != nil {
			return err
		}
		if err := count(&after); err != nil {
			return err
		}
		if after != before+1 {
			return fmt.Errorf("a deed made %d versions of %d", after, before)
		}
		l.met("deed")
	}
	l.pending = nil
	return nil
}

// known reads a meeting that must be there.
func (l *life) known(id meeting.ID) (m meeting.Meeting, err error) {
	err = l.read(func(r store.Reader) error {
		var found bool
		m, found, err = meeting.ByID(r, id)
		fault.Must(err != nil || found, "the meeting %s is gone", id)
		return err
	})
	return m, err
}
