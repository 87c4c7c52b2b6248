package allocation

import (
	"strings"
	"testing"

	"lieux/allocation/solver"
)

// A welder finds the only workshop with extraction given to others: nobody tells them to sew. They are told which space
// would have to become a workshop of theirs, and it is true: the second program places them.
func TestNobodyIsToldToTakeAnotherCraft(t *testing.T) {
	bothEngines(t, func(t *testing.T, h *house) {
		for _, who := range []string{"Giulia Ferrante", "Aminata Sow", "Lucie Hardy"} {
			d := h.draft(who, "couture", 5)
			d.Wish.Ideal = d.Wish.Least
			h.asks(d)
			h.today = h.today.AddDays(10)
		}
		h.asks(h.draft("Tahar Mimouni", "sérigraphie", 14))
		h.today = h.today.AddDays(10)
		welder := h.asks(h.draft("Gaëtan Roba", "soudure", 12))
		s := h.setup()
		n := h.opens(Workshops, s)
		run, plans := h.computes(n)
		refused := map[ApplicationID]string{}
		for _, order := range run.Orders.Plans {
			h.judges(run, plans[order.Kind], order)
			in, res := h.reads(run, plans[order.Kind])
			for i, r := range res.Reasons {
				if f := in.People[i]; f.Application != "" && r.Space == solver.Nowhere {
					refused[f.Application] += h.told(in, res, f.Application)
				}
			}
		}
		if said := refused[welder.ID]; !strings.Contains(said, "Vous auriez une place si A4 devenait un atelier de soudure.") {
			t.Error(said)
		}
		for _, said := range refused {
			if strings.Contains(said, "vous travailliez aussi") || strings.Contains(said, "m² de plus") {
				t.Error(said)
			}
		}
	})
}
