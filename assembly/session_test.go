package assembly

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/bylaws"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

// evening is the day of the meeting that these tests hold.
var evening = civil.MustParse("2023-06-17")

// at is an instant of the evening.
func at(clock string) civil.Instant {
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		panic(err)
	}
	when, err := time.ParseInLocation("2006-01-02 15:04", evening.String()+" "+clock, zone)
	if err != nil {
		panic(err)
	}
	return civil.At(when)
}

// cast is who plays: three cooperators with 100 shares each, and a fourth who is not there.
type cast struct {
	body, board           people.BodyID
	agathe, joris, wivine people.PersonID
}

// stage founds the house, issues shares and enrolls the persons.
func stage(t *testing.T, db *store.DB) (c cast) {
	t.Helper()
	found(t, db)
	issue(t, db, map[register.Number]int64{1: 100, 2: 100, 3: 100, 4: 100})
	act(t, db, "people.enroll", func(tx *store.Tx) (err error) {
		for _, p := range []struct {
			id     *people.PersonID
			number register.Number
		}{{&c.agathe, 1}, {&c.joris, 2}, {&c.wivine, 3}} {
			who, err := register.CooperatorNumbered(tx, p.number)
			if err != nil {
				return err
			}
			*p.id = who.Person
		}
		assembly, err := people.TheBody(tx, people.Assembly)
		if err != nil {
			return err
		}
		board, err := people.TheBody(tx, people.Board)
		c.body, c.board = assembly.ID, board.ID
		return err
	})
	return c
}

// held is an evening with all that a living meeting knows.
func (c cast) held(tag lang.Tag) (Assembly, []Attendee) {
	list := []Attendee{{Number: 1, Person: c.agathe, Shares: 100, Channel: "room", Came: at("20:00")},
		{Number: 2, Person: c.joris, Shares: 100, Channel: "remote", Came: at("20:02"), Went: at("20:40")},
		{Number: 3, Person: c.wivine, Shares: 100, Proxy: c.agathe, Channel: "proxy", Came: at("20:00")}}
	there := Presence{At: at("20:05"), Present: vote.Both(2, 200), Remote: vote.Both(1, 100), Represented: vote.Both(1, 100),
		Total: vote.Both(3, 300), Issued: vote.Both(4, 400)}
	later := Presence{At: at("20:45"), Present: vote.Both(1, 100), Remote: vote.Both(0, 0), Represented: vote.Both(1, 100),
		Total: vote.Both(2, 200), Issued: vote.Both(4, 400)}
	judged := func(for_, against, abstain int64) vote.Outcome {
		o, err := vote.Judge(vote.Rule{Weight: vote.PerShare, Cap: vote.NoCap, Quorum: vote.NoQuorum,
			Majority: vote.MustMajority(vote.MajorityTerms{Base: vote.OfVoting, Threshold: vote.MoreThan(vote.Half)})},
			vote.Facts{Convening: vote.FirstConvening, Issued: there.Issued, Present: there.Total,
				Ballot: vote.Ballot{Kind: vote.ByCounts, Votes: vote.Counted(for_, against, abstain)}})
		if err != nil {
			panic(err)
		}
		return o
	}
	count := Counted(list)
	a := Assembly{ID: "m1", Name: "ag-2023", Body: c.body, Title: "Assemblée générale ordinaire", HeldOn: evening, Place: "Kultura",
		Language: tag, Convening: vote.FirstConvening,
		Attendance: Attendance{Present: count.Present, Represented: count.Represented, Total: count.Total, Issued: vote.Both(4, 400)},
		Items: []Item{{ID: "i1", Number: "1", Title: "Comptes 2022", Matters: []Matter{
			{ID: "x1", Kind: Accounts, Title: "Comptes 2022", Words: "La perte est de 12 000 €.", Presenters: []people.PersonID{c.agathe},
				Ballot: vote.Ballot{Kind: vote.ByCounts, Votes: vote.Counted(200, 100, 0)}, Outcome: judged(200, 100, 0),
				Lived: &Lived{Heard: at("20:10"), Polls: []Balloting{
					{Round: 1, Method: ByHands, OpenedAt: at("20:15"), ClosedAt: at("20:16"), Presence: there,
						VoidAt: at("20:18"), Void: "la deuxième rangée a été oubliée"},
					{Round: 2, Method: ByPhone, OpenedAt: at("20:20"), ClosedAt: at("20:24"), Presence: there,
						Channels: []ChannelVotes{{"phone", 1}, {"paper", 1}}, Heads: [2]string{"41d07be2", "9c3fe815"}}}}}}},
			{ID: "i2", Number: "3", Title: "Statuts", Matters: []Matter{
				{ID: "x2", Kind: BylawsChange, Title: "Article 40", Outcome: judged(150, 50, 0),
					Lived: &Lived{Heard: at("20:42"), Changes: []bylaws.Change{{Article: "40", Title: "Haies", After: "La coopérative protège aussi les haies."}},
						Polls: []Balloting{{Method: ByTellers, OpenedAt: at("20:45"), ClosedAt: at("20:50"), Presence: later,
							Left: []people.PersonID{c.joris}, Came: 1}}}}}},
			{ID: "i3", Number: "4", Title: "Élection", Matters: []Matter{
				{ID: "x3", Kind: Election, Title: "Un administrateur", Body: c.board, Elected: []people.PersonID{c.wivine},
					Candidates: []people.PersonID{c.wivine}, Lived: &Lived{Heard: at("20:55"), Until: civil.MustParse("2027-06-30")},
					Poll: &Poll{Seats: 1, Numbers: []int64{1}, Outcome: vote.ElectionOutcome{Status: vote.Recomputed, Elected: []int64{1}}}}}},
			{ID: "i4", Number: "5", Title: "Divers", Matters: []Matter{
				{ID: "x4", Kind: Information, Title: "Toiture", Stated: Presented, Words: "Les travaux commencent en août.", Lived: &Lived{Heard: at("21:00")}},
				{ID: "x5", Kind: Resolution, Title: "Parking", Lived: &Lived{Annulled: []Annulled{{at("21:02"), at("21:04"), "le vivier avait un doublon"}}}}}}},
		Retained: []Retained{{ID: "r1", Assembly: "m1", Item: "i4", ItemNumber: "5", Title: "Devis de toiture", Words: "Le conseil apporte trois devis.",
			Owner: c.board, DueOn: civil.MustParse("2023-12-31")}},
		Session: &Session{ConvenedAt: at("09:00"), OpenedAt: at("20:05"), ClosedAt: at("21:10"), Remote: "par visioconférence, sur invitation",
			Bureau: []Officer{{c.agathe, Chair, at("20:05"), at("20:30")}, {c.wivine, Chair, at("20:30"), 0}, {c.joris, Secretary, at("20:05"), 0},
				{c.wivine, Teller, at("20:05"), 0}},
			Opening: there, Closing: later, Listed: 3, Proxies: 1, List: ListHash(list),
			Incidents: []Incident{{Item: "1", At: at("20:21"), Over: at("20:23"), Remote: true, Words: "le son est coupé", Remedy: "le vote attend deux minutes"}},
			Mended:    []Mended{{At: at("20:01"), Holder: 1, Person: c.agathe, Before: 90, After: 100, Why: "souscription du 10 juin"}},
			Added:     []Added{{Item: "5", At: at("20:58"), All: vote.Both(2, 200)}},
			Review:    &Review{Until: at("23:00"), Remarks: 2, Accepted: 1}, Text: "c0ffee",
			Signed: []Signed{{Person: c.wivine, Charge: Chair, Kind: Passkey, At: at("22:00"), Hash: "ab12", Key: "ee66", Challenge: "dd55"},
				{Person: c.joris, Charge: Secretary, Kind: Typed, At: at("22:10"), Hash: "cd34"}}}}
	return a, list
}

