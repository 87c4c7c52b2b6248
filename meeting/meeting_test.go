package meeting

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

var rooms = []store.Room{documents.Room, people.Room, bylaws.Room, register.Room, assembly.Room, Room}

func TestMain(m *testing.M) { storetest.Main(m) }

func TestStatementsAreUnderstood(t *testing.T) { storetest.PrepareAll(t, rooms) }

// today is the day of the tests' house: 2 March 2026.
var today = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// coop is a cooperative with five cooperators: A 10, B 20, C 30, D 40 and E 100 shares.
type coop struct {
	t       *testing.T
	db      *store.DB
	now     *time.Time
	ag      people.BodyID
	board   people.BodyID
	persons []people.PersonID
}

// both runs a story on each engine.
func both(t *testing.T, story func(t *testing.T, c *coop)) {
	t.Helper()
	storetest.BothPlaces(t, func(t *testing.T, o store.Options) {
		now := today
		o.Rooms, o.Clock = rooms, func() time.Time { return now }
		c := &coop{t: t, db: storetest.Open(t, o), now: &now}
		c.found()
		story(t, c)
		report, err := c.db.Check(t.Context())
		if err != nil || len(report.Findings) > 0 {
			t.Errorf("the check finds %v, %v", report.Findings, err)
		}
	})
}

func (c *coop) found() {
	c.t.Helper()
	c.act("people.found", func(tx *store.Tx) error {
		_, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Dynamo Coop",
			Form: "SC", Lang: lang.French}, Zone: "Europe/Brussels", HasShares: true, FoundedOn: civil.MustParse("2015-06")})
		return err
	})
	c.act("bylaws.lay", func(tx *store.Tx) error {
		p, _ := bylaws.LoadPreset("dynamo-2015")
		_, err := bylaws.Lay(tx, p, civil.MustParse("2015-06"), bylaws.Deed{})
		return err
	})
	c.act("register.issue", func(tx *store.Tx) error {
		class, err := register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: civil.MustParse("2015-06-01")})
		for i, shares := range []int64{10, 20, 30, 40, 100} {
			if err != nil {
				return err
			}
			var person people.PersonID
			if person, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Alix",
				Family: "Anciaux" + string(rune('a'+i)), Lang: lang.French}); err == nil {
				c.persons = append(c.persons, person)
				_, err = register.Issue(tx, register.Issuance{Person: person, Class: class, Shares: shares,
					Detail: register.Detail{Effective: civil.MustParse("2016-01-01")}})
			}
		}
		if err != nil {
			return err
		}
		ag, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		board, err := people.TheBody(tx, people.Board)
		c.ag, c.board = ag.ID, board.ID
		return err
	})
}

func (c *coop) act(verb string, fn func(*store.Tx) error) {
	c.t.Helper()
	if err := c.try(verb, fn); err != nil {
		c.t.Fatalf("%s: %v", verb, err)
	}
}

func (c *coop) try(verb string, fn func(*store.Tx) error) error {
	_, err := c.db.Act(c.t.Context(), store.By("", verb), fn)
	return err
}

// refused wants an act to be refused with a code, and to leave nothing.
func (c *coop) refused(code string, fn func(*store.Tx) error) {
	c.t.Helper()
	before := c.db.Head()
	if err := c.try("meeting.test", fn); !fault.Is(err, code) {
		c.t.Errorf("want the refusal %s, got %v", code, err)
	}
	if c.db.Head() != before {
		c.t.Errorf("what was refused (%s) left a line", code)
	}
}

func (c *coop) view(fn func(*store.View) error) {
	c.t.Helper()
	if err := c.db.View(c.t.Context(), fn); err != nil {
		c.t.Fatal(err)
	}
}

func (c *coop) draft(m Meeting) ID {
	c.t.Helper()
	if m.Name == "" {
		m.Name = "ag-2026"
	}
	if m.Title == "" {
		m.Title = "Assemblée générale de 2026"
	}
	if m.Body == "" {
		m.Body = c.ag
	}
	m.Language = lang.French
	var id ID
	c.act("meeting.draft", func(tx *store.Tx) (err error) { id, err = Draft(tx, m); return err })
	return id
}

func (c *coop) get(id ID) Meeting {
	c.t.Helper()
	var m Meeting
	c.view(func(v *store.View) (err error) {
		found := false
		if m, found, err = ByID(v, id); err == nil && !found {
			err = fmt.Errorf("no meeting %s", id)
		}
		return err
	})
	return m
}

