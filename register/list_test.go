package register

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
)

// village is a small cooperative: four persons and a body that holds most of the shares.
//
//	1 Grégoire Paquay, Liège, 4 shares, paid half       2 Lut van den Berg, Gent, 10 shares
//	3 Atelier Roture ASBL, Liège, 60 shares              4 Zoé Dupont, no address, no e-mail, 2 shares
func village(h *house) (ids []people.PersonID) {
	h.Helper()
	h.act("bylaws.lay", func(tx *store.Tx) error {
		preset, ok := bylaws.LoadPreset("ten-percent")
		if !ok {
			h.Fatal("no such preset")
		}
		_, err := bylaws.Lay(tx, preset, day("2015-01-01"), bylaws.Deed{})
		return err
	})
	enroll := func(e people.Entry) people.PersonID {
		e.Lang = lang.French
		h.act("people.enroll", func(tx *store.Tx) error {
			id, err := people.Enroll(tx, e)
			ids = append(ids, id)
			return err
		})
		return ids[len(ids)-1]
	}
	h.clock.day = day("2015-07-01")
	h.issue(enroll(people.Entry{Kind: people.Natural, Given: "Grégoire", Family: "Paquay", Emails: []string{"gp@courriel.exemple"},
		Home: people.Address{Street: "rue Basse 1", Postcode: "4000", Town: "Liège"}}), 4, 500_00, "2015-07-01")
	h.issue(enroll(people.Entry{Kind: people.Natural, Given: "Lut", Family: "van den Berg", Emails: []string{"Lut@post.voorbeeld"},
		Home: people.Address{Street: "Veldstraat 2", Postcode: "9000", Town: "Gent"}}), 10, 2500_00, "2015-07-01")
	h.clock.day = day("2016-03-01")
	h.issue(enroll(people.Entry{Kind: people.Legal, Name: "Atelier Roture", Form: "ASBL", Emails: []string{"lut@post.voorbeeld"},
		Home: people.Address{Street: "rue Roture 13", Postcode: "4020", Town: "Liège"}}), 60, 15000_00, "2016-03-01")
	h.issue(enroll(people.Entry{Kind: people.Natural, Given: "Zoé", Family: "Dupont"}), 2, 500_00, "2016-03-01")
	return ids
}

func (h *house) directory(on, known string) (d *Directory) {
	h.Helper()
	k := civil.Date{}
	if known != "" {
		k = day(known)
	}
	h.view(func(v *store.View) (err error) {
		d, err = DirectoryOn(v, day(on), k)
		return err
	})
	return d
}

// found are the numbers of a listing, in its order.
func found(l Listing) string {
	var numbers []string
	for _, r := range l.Rows {
		numbers = append(numbers, r.Number.String())
	}
	return strings.Join(numbers, " ")
}

func TestTheDirectoryIsSearchedAsPeopleTypeIt(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		village(h)
		d := h.directory("2016-12-31", "")
		for _, c := range []struct{ name, text, want string }{
			{"everybody", "", "1 2 3 4"},
			{"without accents", "gregoire", "1"},
			{"a particle or none", "berg", "2"},
			{"with the particle", "Van den B", "2"},
			{"a town", "liege", "1 3"},
			{"a town and a name", "liège roture", "3"},
			{"a number is meant whole", "1", "1"},
			{"an unknown number", "13", ""},
			{"the inside of a word", "oture", ""},
			{"an e-mail is not for everybody", "gp@courriel", ""},
		} {
			if got := found(d.List(Filter{Text: c.text})); got != c.want {
				t.Errorf("%s: %q finds %q, want %q", c.name, c.text, got, c.want)
			}
		}
		if got := found(d.List(Filter{Text: "LUT@post", Contacts: true})); got != "2 3" {
			t.Errorf("an e-mail shared by two: %q", got)
		}
	})
}

func TestTheDirectoryIsFilteredSortedAndAddedUp(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		village(h)
		d := h.directory("2016-12-31", "")
		all := d.List(Filter{})
		if diff := cmp.Diff(map[Facet]int64{Changed: 2, IsNatural: 3, IsLegal: 1, NoEmail: 1, Awaited: 1, Capped: 2}, all.Counts); diff != "" {
			t.Error(diff)
		}
		for facet, want := range map[Facet]string{Changed: "3 4", IsNatural: "1 2 4", IsLegal: "3", NoEmail: "4", Awaited: "1"} {
			if got := found(d.List(Filter{Facet: facet})); got != want {
				t.Errorf("facet %d: %q, want %q", facet, got, want)
			}
		}
		for order, want := range map[Order]string{ByNumber: "1 2 3 4", ByName: "3 4 1 2", ByTown: "4 2 3 1", ByShares: "4 1 2 3",
			ByPaid: "1 4 2 3", BySince: "1 2 3 4", ByState: "2 3 4 1"} {
			if got := found(d.List(Filter{Order: order})); got != want {
				t.Errorf("order %d: %q, want %q", order, got, want)
			}
		}
		page := d.List(Filter{Order: ByShares, Down: true, From: 1, Size: 2})
		if got := found(page); got != "2 1" {
			t.Errorf("the second page: %q", got)
		}
		if page.Found != d.All || page.Page.Shares != 14 || d.All.Shares != 76 || d.All.Paid != 18500_00 {
			t.Errorf("page %+v, found %+v, all %+v", page.Page, page.Found, d.All)
		}
		if due := d.List(Filter{Facet: Awaited}).Rows[0].Due; due != 500_00 {
			t.Errorf("due %v, want 500 of 1,000 euros", due)
		}
	})
}

