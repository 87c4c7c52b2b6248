package allocation

import (
	"slices"
	"strings"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// PracticeID is the id of a practice.
type PracticeID string

// Ref names the practice in the journal.
func (id PracticeID) Ref() store.Ref { return store.Ref{Kind: "practice", ID: string(id)} }

// Practice is a craft, and what a workshop of it needs once, however many share it.
type Practice struct {
	ID      PracticeID          `json:"id"`
	Names   map[lang.Tag]string `json:"names"` // in the three languages; French at least
	Needs   solver.Demand       `json:"needs"`
	Common  solver.Area         `json:"common"` // tables, tools, passage: once for all
	Tools   money.Cents         `json:"tools"`  // what the common tools cost to buy
	Kit     string              `json:"kit"`    // which they are: "table de coupe, presse"
	Emits   solver.Nuisances    `json:"emits"`
	Avoids  solver.Nuisances    `json:"avoids"`
	Retired bool                `json:"retired"` // asked for no more
	At      civil.Instant       `json:"-"`
	By      people.PersonID     `json:"-"`
}

// Name is what the practice is called in a language.
func (c Practice) Name(tag lang.Tag) string {
	if n := c.Names[tag]; n != "" {
		return n
	}
	return c.Names[lang.French]
}

// called says whether a text is the name of the practice in some language.
func (c Practice) called(text string) bool {
	for _, n := range c.Names {
		if n != "" && fold.Text(n) == fold.Text(text) {
			return true
		}
	}
	return false
}

// Limits of a practice.
const (
	MaxPractices    = solver.MaxPractices / 2 // the other half are those of occupants that the list does not know
	MaxPracticeName = 60
	MaxKit          = 200
	MaxTools        = money.Cents(solver.MaxFee)
	MaxCommon       = solver.Area(100_000)
	MaxLoad         = 10_000 // kg on a square metre
	MaxLength       = 1_000  // cm of a door or a height
	MaxWhy          = 500
)

// tidied sets the spaces right.
func (c Practice) tidied() Practice {
	names := map[lang.Tag]string{}
	for tag, n := range c.Names {
		if n = oneLine(n); n != "" && slices.Contains(lang.Tags, tag) {
			names[tag] = n
		}
	}
	c.Names, c.Kit = names, oneLine(c.Kit)
	return c
}

func (c Practice) check() (wrong fault.Refusals) {
	no := func(field, code string, kv ...any) {
		wrong = append(wrong, fault.Refuse("allocation.refusal."+code, kv...).At(field))
	}
	if c.Names[lang.French] == "" {
		no("name-fr", "practice-name")
	}
	for tag, n := range c.Names {
		if tooLong(n, MaxPracticeName) {
			no("name-"+string(tag), "long", "limit", MaxPracticeName)
		}
	}
	if c.Common < 0 || c.Common > MaxCommon {
		no("common", "area")
	}
	if c.Tools < 0 || c.Tools > MaxTools {
		no("tools", "amount", "most", MaxTools)
	}
	if tooLong(c.Kit, MaxKit) {
		no("kit", "long", "limit", MaxKit)
	}
	if c.Emits&c.Avoids != 0 {
		no("avoids", "itself")
	}
	return append(wrong, checkDemand(c.Needs)...)
}

// checkDemand refuses what no space could be asked for.
func checkDemand(d solver.Demand) (wrong fault.Refusals) {
	for _, one := range []struct {
		field    string
		is, most int
	}{{"load", d.Load, MaxLoad}, {"door", d.Door, MaxLength}, {"height", d.Height, MaxLength}} {
		if one.is < 0 || one.is > one.most {
			wrong = append(wrong, fault.Refuse("allocation.refusal.measure", "most", one.most).At(one.field))
		}
	}
	return wrong
}

// KeepPractice adds a practice, or says something new of one; what was said before stays.
func KeepPractice(tx *store.Tx, c Practice) (PracticeID, error) {
	c = c.tidied()
	wrong := c.check()
	known, err := Practices(tx)
	if err != nil {
		return "", err
	}
	if len(known) >= MaxPractices && c.ID == "" {
		wrong = append(wrong, fault.Refuse("allocation.refusal.too-many", "limit", MaxPractices))
	}
	found := c.ID == ""
	for _, k := range known {
		found = found || k.ID == c.ID
		for tag, name := range c.Names {
			if k.ID != c.ID && k.called(name) {
				wrong = append(wrong, fault.Refuse("allocation.refusal.practice-taken", "name", name).
					At("name-"+string(tag)))
			}
		}
	}
	if !found {
		wrong = append(wrong, fault.Refuse("allocation.refusal.unknown-practice"))
	}
	if err := wrong.Err(); err != nil {
		return "", err
	}
	id := tx.ID()
	if c.ID == "" {
		c.ID = PracticeID(id)
	}
	tx.Record(store.Line{About: []store.Ref{c.ID.Ref()}, Args: map[string]any{"practice": c.Name(lang.French)}})
	tx.Answer(string(c.ID))
	return c.ID, insertPractice(tx, id, c)
}

// Practices lists the practices by French name, each as it is said of it last.
func Practices(r store.Reader) ([]Practice, error) {
	latest, err := readPractices(r)
	if err != nil {
		return nil, err
	}
	list := make([]Practice, 0, len(latest))
	for _, c := range latest {
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Practice) int {
		return strings.Compare(fold.Text(a.Name(lang.French))+string(a.ID), fold.Text(b.Name(lang.French))+string(b.ID))
	})
	return list, nil
}

// PracticeByID reads one; an unknown id is refused.
func PracticeByID(r store.Reader, id PracticeID) (Practice, error) {
	latest, err := readPractices(r)
	c, found := latest[id]
	if err == nil && !found {
		err = fault.Refuse("allocation.refusal.unknown-practice")
	}
	return c, err
}
