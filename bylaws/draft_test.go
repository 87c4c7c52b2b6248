package bylaws

import (
	"encoding/json"
	"testing"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
)

// A cooperative that began with the law alone writes its bylaws by hand: articles and rules are drafted, and hold from
// the day on which they are laid. Then the draft can only become an amendment, which waits for its deed.
func TestADraftBecomesTheFoundingTextThenAnAmendment(t *testing.T) {
	storetest.Both(t, []store.Room{documents.Room, people.Room, Room}, func(t *testing.T, db *store.DB) {
		act := func(verb string, fn func(*store.Tx) error) {
			t.Helper()
			if _, err := db.Act(t.Context(), store.By("", "bylaws."+verb), fn); err != nil {
				t.Fatalf("%s: %v", verb, err)
			}
		}
		refused := func(code string, fn func(*store.Tx) error) {
			t.Helper()
			if _, err := db.Act(t.Context(), store.By("", "bylaws.draft"), fn); !fault.Is(err, code) {
				t.Errorf("want %s, got %v", code, err)
			}
		}
		held := func(on string) (b Bylaws) {
			t.Helper()
			err := db.View(t.Context(), func(v *store.View) (err error) { b, err = On(v, civil.MustParse(on)); return err })
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		law, _ := LoadPreset("minimal-law")
		since := civil.MustParse("2021-03-01")
		act("lay", func(tx *store.Tx) error { _, err := Lay(tx, law, since, Deed{}); return err })
		refused("bylaws.refusal.no-text", func(tx *store.Tx) error { _, err := LayDraft(tx, since, Deed{}); return err })
		act("draft", func(tx *store.Tx) error {
			return DraftArticle(tx, Change{Article: "7", Title: "Voix", After: " Une personne, une voix. "})
		})
		act("draft", func(tx *store.Tx) error { return DraftArticle(tx, Change{Article: "8", After: "De trop."}) })
		act("draft", func(tx *store.Tx) error { return DropDraftArticle(tx, "8") })
		weight := Rule{Key: KeyWeight, Article: "Statuts 7", Value: json.RawMessage(`"head"`), Confidence: Read}
		act("draft", func(tx *store.Tx) error { return DraftRule(tx, weight) })
		low := Rule{Key: Amendment.Majority(), Article: "Statuts 7", Value: json.RawMessage(`{"threshold":"at least 1/2"}`), Confidence: Read}
		refused("bylaws.refusal.mandatory", func(tx *store.Tx) error { return DraftRule(tx, low) })
		refused("bylaws.refusal.no-article", func(tx *store.Tx) error { return DraftArticle(tx, Change{Article: "99"}) })
		refused("bylaws.refusal.day-future", func(tx *store.Tx) error {
			_, err := LayDraft(tx, tx.Today().AddDays(1), Deed{})
			return err
		})
		if b := held("2022-01-01"); b.Weight() != "share" {
			t.Errorf("a draft holds nowhere: %s", b.Weight())
		}
		act("lay", func(tx *store.Tx) error { _, err := LayDraft(tx, since, Deed{Notary: "Me Lux"}); return err })
		b := held("2022-01-01")
		if b.Weight() != "head" || len(b.Version.Articles) != 1 || b.Version.Articles[0].Body != "Une personne, une voix." || b.Version.Number != 2 {
			t.Errorf("laid: %+v", b.Version)
		}
		refused("bylaws.refusal.laid", func(tx *store.Tx) error { _, err := LayDraft(tx, since, Deed{}); return err })

		refused("bylaws.refusal.same", func(tx *store.Tx) error {
			return DraftArticle(tx, Change{Article: "7", After: "Une personne, une voix."})
		})
		act("draft", func(tx *store.Tx) error { return DraftArticle(tx, Change{Article: "9", After: "Vingt jours."}) })
		notice := Rule{Key: KeyNotice, Article: "Statuts 9", Value: json.RawMessage(`{"days":20}`), Confidence: Read}
		act("draft", func(tx *store.Tx) error { return DraftRule(tx, notice) })
		var id AmendmentID
		act("propose", func(tx *store.Tx) (err error) {
			id, err = ProposeDraft(tx, "Délai", civil.MustParse("2023-05-01"), "")
			return err
		})
		act("record-deed", func(tx *store.Tx) error {
			_, err := RecordDeed(tx, id, Deed{Notary: "Me Lux", SignedOn: civil.MustParse("2023-06-01"), Reference: "12"})
			return err
		})
		if before, _ := held("2023-05-31").Notice(); before.Days == 20 {
			t.Error("the new delay holds before the deed")
		}
		if after, _ := held("2023-06-01").Notice(); after.Days != 20 {
			t.Errorf("after the deed the delay is %d", after.Days)
		}
		act("draft", func(tx *store.Tx) error { return DraftArticle(tx, Change{Article: "10", After: "Rien."}) })
		act("drop-draft", DropDraft)
		err := db.View(t.Context(), func(v *store.View) error {
			d, err := TheDraft(v)
			if !d.Empty() {
				t.Errorf("%+v", d)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if report, err := db.Check(t.Context()); err != nil || len(report.Findings) > 0 {
			t.Errorf("the check finds %v, %v", report.Findings, err)
		}
	})
}