// agenda is the points as "1 Title [kind kind]", one a line.
func agenda(m Meeting) string {
	var b strings.Builder
	for _, item := range m.Items {
		b.WriteString(item.Number + " " + item.Title + " [")
		for i, x := range item.Matters {
			if i > 0 {
				b.WriteString(" ")
			}
			b.WriteString(string(x.Kind))
		}
		b.WriteString("]\n")
	}
	return b.String()
}

func (c *coop) document(name string) string {
	c.t.Helper()
	u, err := documents.Take(name, strings.NewReader("%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"))
	if err != nil {
		c.t.Fatal(err)
	}
	var d documents.Document
	c.act("documents.add", func(tx *store.Tx) (err error) { d, err = documents.Add(tx, u); return err })
	return d.ID
}

// at is an instant of a day, at two in the afternoon in Brussels.
func at(day string) civil.Instant {
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		panic(err)
	}
	d := civil.MustParse(day)
	return civil.At(time.Date(d.Year(), d.Month(), d.DayOfMonth(), 14, 0, 0, 0, brussels))
}

func TestAMeetingFromItsDraftToItsEnd(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		id := c.draft(Meeting{Items: []Item{{Title: "Ouverture", Matters: []Matter{{Kind: assembly.Information}}}}})
		m := c.get(id)
		if m.State() != Drafted || m.Kind != people.Assembly || m.Convening != vote.FirstConvening || m.Version != 1 {
			t.Fatalf("the draft is %+v", m)
		}
		c.refused("meeting.refusal.no-day", func(tx *store.Tx) error { return MarkConvened(tx, id) })
		m.StartsAt, m.Place = at("2026-06-06"), "La Halle, rue du Moulin 12, 4020 Liège"
		c.act("meeting.change", func(tx *store.Tx) error { return Change(tx, m) })
		c.refused("meeting.refusal.stale", func(tx *store.Tx) error { return Change(tx, m) })
		c.refused("meeting.refusal.not-opened", func(tx *store.Tx) error { return MarkClosed(tx, id) })
		c.act("meeting.convene", func(tx *store.Tx) error { return MarkConvened(tx, id) })
		sent := c.get(id).ConvenedAt
		*c.now = c.now.AddDate(0, 0, 1)
		c.act("meeting.convene", func(tx *store.Tx) error { return MarkConvened(tx, id) })
		if m = c.get(id); m.ConvenedAt != sent || m.State() != Convened {
			t.Errorf("later letters moved the dispatch from %d to %d (%s)", sent, m.ConvenedAt, m.State())
		}
		m.Place = "Ailleurs"
		c.act("meeting.change", func(tx *store.Tx) error { return Change(tx, m) })
		if m = c.get(id); m.AlteredAt == 0 || m.Version != 3 {
			t.Errorf("a moved meeting is not marked: %+v", m)
		}
		m.Place = ""
		c.refused("meeting.refusal.announced", func(tx *store.Tx) error { return Change(tx, m) })
		c.act("meeting.open", func(tx *store.Tx) error { return MarkOpened(tx, id) })
		c.refused("meeting.refusal.opened", func(tx *store.Tx) error { return MarkOpened(tx, id) })
		c.refused("meeting.refusal.opened", func(tx *store.Tx) error { return Cancel(tx, id, "trop tard") })
		c.act("meeting.close", func(tx *store.Tx) error { return MarkClosed(tx, id) })
		c.refused("meeting.refusal.closed", func(tx *store.Tx) error {
			_, err := AddItem(tx, id, Item{Title: "Encore"})
			return err
		})
		if m = c.get(id); m.State() != Closed || !m.Over() {
			t.Errorf("it is %s", m.State())
		}
		c.view(func(v *store.View) error {
			entries, err := store.Entries(v, store.Filter{About: id.Ref()})
			if len(entries) != 7 {
				t.Errorf("the journal tells %d lines of the meeting", len(entries))
			}
			return err
		})
	})
}