func TestAnEveningBecomesARecord(t *testing.T) {
	storetest.Both(t, rooms, func(t *testing.T, db *store.DB) {
		b := book(t)
		c := stage(t, db)
		a, list := c.held(lang.French)
		act(t, db, "people.open-mandate", func(tx *store.Tx) error { // elected again: the earlier term ends
			_, err := people.OpenMandate(tx, people.Mandate{Body: c.board, Person: c.wivine, Role: people.Member, From: civil.MustParse("2019-06")})
			return err
		})
		act(t, db, "assembly.write", func(tx *store.Tx) error {
			_, err := Write(tx, a, list)
			return err
		})
		err := db.View(t.Context(), func(v *store.View) error {
			back, found, err := ByName(v, "ag-2023")
			if err != nil || !found {
				t.Fatal(found, err)
			}
			seated, err := people.Seated(v, c.board, evening.AddDays(1))
			if err != nil || len(seated) != 1 || seated[0].Opened != MatterID("x3").Ref() || seated[0].Until.String() != "2027-06-30" {
				t.Errorf("seated: %+v (%v)", seated, err)
			}
			amended, err := bylaws.Amendments(v)
			if err != nil || len(amended) != 1 || back.Items[1].Matters[0].Amendment != amended[0].ID {
				t.Errorf("amendments %+v (%v)", amended, err)
			}
			there, err := Attendees(v, back.ID)
			if err != nil || ListHash(there) != back.Session.List {
				t.Errorf("the list that is kept is not the one that the minutes cite (%v)", err)
			}
			points, err := RetainedPoints(v)
			if err != nil || len(points) != 1 || points[0].Meeting != "ag-2023" {
				t.Errorf("retained %+v (%v)", points, err)
			}
			a.Session.List = strings.Repeat("4f", 32) // that of persons whose ids are new in each run would differ
			back.Session.List = a.Session.List
			// what is read back writes the same minutes as what was held
			for _, tag := range lang.Tags {
				back.Language, a.Language = tag, tag
				before, err := Draft(v, a, b.In(tag))
				if err != nil {
					return err
				}
				after, err := Draft(v, back, b.In(tag))
				if err != nil {
					return err
				}
				first, _ := papers.Hash(before)
				second, err := papers.Hash(after)
				if err != nil || first != second {
					t.Errorf("%s: the minutes changed on the way (%v)", tag, err)
				}
				names, err := namesOf(v, papers.Persons(after))
				if err != nil {
					return err
				}
				var text bytes.Buffer
				if err := papers.Text(&text, after, names); err != nil {
					return err
				}
				golden(t, "testdata/evening-"+string(tag)+".txt", text.String())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		act(t, db, "assembly.freeze", func(tx *store.Tx) error {
			_, err := Freeze(tx, a.ID, b)
			return err
		})
		clean(t, db)
	})
}

// drawnAs is the text of the minutes on one line.
func drawnAs(t *testing.T, r store.Reader, a Assembly, p *lang.Printer) string {
	t.Helper()
	paper, err := Draft(r, a, p)
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := papers.Text(&text, paper, papers.NameMap{}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.FieldsFunc(text.String(), func(r rune) bool { return r == ' ' || r == '\n' || r == '\u00a0' }), " ")
}

// Before the opening the minutes tell their agenda, and of nobody that they were there.
func TestMinutesOfAMeetingAheadTellTheAgendaAlone(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	c := stage(t, db)
	b := book(t)
	for tag, says := range map[lang.Tag][2]string{
		lang.French:  {"n’est pas encore ouverte. Elle est prévue le samedi 17 juin 2023 à 20:00. Lieu : Kultura.", "Projet de procès-verbal"},
		lang.Dutch:   {"nog niet geopend. Ze is voorzien op zaterdag 17 juni 2023 om 20:00. Plaats: Kultura.", "Ontwerp van notulen"},
		lang.English: {"not open yet. It is planned for Saturday 17 June 2023 at 20:00. Place: Kultura.", "Draft minutes"}} {
		a, _ := c.held(tag)
		a.Session = &Session{StartsAt: at("20:00"), ConvenedAt: at("09:00")}
		a.Retained = nil
		for i := range a.Items {
			for j, m := range a.Items[i].Matters {
				a.Items[i].Matters[j] = Matter{ID: m.ID, Kind: m.Kind, Title: m.Title, Presenters: m.Presenters,
					Lived: &Lived{Changes: m.Lived.Changes}}
			}
		}
		err := db.View(t.Context(), func(v *store.View) error {
			drawn := drawnAs(t, v, a, b.In(tag))
			for _, want := range []string{says[0], says[1], "Comptes 2022", "La coopérative protège aussi les haies."} {
				if !strings.Contains(drawn, want) {
					t.Errorf("%s: not said: %q in\n%s", tag, want, drawn)
				}
			}
			for _, fact := range []string{"ont été présents", "waren", "were present", "Ouverture", "Opening", "abordé", "niet behandeld",
				"not dealt with", "Signatures", "│"} {
				if strings.Contains(drawn, fact) {
					t.Errorf("%s: said of a meeting that is still to come: %q in\n%s", tag, fact, drawn)
				}
			}
			a.Session.StartsAt, a.Session.ConvenedAt = 0, 0
			if drawn := drawnAs(t, v, a, b.In(tag)); strings.Contains(drawn, "2023") {
				t.Errorf("%s: a day is said that is not fixed: %s", tag, drawn)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestARecordThatIsNoneIsRefused(t *testing.T) {
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: rooms})
	c := stage(t, db)
	for code, spoil := range map[string]func(*Assembly){
		"name":             func(a *Assembly) { a.Name = "AG 2023" },
		"title":            func(a *Assembly) { a.Title = " " },
		"no-items":         func(a *Assembly) { a.Items = nil },
		"item-twice":       func(a *Assembly) { a.Items[1].Number = a.Items[0].Number },
		"future":           func(a *Assembly) { a.HeldOn = civil.MustParse("2199") },
		"kind":             func(a *Assembly) { a.Items[0].Matters[0].Kind = "song" },
		"attendance-sum":   func(a *Assembly) { a.Attendance.Total = vote.Both(9, 900) },
		"election-or-draw": func(a *Assembly) { a.Items[2].Matters[0].Effective = []people.PersonID{c.joris} },
	} {
		a, list := c.held(lang.French)
		spoil(&a)
		_, err := db.Act(t.Context(), store.By("", "assembly.write"), func(tx *store.Tx) error {
			_, err := Write(tx, a, list)
			return err
		})
		if !fault.Is(err, "assembly.refusal."+code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	a, list := c.held(lang.French)
	write := func(tx *store.Tx) error { _, err := Write(tx, a, list); return err }
	act(t, db, "assembly.write", write)
	if _, err := db.Act(t.Context(), store.By("", "assembly.write"), write); !fault.Is(err, "assembly.refusal.name-taken") {
		t.Errorf("written twice: %v", err)
	}
}
