package bylaws

import (
	"testing"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
	"lieux/vote"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestEveryFileOfRulesIsReadAndChecked(t *testing.T) {
	for _, name := range append([]string{"law"}, PresetNames...) {
		p, err := loadFile(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, tag := range lang.Tags {
			if p.Title[string(tag)] == "" || p.Note[string(tag)] == "" {
				t.Errorf("%s has no title or note in %s", name, tag)
			}
		}
	}
	for _, r := range Law() {
		if r.ValidFrom.IsZero() || r.Source == "" || r.Layer == OwnBylaws {
			t.Errorf("rule of law %s: from %q, source %q, layer %s", r.Key, r.ValidFrom, r.Source, r.Layer)
		}
	}
}

func TestTheLayersPrevailInTheirOrder(t *testing.T) {
	dynamo, _ := LoadPreset("dynamo-2015")
	heads, _ := LoadPreset("one-member-one-vote")
	lax := Version{Rules: []Rule{{Key: Amendment.Majority(), Article: "Statuts 40", Value: []byte(`{"threshold":"more than 1/2"}`), Layer: OwnBylaws, Confidence: Read}}}
	three := vote.AtLeast(vote.MustFraction(3, 4))
	for _, c := range []struct {
		name    string
		version Version
		day     string
		weight  vote.Weight
		capped  vote.CapBase
		change  vote.Threshold // majority of an amendment; zero when unknown
	}{
		{"Dynamo in June 2017: shares and cap are published, the law of that day was not read", Version{Rules: dynamo.Rules}, "2017-06", vote.PerShare, vote.CapIssued, vote.Threshold{}},
		{"Dynamo in 2026: the law adds its mandatory majority", Version{Rules: dynamo.Rules}, "2026-06-13", vote.PerShare, vote.CapIssued, three},
		{"the last day before the Code", Version{}, "2019-12-31", "", "", vote.Threshold{}},
		{"the first day of the Code", Version{}, "2020-01-01", vote.PerShare, vote.CapNone, three},
		{"one member one vote overrides default law", Version{Rules: heads.Rules}, "2026-01-01", vote.PerHead, vote.CapNone, three},
		{"bylaws do not override mandatory law", lax, "2026-01-01", vote.PerShare, vote.CapNone, three},
		{"where mandatory law is unknown the bylaws hold", lax, "2019-01-01", "", "", vote.MoreThan(vote.Half)},
	} {
		b := Resolve(c.version, civil.MustParse(c.day).Last())
		if b.Weight() != c.weight || b.Cap().Terms().Base != c.capped || b.Decision(Amendment).Majority.Terms().Threshold != c.change {
			t.Errorf("%s: weight %q, cap %q, majority %q", c.name, b.Weight(), b.Cap().Terms().Base, b.Decision(Amendment).Majority.Terms().Threshold)
		}
	}
}

func TestAnAmendmentIsPendingUntilItsDeed(t *testing.T) {
	storetest.Both(t, []store.Room{documents.Room, people.Room, Room}, func(t *testing.T, db *store.DB) {
		dynamo, _ := LoadPreset("dynamo-2015")
		act(t, db, "bylaws.lay", "", func(tx *store.Tx) error {
			_, err := Lay(tx, dynamo, civil.MustParse("2015-06"), Deed{Note: "acte non retrouvé"})
			return err
		})
		act(t, db, "bylaws.lay", "bylaws.refusal.laid", func(tx *store.Tx) error {
			_, err := Lay(tx, dynamo, civil.MustParse("2015-06"), Deed{})
			return err
		})
		before := dynamo.Articles[1].Body
		p := Proposal{Title: "Article 9.3", AdoptedOn: civil.MustParse("2017-06"), Decided: store.Ref{Kind: "matter", ID: "m1"},
			Changes: []Change{{"9.3", "", before, "Devient coopérateur le membre du personnel qui en fait la demande."}}}
		wrong := p
		wrong.Changes = []Change{{"9.3", "", "Autre texte.", "Nouveau."}}
		act(t, db, "bylaws.propose", "bylaws.refusal.before", func(tx *store.Tx) error { _, err := Propose(tx, wrong); return err })
		var id AmendmentID
		act(t, db, "bylaws.propose", "", func(tx *store.Tx) (err error) { id, err = Propose(tx, p); return err })

		body := func(day string) string {
			var text string
			view(t, db, func(v *store.View) error {
				b, err := On(v, civil.MustParse(day))
				a, _ := b.Version.Article("9.3")
				text = a.Body
				return err
			})
			return text
		}
		if body("2020-01-01") != before {
			t.Error("a pending amendment changed the text")
		}
		for _, c := range []struct {
			deed Deed
			code string
		}{
			{Deed{SignedOn: civil.MustParse("2018-03-01"), Reference: "7"}, "bylaws.refusal.notary"},
			{Deed{Notary: "Me X", SignedOn: civil.MustParse("2018-03"), Reference: "7"}, "bylaws.refusal.deed-day"},
			{Deed{Notary: "Me X", SignedOn: civil.MustParse("2018-03-01")}, "bylaws.refusal.deed-number"},
			{Deed{Notary: "Me X", SignedOn: civil.MustParse("2017-05-31"), Reference: "7"}, "bylaws.refusal.deed-early"},
			{Deed{Notary: "Me X", SignedOn: civil.MustParse("2199-05-31"), Reference: "7"}, "bylaws.refusal.deed-future"},
			{Deed{Notary: "Me X", SignedOn: civil.MustParse("2018-03-01"), Reference: "7"}, ""},
			{Deed{Notary: "Me X", SignedOn: civil.MustParse("2018-03-01"), Reference: "7"}, "bylaws.refusal.not-pending"},
		} {
			act(t, db, "bylaws.record-deed", c.code, func(tx *store.Tx) error { _, err := RecordDeed(tx, id, c.deed); return err })
		}
		if body("2018-02-28") != before || body("2018-03-01") != p.Changes[0].After {
			t.Errorf("the text changed on another day than the deed's: %q, %q", body("2018-02-28"), body("2018-03-01"))
		}
		report, err := db.Check(t.Context())
		if err != nil || len(report.Findings) > 0 || report.Seals != 3 {
			t.Errorf("check: %v, %d seals, %v", err, report.Seals, report.Findings)
		}
	})
}

// act runs one act and compares its refusal; an empty code wants success.
func act(t *testing.T, db *store.DB, verb, code string, fn func(*store.Tx) error) {
	t.Helper()
	_, err := db.Act(t.Context(), store.By("", verb), fn)
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Fatalf("%s: %v, want %q", verb, err, code)
	}
}

func view(t *testing.T, db *store.DB, fn func(*store.View) error) {
	t.Helper()
	if err := db.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func TestTheCatalogueIsWhole(t *testing.T) {
	if _, err := lang.NewBook(Phrases); err != nil {
		t.Fatal(err)
	}
}