func TestWhatIsNoMeetingIsRefused(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		c.draft(Meeting{})
		c.act("assembly.take-in", func(tx *store.Tx) error { return takeIn(tx, "ag-2019", "2019-06-15", "", "") })
		good := Meeting{Name: "ca-1", Title: "Réunion", Body: c.board, Language: lang.French}
		for code, spoil := range map[string]func(*Meeting){
			"meeting.refusal.name-taken":  func(m *Meeting) { m.Name = "ag-2026" },
			"meeting.refusal.name":        func(m *Meeting) { m.Name = "AG 2026" },
			"meeting.refusal.title":       func(m *Meeting) { m.Title = "  " },
			"meeting.refusal.long":        func(m *Meeting) { m.Place = strings.Repeat("x", MaxPlace+1) },
			"meeting.refusal.language":    func(m *Meeting) { m.Language = "de" },
			"meeting.refusal.convening":   func(m *Meeting) { m.Convening = "third" },
			"meeting.refusal.day":         func(m *Meeting) { m.StartsAt = at("2026-03-01") },
			"meeting.refusal.roll-day":    func(m *Meeting) { m.StartsAt, m.RollOn = at("2026-04-01"), civil.MustParse("2026-04-02") },
			"people.refusal.unknown-body": func(m *Meeting) { m.Body = "nobody" },
			"meeting.refusal.kind": func(m *Meeting) {
				m.Items = []Item{{Title: "Statuts", Matters: []Matter{{Kind: assembly.BylawsChange}}}}
			},
			"meeting.refusal.demand-unknown": func(m *Meeting) { m.Demand = "none" },
			"meeting.refusal.number-taken": func(m *Meeting) {
				m.Items = []Item{{Number: "1", Title: "Un"}, {Number: "1", Title: "Deux"}}
			},
			"meeting.refusal.person": func(m *Meeting) {
				m.Items = []Item{{Matters: []Matter{{Kind: assembly.Note, Presenters: []people.PersonID{c.persons[0], c.persons[0]}}}}}
			},
			"meeting.refusal.earlier": func(m *Meeting) {
				m.Items = []Item{{Matters: []Matter{{Kind: assembly.EarlierMinutes, Earlier: "ag-1900"}}}}
			},
			"meeting.refusal.retained": func(m *Meeting) {
				m.Items = []Item{{Matters: []Matter{{Kind: assembly.Note, Answers: []assembly.RetainedID{"none"}}}}}
			},
			"meeting.refusal.number-of": func(m *Meeting) {
				m.Items = []Item{{Matters: []Matter{{Kind: assembly.Election, Seats: MaxSeats + 1}}}}
			},
			"meeting.refusal.until": func(m *Meeting) {
				m.Items = []Item{{Matters: []Matter{{Kind: assembly.Election, Until: civil.MustParse("2025-06")}}}}
			},
		} {
			m := good
			spoil(&m)
			c.refused(code, func(tx *store.Tx) error { _, err := Draft(tx, m); return err })
		}
		m := good
		m.Name = "ag-2019"
		c.refused("meeting.refusal.name-taken", func(tx *store.Tx) error { _, err := Draft(tx, m); return err })
	})
}

// takeIn takes a short record in: an assembly with its attendance and what it retained.
func takeIn(tx *store.Tx, name, held, attendance, more string) error {
	f, err := assembly.Parse(strings.NewReader("format: lieux-assembly/1\nname: " + name + "\ntitle: Assemblée de " + held[:4] +
		"\nheld: \"" + held + "\"\nconvening: first\n" + attendance + "items:\n  - number: \"1\"\n    title: Accueil\n    matters:\n" +
		"      - {kind: information, stated: presented}\n" + more))
	if err == nil {
		_, err = assembly.TakeIn(tx, f)
	}
	return err
}

func TestTheAgendaIsPutInOrder(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		id := c.draft(Meeting{Items: []Item{
			{Number: "1", Title: "Un", Matters: []Matter{{Kind: assembly.Note}, {Kind: assembly.Charter}}},
			{Number: "3", Title: "Trois", Matters: []Matter{{Kind: assembly.Outlook}}}, {Title: "Quatre"}}})
		m := c.get(id)
		if got := agenda(m); got != "1 Un [note charter]\n3 Trois [outlook]\n4 Quatre []\n" {
			t.Fatalf("the agenda is\n%s", got)
		}
		last := m.Items[2].ID
		for range 2 { // a form sent twice
			c.act("meeting.move-item", func(tx *store.Tx) error { return MoveItem(tx, last, 1) })
		}
		c.act("meeting.move-matter", func(tx *store.Tx) error { return MoveMatter(tx, m.Items[0].Matters[0].ID, 99) })
		if got := agenda(c.get(id)); got != "4 Quatre []\n1 Un [charter note]\n3 Trois [outlook]\n" {
			t.Errorf("after moving\n%s", got)
		}
		c.refused("meeting.refusal.number-taken", func(tx *store.Tx) error {
			return ChangeItem(tx, Item{ID: last, Version: 1, Number: "3", Title: "Quatre"})
		})
		c.act("meeting.change-item", func(tx *store.Tx) error {
			return ChangeItem(tx, Item{ID: last, Version: 1, Number: "0", Title: "Accueil"})
		})
		c.refused("meeting.refusal.stale", func(tx *store.Tx) error {
			return ChangeItem(tx, Item{ID: last, Version: 1, Number: "0", Title: "Autre accueil"})
		})
		c.act("meeting.remove-matter", func(tx *store.Tx) error { return RemoveMatter(tx, m.Items[0].Matters[0].ID) })
		c.act("meeting.remove-item", func(tx *store.Tx) error { return RemoveItem(tx, m.Items[1].ID) })
		c.refused("meeting.refusal.item-unknown", func(tx *store.Tx) error { return RemoveItem(tx, m.Items[1].ID) })
		c.act("meeting.renumber", func(tx *store.Tx) error { return Renumber(tx, id) })
		if got := agenda(c.get(id)); got != "1 Accueil []\n2 Un [charter]\n" {
			t.Errorf("in the end\n%s", got)
		}
	})
}

