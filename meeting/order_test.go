package meeting

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/store"
)

// Whatever an editor presses, in whatever order, the agenda stays one: each number once, no matter lost or doubled, and
// what is refused changes nothing.
func TestTheAgendaHoldsWhateverIsPressed(t *testing.T) {
	both(t, func(t *testing.T, c *coop) {
		id := c.draft(Meeting{})
		dice := rand.New(rand.NewPCG(7, 7))
		items, matters := 0, 0
		for range 150 {
			m := c.get(id)
			pick := func() Item {
				if len(m.Items) == 0 {
					return Item{ID: "none"}
				}
				return m.Items[dice.IntN(len(m.Items))]
			}
			gained, lost, moved := 0, 0, 0
			err := c.try("meeting.press", func(tx *store.Tx) error {
				item := pick()
				switch dice.IntN(6) {
				case 0, 1:
					gained, moved = 1, 1
					_, err := AddItem(tx, id, Item{Title: "Un point", Number: []string{"", "3", "7bis"}[dice.IntN(3)],
						Matters: []Matter{{Kind: assembly.Note}}})
					return err
				case 2:
					moved = 1
					_, err := AddMatter(tx, item.ID, Matter{Kind: assembly.Outlook})
					return err
				case 3:
					return MoveItem(tx, item.ID, dice.IntN(12))
				case 4:
					lost, moved = 1, -len(item.Matters)
					return RemoveItem(tx, item.ID)
				default:
					return ChangeItem(tx, Item{ID: item.ID, Version: item.Version, Number: strconv.Itoa(dice.IntN(9)), Title: "Autre"})
				}
			})
			if err != nil && fault.Of(err) == nil {
				t.Fatal(err)
			}
			if err == nil {
				items, matters = items+gained-lost, matters+moved
			}
			now := c.get(id)
			seen := map[string]bool{}
			for _, item := range now.Items {
				if seen[item.Number] {
					t.Fatalf("number %s stands twice:\n%s", item.Number, agenda(now))
				}
				seen[item.Number] = true
			}
			if len(now.Items) != items || len(now.Matters()) != matters {
				t.Fatalf("%d items and %d matters, want %d and %d:\n%s", len(now.Items), len(now.Matters()), items, matters, agenda(now))
			}
		}
	})
}
