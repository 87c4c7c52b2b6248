package meeting

import (
	"testing"

	"lieux/assembly"
	"lieux/base/store"
	"lieux/people"
)

// 200 shares are issued: a tenth is 20.
func TestATenthOfTheSharesStartsThreeWeeks(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		var id DemandID
		wish := Demand{ReceivedOn: at("2026-03-01").On(c.db.Zone()), Words: "Par lettre.", Points: []Point{
			{Title: "Le loyer du café", Words: "Que l’assemblée en décide."}, {Kind: assembly.Information, Title: "Les travaux"}}}
		record := func(by ...people.PersonID) func(*store.Tx) error {
			return func(tx *store.Tx) (err error) { id, err = RecordDemand(tx, wish, by); return err }
		}
		c.refused("meeting.refusal.nobody", record())
		stranger := people.PersonID("")
		c.act("people.enroll", func(tx *store.Tx) (err error) {
			stranger, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Lou", Family: "Dehors", Lang: "fr"})
			return err
		})
		c.refused("meeting.refusal.no-shares", record(c.persons[0], stranger))
		c.act("meeting.demand", record(c.persons[0]))
		get := func() (d Demand) {
			c.view(func(v *store.View) (err error) { d, _, err = DemandByID(v, id); return err })
			return d
		}
		d := get()
		if d.Reached() || d.Shares() != 10 || d.Issued() != 200 || d.Needed() != 20 || !d.Due().IsZero() || !d.Open() {
			t.Fatalf("10 shares of 200: %+v", d)
		}
		meeting := Meeting{Name: "ag-demandee", Title: "Assemblée demandée", Body: c.ag, Language: "fr", Demand: id,
			Items: []Item{{Title: "Divers", Matters: []Matter{{Kind: assembly.Outlook}}}}}
		c.refused("meeting.refusal.no-tenth", func(tx *store.Tx) error { _, err := Draft(tx, meeting); return err })
		join := func(on string, by ...people.PersonID) func(*store.Tx) error {
			return func(tx *store.Tx) error { return Join(tx, id, by, at(on).On(c.db.Zone())) }
		}
		c.refused("meeting.refusal.joined", join("2026-02-28", c.persons[1]))
		c.refused("meeting.refusal.joined-twice", join("2026-03-02", c.persons[0]))
		c.act("meeting.join", join("2026-03-02", c.persons[1]))
		if d = get(); !d.Reached() || d.ReachedOn.String() != "2026-03-02" || d.Due().String() != "2026-03-23" || d.Shares() != 30 {
			t.Fatalf("30 shares of 200: %+v", d)
		}
		c.view(func(v *store.View) error {
			known, err := Known(v, c.persons[1])
			if len(known) != 1 || len(known[0].Rows) != 1 || known[0].Rows[0][2] != int64(20) {
				t.Errorf("known of the second supporter: %+v", known)
			}
			due, failed := Deadlines(v)
			if len(due) != 1 || due[0].Demand != id || due[0].On.String() != "2026-03-23" || failed != nil {
				t.Errorf("deadlines: %+v, %v", due, failed)
			}
			return err
		})
		var made ID
		c.act("meeting.draft", func(tx *store.Tx) (err error) { made, err = Draft(tx, meeting); return err })
		if got := agenda(c.get(made)); got != "1 Le loyer du café [resolution]\n2 Les travaux [information]\n3 Divers [outlook]\n" {
			t.Errorf("the agenda is\n%s", got)
		}
		c.wants(made, "meeting.warn.demand")
		c.view(func(v *store.View) error {
			due, err := Deadlines(v)
			if len(due) != 1 || due[0].Name != "ag-demandee" || due[0].Article != demandArticle {
				t.Errorf("deadlines: %+v", due)
			}
			return err
		})
		*c.now = c.now.AddDate(0, 0, 22)
		c.wants(made, "meeting.warn.demand-late")
		if d = get(); d.Open() || d.Meeting != made {
			t.Errorf("the demand has its meeting: %+v", d)
		}
		c.refused("meeting.refusal.demand-over", join("2026-03-02", c.persons[2]))
		c.refused("meeting.refusal.demand-over", func(tx *store.Tx) error { return WithdrawDemand(tx, id, "plus utile") })
		// A meeting that is cancelled leaves the demand unanswered.
		c.act("meeting.cancel", func(tx *store.Tx) error { return Cancel(tx, made, "salle prise") })
		if d = get(); !d.Open() {
			t.Error("the demand waits again for a meeting")
		}
		c.act("meeting.withdraw-demand", func(tx *store.Tx) error { return WithdrawDemand(tx, id, "plus utile") })
		if d = get(); d.Open() || d.Why != "plus utile" {
			t.Errorf("the demand is withdrawn: %+v", d)
		}
	})
}

// Exactly a tenth is a tenth, and one share less is not.
func TestTheTenthItself(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		for person, want := range map[int]bool{0: false, 1: true} { // 10 and 20 of 200
			c.act("meeting.demand", func(tx *store.Tx) error {
				id, err := RecordDemand(tx, Demand{ReceivedOn: tx.Today(), Points: []Point{{Title: "Un point"}}}, c.persons[person:person+1])
				if err != nil {
					return err
				}
				d, _, err := DemandByID(tx, id)
				if d.Reached() != want {
					t.Errorf("%d shares of 200: reached is %t", d.Shares(), d.Reached())
				}
				return err
			})
		}
	})
}
