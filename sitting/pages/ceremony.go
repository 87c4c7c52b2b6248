package pages

import (
	"slices"
	"strings"

	"lieux/ballot"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
)

// drawView is a drawing by lot in ready words: the hash of the pool, the words, the dice, the list.
type drawView struct {
	Seats string
	Pool  string     // "124 personnes, une chance chacune"
	Hash  []string   // in lines
	Words []web.Fact // by number: what was laid down, then what it was
	Dice  []int
	Named [2][]web.Fact // effective members, then substitutes, by rank
}

// wallDraw shows how far the drawing of a matter has come.
func (g stage) wallDraw(r store.Reader, x stop, w *wall) error {
	d, found, err := ballot.DrawOf(r, x.matter.ID)
	if err != nil {
		return err
	}
	if !found {
		w.State = g.p.T("sitting.wall.draw.pool")
		w.How = g.seats(x.matter.Effective, x.matter.Substitutes)
		return nil
	}
	v := &drawView{Seats: g.seats(d.Effective, d.Substitutes), Dice: d.Dice(),
		Pool: g.p.T("sortition.proof.pool", "n", d.Pool.Header().Size)}
	for line := range slices.Chunk(strings.Fields(d.Pool.Hash().Spaced()), 4) {
		v.Hash = append(v.Hash, strings.Join(line, " "))
	}
	for _, word := range d.Words {
		f := web.Fact{Name: g.p.T("sitting.wall.draw.word", "n", word.Number)}
		switch {
		case word.Dropped:
			f.Text = g.p.T("sitting.wall.draw.dropped")
		case word.Revealed != "":
			f.Text = g.p.T("sitting.wall.draw.revealed", "word", word.Revealed)
		default:
			f.Text = strings.Join(strings.Fields(word.Hash.Spaced())[:2], " ") + " …"
		}
		v.Words = append(v.Words, f)
	}
	w.Draw, w.State, w.How = v, g.p.T("sitting.wall.draw."+string(d.Phase())), ""
	switch d.Phase() {
	case ballot.WordPhase:
		w.How = g.p.T("sitting.wall.draw.how.words")
	case ballot.DicePhase:
		w.How = g.p.T("sitting.wall.draw.how.dice")
	case ballot.ListPhase, ballot.DrawnPhase:
		return g.seated(r, d, v)
	}
	return nil
}

// seats says how many are drawn; empty while nobody has said it.
func (g stage) seats(effective, substitutes int) string {
	switch {
	case effective == 0:
		return ""
	case substitutes == 0:
		return g.p.T("sortition.proof.effective", "n", effective)
	}
	return g.p.T("sortition.proof.effective", "n", effective) + ", " +
		g.p.T("sortition.proof.substitutes", "n", substitutes)
}

// seated names who is on the list.
func (g stage) seated(r store.Reader, d ballot.Draw, v *drawView) error {
	effective, substitutes, err := d.Seated()
	if err != nil {
		return err
	}
	bearers := map[string]int{}
	for _, x := range d.Pool.Members() {
		bearers[x.Name]++
	}
	rank := 0
	for i, ids := range [][]people.PersonID{effective, substitutes} {
		say, err := newSpeaker(r, g.p, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			rank++
			name := say.person(id)
			if bearers[name] > 1 {
				if name, err = g.apart(r, id, name); err != nil {
					return err
				}
			}
			v.Named[i] = append(v.Named[i], web.Fact{Name: g.p.Count(int64(rank)), Text: name})
		}
	}
	return nil
}

// apart adds the number of a cooperator to a name that several in the pool bear.
func (g stage) apart(r store.Reader, id people.PersonID, name string) (string, error) {
	c, found, err := register.CooperatorOf(r, id)
	if err != nil || !found {
		return name, err
	}
	return g.p.T("sitting.wall.draw.apart", "name", name, "number", int64(c.Number)), nil
}