func TestOfTwoEditorsTheSecondSeesBothTexts(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		id := c.draft(Meeting{Items: []Item{{Title: "Charte", Matters: []Matter{{Kind: assembly.Resolution, Words: "Premier texte"}}}}})
		mine := c.get(id).Matters()[0]
		theirs := mine
		mine.Words, theirs.Words = "Mon texte", "Leur texte"
		c.act("meeting.change-matter", func(tx *store.Tx) error { return ChangeMatter(tx, theirs) })
		c.refused("meeting.refusal.stale", func(tx *store.Tx) error { return ChangeMatter(tx, mine) })
		stored := c.get(id).Matters()[0]
		if stored.Words != "Leur texte" || stored.Version != 2 || stored.AlteredAt != 0 {
			t.Errorf("it says %q in version %d", stored.Words, stored.Version)
		}
		Hooks.Voted = func(store.Reader, ID, MatterID) (bool, error) { return true, nil }
		defer func() { Hooks.Voted = nil }()
		c.refused("meeting.refusal.voted", func(tx *store.Tx) error { return ChangeMatter(tx, stored) })
		c.refused("meeting.refusal.voted", func(tx *store.Tx) error { return RemoveMatter(tx, stored.ID) })
	})
}

func TestAMatterKeepsWhatItsKindAsks(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		id := c.draft(Meeting{Items: []Item{{Title: "Élection", Matters: []Matter{{Kind: assembly.Election, Body: c.board, Seats: 2,
			Until: civil.MustParse("2029-06-30"), Candidates: c.persons[:2], Presenters: c.persons[4:], Effective: 9, Earlier: "ag-1900"}}}}})
		x := c.get(id).Matters()[0]
		if x.Title != "Élection" || x.Seats != 2 || len(x.Candidates) != 2 || x.Candidates[1] != c.persons[1] || len(x.Presenters) != 1 ||
			x.Effective != 0 || x.Earlier != "" || x.Until.String() != "2029-06-30" {
			t.Errorf("the election is %+v", x)
		}
		c.view(func(v *store.View) error {
			known, err := Known(v, c.persons[4])
			if len(known) != 1 || len(known[0].Rows) != 1 || known[0].Rows[0][1] != "Élection" {
				t.Errorf("known of who presents: %+v", known)
			}
			nothing, failed := Known(v, c.persons[3])
			if len(nothing) != 0 || failed != nil {
				t.Errorf("known of somebody else: %+v, %v", nothing, failed)
			}
			return err
		})
		x.Kind, x.Changes = assembly.BylawsChange, []bylaws.Change{{Article: "9", Title: "Parts", Before: "a", After: "b"}}
		c.act("meeting.change-matter", func(tx *store.Tx) error { return ChangeMatter(tx, x) })
		if x = c.get(id).Matters()[0]; x.Seats != 0 || len(x.Candidates) != 0 || x.Body != "" || len(x.Changes) != 1 || x.Changes[0].After != "b" {
			t.Errorf("the change of the bylaws is %+v", x)
		}
	})
}