// The cap of a tenth of the votes present, everybody present: 76 shares, so nobody above 7.
func TestTheDirectoryWeighsByTheBylawsOfItsDay(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		village(h)
		d := h.directory("2016-12-31", "")
		ceiling, known := d.Voting.Ceiling.Get()
		if !d.Voting.Known || !known || ceiling != 7 {
			t.Fatalf("voting %+v", d.Voting)
		}
		for n, want := range map[Number]int64{1: 4, 2: 7, 3: 7, 4: 2} {
			if l, _ := d.Numbered(n); l.Votes != want {
				t.Errorf("number %d has %d votes, want %d", n, l.Votes, want)
			}
		}
		if before := h.directory("2014-12-31", ""); before.Voting.Known && before.All.Heads != 0 {
			t.Errorf("before the bylaws: %+v", before.Voting)
		}
	})
}

func TestTheDirectoryKnowsWhatWasKnown(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ids := village(h)
		h.clock.day = day("2017-01-10")
		h.act("people.move", func(tx *store.Tx) error {
			_, err := people.Move(tx, ids[0], people.Address{Kind: people.Home, From: day("2016-06-01"), Street: "Markt 3", Town: "Herstal"})
			return err
		})
		h.issue(ids[3], 5, 1250_00, "2016-05-01") // recorded late
		for _, c := range []struct {
			on, known, town string
			shares          int64
		}{
			{"2016-04-30", "", "Liège", 2},
			{"2016-12-31", "2016-12-31", "Liège", 2},
			{"2016-12-31", "", "Herstal", 7},
			{"2016-12-31", "2017-01-10", "Herstal", 7},
		} {
			d := h.directory(c.on, c.known)
			first, _ := d.Numbered(1)
			last, _ := d.Numbered(4)
			if first.Town != c.town || last.Shares != c.shares {
				t.Errorf("on %s as known on %q: %s and %d shares, want %s and %d", c.on, c.known, first.Town, last.Shares, c.town, c.shares)
			}
		}
	})
}

// A merge moves nothing: the number stays, name and contacts are those of the person.
func TestTheDirectoryFollowsMerges(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ids := village(h)
		var kept people.PersonID
		h.act("people.enroll", func(tx *store.Tx) (err error) {
			kept, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Zoé", Family: "Dupont-Lemaire",
				Emails: []string{"zoe@courriel.exemple"}, Home: people.Address{Town: "Visé"}})
			return err
		})
		h.act("people.merge", func(tx *store.Tx) error { return people.Merge(tx, kept, ids[3], "same person") })
		l, _ := h.directory("2016-12-31", "").Numbered(4)
		if l.Name != "Dupont-Lemaire, Zoé" || l.Town != "Visé" || l.Facets&NoEmail != 0 || l.Emails() != "zoe@courriel.exemple" {
			t.Errorf("%+v", l)
		}
	})
}

func TestMovementsAreSearched(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		village(h)
		numbers := func(s Search) (out string) {
			h.view(func(v *store.View) error {
				ms, err := Movements(v, s)
				for _, m := range ms {
					out += m.Number.String() + " "
				}
				return err
			})
			return strings.TrimSpace(out)
		}
		for _, c := range []struct {
			search Search
			want   string
		}{
			{Search{}, "4 3 2 1"},
			{Search{Oldest: true, From: 1, Size: 2}, "2 3"},
			{Search{Year: 2016}, "4 3"},
			{Search{Cooperators: []Number{2, 4}}, "4 2"},
			{Search{Kind: Issued, Cooperators: []Number{1}}, "1"},
			{Search{Kind: Redeemed}, ""},
		} {
			if got := numbers(c.search); got != c.want {
				t.Errorf("%+v finds %q, want %q", c.search, got, c.want)
			}
		}
		h.view(func(v *store.View) error {
			tallies, err := Tallies(v, Search{Year: 2016})
			want := []Tally{{Kind: Issued, Movements: 2, Shares: 62, Paid: 15500_00}}
			if diff := cmp.Diff(want, tallies); diff != "" {
				t.Error(diff)
			}
			first, last, e := Years(v)
			if first != 2015 || last != 2016 || e != nil {
				t.Errorf("years %d to %d, %v", first, last, e)
			}
			return err
		})
	})
}
