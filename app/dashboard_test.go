package app

import (
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/meeting"
	"lieux/people"
	"lieux/register"
)

// A demand by a tenth stands on the dashboard, with its date and the days left, until the assembly is convened; late, it
// is red.
func TestTheThreeWeeksOfADemandStandOnTheDashboard(t *testing.T) {
	book, err := Book()
	if err != nil {
		t.Fatal(err)
	}
	wire()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	db, err := store.Open(t.Context(), store.Options{Folder: t.TempDir(), Rooms: Rooms,
		Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	do := func(verb string, fn func(*store.Tx) error) {
		t.Helper()
		if _, err := db.Act(t.Context(), store.By("", verb), fn); err != nil {
			t.Fatalf("%s: %v", verb, err)
		}
	}
	demands := func() (found []web.Due) {
		t.Helper()
		if err := db.View(t.Context(), func(v *store.View) error {
			list, _, err := dues(v, book.In("fr"), tally{})
			for _, d := range list {
				if strings.HasSuffix(d.Text, "6:70") {
					found = append(found, d)
				}
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return found
	}
	var holder people.PersonID
	do("app.found", func(tx *store.Tx) error {
		return tx.Quietly(func() error {
			if _, err := people.Found(tx, people.Foundation{House: people.Entry{Kind: people.Legal, Name: "Les Communs",
				Lang: "fr"}, Zone: "Europe/Brussels", HasShares: true}); err != nil {
				return err
			}
			holder, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: "Essai", Lang: "fr"})
			return err
		})
	})
	var class register.ClassID
	do("register.define-class", func(tx *store.Tx) (err error) {
		class, err = register.DefineClass(tx, register.ShareClass{Letter: "A", Name: "Parts", Nominal: 250_00, Votes: 1,
			Holders: register.Anyone, Since: tx.Today()})
		return err
	})
	do("register.issue", func(tx *store.Tx) error {
		_, err := register.Issue(tx, register.Issuance{Person: holder, Class: class, Shares: 10,
			Detail: register.Detail{Effective: tx.Today()}})
		return err
	})
	if got := demands(); len(got) > 0 {
		t.Fatalf("nobody demands: %+v", got)
	}
	var id meeting.DemandID
	do("meeting.demand", func(tx *store.Tx) (err error) {
		id, err = meeting.RecordDemand(tx, meeting.Demand{ReceivedOn: tx.Today(), Words: "Par lettre.",
			Points: []meeting.Point{{Title: "Le loyer du café"}}}, []people.PersonID{holder})
		return err
	})
	stands := func(left, href string, late bool) {
		t.Helper()
		got := demands()
		if len(got) != 1 || got[0].At != "2026-03-23" || !strings.Contains(got[0].Left, left) || got[0].Late != late ||
			got[0].Href != href {
			t.Fatalf("the dashboard says %+v; want %q, %s, late %t", got, left, href, late)
		}
	}
	stands("21 jours", "/demands/"+string(id), false)
	now = now.AddDate(0, 0, 20)
	stands("un jour", "/demands/"+string(id), false)
	now = now.AddDate(0, 0, 4)
	stands("3 jours", "/demands/"+string(id), true)
	var made meeting.ID
	do("meeting.draft", func(tx *store.Tx) error {
		general, err := people.TheBody(tx, people.Assembly)
		if err == nil {
			made, err = meeting.Draft(tx, meeting.Meeting{Name: "ag-demandee", Title: "Assemblée demandée", Body: general.ID,
				Place:    "Liège",
				StartsAt: civil.At(now.AddDate(0, 0, 30)), Language: "fr", Demand: id, Items: []meeting.Item{{Title: "Divers",
					Matters: []meeting.Matter{{Kind: assembly.Outlook}}}}})
		}
		return err
	})
	stands("3 jours", "/meetings/ag-demandee", true) // a draft convenes nobody
	do("meeting.mark-convened", func(tx *store.Tx) error { return meeting.MarkConvened(tx, made) })
	if got := demands(); len(got) > 0 {
		t.Fatalf("the assembly is convened: %+v", got)
	}
}

func TestTheDashboardIsInTheOrderOfDoing(t *testing.T) {
	order := inOrderOfDoing(civil.MustParse("2026-11-23"))
	list := []web.Due{{Late: true}, {At: "2016-10-31", Late: true}, {At: "2025-06-30", Late: true}, {At: "2026-11-23"},
		{At: "2026-12-03"}, {}, {At: "2017-06-11"}}
	for i, a := range list {
		for j, b := range list {
			if got := order(a, b); i < j && got >= 0 || i > j && got <= 0 {
				t.Errorf("%+v and %+v are compared to %d", a, b, got)
			}
		}
	}
}