func TestAfterTheLettersTheAgendaIsClosed(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		paper := c.document("comptes.pdf")
		id := c.draft(Meeting{StartsAt: at("2026-06-06"), Place: "Liège", Items: []Item{{Title: "Comptes",
			Matters: []Matter{{Kind: assembly.Accounts, Papers: []Paper{{Need: YearAccounts, Title: "Comptes 2025", Document: paper}}}}}}})
		c.act("meeting.convene", func(tx *store.Tx) error { return MarkConvened(tx, id) })
		*c.now = c.now.AddDate(0, 0, 1)
		m := c.get(id)
		item, x := m.Items[0], m.Matters()[0]
		for _, act := range []func(*store.Tx) error{
			func(tx *store.Tx) error { return RemoveItem(tx, item.ID) },
			func(tx *store.Tx) error { return RemoveMatter(tx, x.ID) },
			func(tx *store.Tx) error { return RemovePaper(tx, x.Papers[0].ID) },
			func(tx *store.Tx) error { return Renumber(tx, id) },
		} {
			c.refused("meeting.refusal.announced", act)
		}
		c.refused("meeting.refusal.announced-item", func(tx *store.Tx) error {
			_, err := AddMatter(tx, item.ID, Matter{Kind: assembly.Note})
			return err
		})
		var added ItemID
		c.act("meeting.add-item", func(tx *store.Tx) (err error) {
			added, err = AddItem(tx, id, Item{Title: "Divers", Matters: []Matter{{Kind: assembly.Resolution, Words: "Peindre"}}})
			return err
		})
		late := c.document("rapport.pdf")
		var paperID PaperID
		c.act("meeting.add-paper", func(tx *store.Tx) (err error) {
			paperID, err = AddPaper(tx, x.ID, Paper{Title: "Rapport", Document: late})
			return err
		})
		x.Words = "Les comptes sont joints."
		c.act("meeting.change-matter", func(tx *store.Tx) error { return ChangeMatter(tx, x) })
		m = c.get(id)
		if m.Items[1].AddedAt == 0 || m.Items[0].AddedAt != 0 || m.Matters()[0].AlteredAt == 0 || m.Matters()[1].AlteredAt != 0 {
			t.Errorf("what came after the letters is not marked: %+v", m.Items)
		}
		c.wants(id, "meeting.warn.added", "meeting.warn.altered")
		c.act("meeting.remove-paper", func(tx *store.Tx) error { return RemovePaper(tx, paperID) })
		c.refused("meeting.refusal.paper-unknown", func(tx *store.Tx) error { return RemovePaper(tx, paperID) })
		c.act("meeting.remove-item", func(tx *store.Tx) error { return RemoveItem(tx, added) })
		if got := agenda(c.get(id)); got != "1 Comptes [accounts]\n" {
			t.Errorf("the agenda is\n%s", got)
		}
	})
}

// wants asks for warnings by their codes.
func (c *coop) wants(id ID, codes ...string) {
	c.t.Helper()
	got := map[string]bool{}
	c.view(func(v *store.View) error {
		list, err := Warnings(v, c.get(id))
		for _, w := range list {
			got[w.Say.Code] = true
		}
		return err
	})
	for _, code := range codes {
		if !got[code] {
			c.t.Errorf("%s is not among %v", code, got)
		}
	}
}

func TestWhatWasRetainedComesBackUntilItIsAnswered(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		c.act("assembly.take-in", func(tx *store.Tx) error {
			return takeIn(tx, "ag-2024", "2024-06-15", "", `    retained:
      - {title: Formulaire papier, text: "Le garder.", named: la trésorière}
      - {title: Vélos, text: "Un abri.", named: la trésorière}
`)
		})
		id := c.draft(Meeting{Items: []Item{{Title: "Accueil", Matters: []Matter{{Kind: assembly.Information}}}}})
		m := c.get(id)
		if got := agenda(m); got != "1 Accueil [information]\n2 Suites données aux points retenus [information information]\n" {
			t.Fatalf("the agenda is\n%s", got)
		}
		x := m.Items[1].Matters[0]
		if x.Title != "Formulaire papier" || len(x.Answers) != 1 {
			t.Errorf("the first point is %+v", x)
		}
		c.wants(id, "meeting.warn.unanswered", "meeting.warn.unapproved")
		c.view(func(v *store.View) error {
			list, err := Warnings(v, m)
			for _, w := range list { // an assembly is told by its day, never by its short name
				if said := say(lang.French).Words(w.Say); w.Say.Code == "meeting.warn.unanswered" &&
					(!strings.Contains(said, "15\u00a0juin 2024") || strings.Contains(said, "ag-2024")) {
					t.Errorf("the warning says %q", said)
				}
			}
			return err
		})
		c.act("meeting.remove-matter", func(tx *store.Tx) error { return RemoveMatter(tx, x.ID) })
		c.wants(id, "meeting.warn.owed")
		// The board's own meetings owe no answer to the assembly's points.
		if other := c.get(c.draft(Meeting{Name: "ca-2026", Body: c.board})); len(other.Items) != 0 {
			t.Errorf("the board answers for the assembly: %+v", other.Items)
		}
		c.act("assembly.answer", func(tx *store.Tx) error {
			return assembly.AnswerRetained(tx, x.Answers[0], assembly.Answer{On: tx.Today(), Words: "Gardé.", Closes: true})
		})
		again := c.get(c.draft(Meeting{Name: "ag-2026-bis"}))
		if len(again.Matters()) != 1 || again.Matters()[0].Title != "Vélos" {
			t.Errorf("an answered point comes back: %+v", again.Matters())
		}
		// Items that the chair has numbered, with what is to come at the end, leave room for what is owed.
		numbered := c.get(c.draft(Meeting{Name: "ag-2026-ter", Items: []Item{
			{Number: "1", Title: "Accueil", Matters: []Matter{{Kind: assembly.Information}}},
			{Number: "2", Title: "Perspectives", Matters: []Matter{{Kind: assembly.Outlook}}}}}))
		if len(numbered.Items) != 3 || numbered.Items[1].Number != "3" || numbered.Items[2].Number != "2" {
			t.Errorf("the agenda is\n%s", agenda(numbered))
		}
	})
}

func TestABoardHasASecondMeetingAndNoAssembly(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		council := c.draft(Meeting{Name: "ca-2026", Title: "Conseil de juin", Body: c.board,
			Items: []Item{{Title: "Hall", Matters: []Matter{{Kind: assembly.Information, Title: "Louer le hall"}}}}})
		c.act("meeting.repeat", func(tx *store.Tx) (err error) { council, err = Repeat(tx, council); return err })
		if got := c.get(council).Title; got != "Conseil de juin – seconde réunion" {
			t.Errorf("the second meeting of the board is called %q", got)
		}
	})
}

func TestASecondAssemblyHasTheSameAgenda(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		paper := c.document("rapport.pdf")
		first := c.draft(Meeting{StartsAt: at("2026-06-06"), Place: "Liège", Items: []Item{{Number: "7", Title: "Statuts",
			Matters: []Matter{{Kind: assembly.PurposeChange, Changes: []bylaws.Change{{Article: "3", After: "Habiter"}},
				Papers: []Paper{{Need: PurposeReport, Title: "Rapport", Document: paper}}}}}}})
		var second ID
		c.act("meeting.repeat", func(tx *store.Tx) (err error) { second, err = Repeat(tx, first); return err })
		c.refused("meeting.refusal.repeated", func(tx *store.Tx) error { _, err := Repeat(tx, first); return err })
		c.refused("meeting.refusal.second", func(tx *store.Tx) error { _, err := Repeat(tx, second); return err })
		a, b := c.get(first), c.get(second)
		if b.Name != "ag-2026-2" || b.Convening != vote.SecondConvening || b.Earlier != first || b.StartsAt != 0 || agenda(a) != agenda(b) {
			t.Errorf("the second is %+v", b)
		}
		if b.Title != a.Title+" – seconde assemblée" {
			t.Errorf("the second is called %q", b.Title)
		}
		x, y := a.Matters()[0], b.Matters()[0]
		if x.ID == y.ID || len(y.Changes) != 1 || len(y.Papers) != 1 || y.Papers[0].Document != x.Papers[0].Document {
			t.Errorf("the matter is %+v", y)
		}
		b.StartsAt = at("2026-06-06")
		c.act("meeting.change", func(tx *store.Tx) error { return Change(tx, b) })
		c.wants(second, "meeting.warn.before-first")
		c.act("meeting.cancel", func(tx *store.Tx) error { return Cancel(tx, second, "La première a suffi.") })
		c.act("meeting.repeat", func(tx *store.Tx) (err error) { second, err = Repeat(tx, first); return err })
		if again := c.get(second); again.Name != "ag-2026-3" {
			t.Errorf("the third is called %s", again.Name)
		}
		c.view(func(v *store.View) error {
			coming, err := Coming(v)
			if len(coming) != 2 || coming[0].ID != first || coming[1].ID != second {
				t.Errorf("coming are %+v", coming)
			}
			return err
		})
	})
}
