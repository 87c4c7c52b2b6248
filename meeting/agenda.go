package meeting

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"lieux/assembly"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
)

// Hooks are how this room hears of rooms above it.
var Hooks struct {
	// Voted says whether a poll, an election or a draw on the matter has begun: its text stands from then on.
	Voted func(store.Reader, ID, MatterID) (bool, error)
}

// ownWords are this room's phrases: what the agenda proposes by itself is written in the meeting's language.
var ownWords = sync.OnceValue(func() *lang.Book {
	book, err := lang.NewBook(Phrases)
	fault.Must(err == nil, "the phrases of meeting: %v", err)
	return book
})

func say(tag lang.Tag) *lang.Printer { return ownWords().In(tag) }

// AddItem puts a point at the end of the agenda, with its matters if it has any; without a number it takes the one
// after the last. After the letters have left it is marked as added.
func AddItem(tx *store.Tx, id ID, item Item) (ItemID, error) {
	m, err := editable(tx, id)
	if err != nil {
		return "", err
	}
	made, err := m.add(tx, item)
	if err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref(), made.ID.Ref()}, Args: map[string]any{"item": made.Number}})
	return made.ID, nil
}

// add writes an item at the end of the meeting's agenda and of m.Items.
func (m *Meeting) add(tx *store.Tx, item Item) (Item, error) {
	if len(m.Items) >= MaxItems {
		return Item{}, fault.Refuse("meeting.refusal.many-items", "limit", MaxItems)
	}
	if strings.TrimSpace(item.Number) == "" {
		item.Number = m.nextNumber()
	}
	matters := item.Matters
	for i := range matters {
		rs, err := matters[i].tidy(tx, *m)
		if err == nil {
			err = rs.Err()
		}
		if err != nil {
			return Item{}, err
		}
	}
	if strings.TrimSpace(item.Title) == "" && len(matters) > 0 {
		item.Title = matters[0].Title
	}
	item.ID = ""
	if err := item.tidy(*m).Err(); err != nil {
		return Item{}, err
	}
	if len(matters) > MaxMatters {
		return Item{}, fault.Refuse("meeting.refusal.many-matters", "limit", MaxMatters)
	}
	item.ID, item.Version, item.AddedAt, item.Matters = ItemID(tx.ID()), 1, 0, nil
	if m.ConvenedAt != 0 {
		item.AddedAt = tx.Now()
	}
	if err := insertItem(tx, m.ID, item, len(m.Items)+1); err != nil {
		return Item{}, err
	}
	for _, x := range matters {
		made, err := put(tx, item, x)
		if err != nil {
			return Item{}, err
		}
		item.Matters = append(item.Matters, made)
	}
	m.Items = append(m.Items, item)
	return item, nil
}

// nextNumber is the number after the greatest one that is a plain number.
func (m Meeting) nextNumber() string {
	last := 0
	for _, item := range m.Items {
		if n, err := strconv.Atoi(item.Number); err == nil && n < 1_000_000 {
			last = max(last, n)
		}
	}
	return strconv.Itoa(last + 1)
}

// tidy says what is wrong with an item: no title, no number, or the number of another.
func (item *Item) tidy(m Meeting) (rs fault.Refusals) {
	item.Number, item.Title = strings.TrimSpace(item.Number), strings.TrimSpace(item.Title)
	if item.Title == "" || len(item.Title) > MaxTitle {
		rs = append(rs, fault.Refuse("meeting.refusal.title", "limit", MaxTitle).At("title"))
	}
	if item.Number == "" || len(item.Number) > maxNumber {
		rs = append(rs, fault.Refuse("meeting.refusal.number", "limit", maxNumber).At("number"))
	}
	for _, other := range m.Items {
		if other.ID != item.ID && other.Number == item.Number {
			rs = append(rs, fault.Refuse("meeting.refusal.number-taken", "number", item.Number,
				"title", other.Title).At("number"))
		}
	}
	return rs
}

// ChangeItem renumbers or renames a point; Version is the one that the edit was made on.
func ChangeItem(tx *store.Tx, item Item) error {
	m, was, err := itemIn(tx, item.ID)
	if err != nil {
		return err
	}
	if was.Version != item.Version {
		return stale()
	}
	if err := item.tidy(m).Err(); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), item.ID.Ref()}, Args: map[string]any{"item": item.Number}})
	_, err = tx.Exec(qChangeItem, string(item.ID), item.Version, item.Number, item.Title)
	return err
}

// itemIn reads an item with its meeting, which must be editable.
func itemIn(r store.Reader, id ItemID) (Meeting, Item, error) {
	owner, found, err := store.Find(r, qMeetingOfItem, store.Text, string(id))
	if err != nil {
		return Meeting{}, Item{}, err
	}
	if !found {
		return Meeting{}, Item{}, fault.Refuse("meeting.refusal.item-unknown")
	}
	m, err := editable(r, ID(owner))
	item, _ := m.Item(id)
	return m, item, err
}

// MoveItem puts a point at a place of the agenda, from 1; a place beyond the last means the last. It keeps its number:
// the chair renumbers when the order stands. Sent twice, it moves once.
func MoveItem(tx *store.Tx, id ItemID, place int) error {
	m, item, err := itemIn(tx, id)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), id.Ref()}, Args: map[string]any{"item": item.Number}})
	order := moved(m.Items, func(i Item) bool { return i.ID == id }, place)
	for i, item := range order {
		if m.Items[i].ID != item.ID {
			if _, err := tx.Exec(qPlaceItem, string(item.ID), int64(i+1)); err != nil {
				return err
			}
		}
	}
	return nil
}

// moved is a list with one of its members at a place, from 1.
func moved[T any](list []T, is func(T) bool, place int) []T {
	at := slices.IndexFunc(list, is)
	fault.Must(at >= 0, "what moves is not in the list")
	one := list[at]
	rest := slices.Delete(slices.Clone(list), at, at+1)
	return slices.Insert(rest, min(max(place, 1), len(list))-1, one)
}

// Renumber gives the points the numbers 1, 2, 3… in the order in which they stand.
func Renumber(tx *store.Tx, id ID) error {
	m, err := editable(tx, id)
	if err != nil {
		return err
	}
	if m.ConvenedAt != 0 {
		return fault.Refuse("meeting.refusal.announced").At("number")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref()}})
	for i, item := range m.Items {
		if number := strconv.Itoa(i + 1); item.Number != number {
			if _, err := tx.Exec(qChangeItem, string(item.ID), item.Version, number, item.Title); err != nil {
				return err
			}
		}
	}
	return nil
}

// RemoveItem takes a point off the agenda with all that it holds. What the letters announced stays: the chair may say
// at the meeting that it is withdrawn.
func RemoveItem(tx *store.Tx, id ItemID) error {
	m, item, err := itemIn(tx, id)
	if err != nil {
		return err
	}
	if m.ConvenedAt != 0 && item.AddedAt == 0 {
		return fault.Refuse("meeting.refusal.announced")
	}
	for _, x := range item.Matters {
		if err := removable(tx, m, item, x.ID); err != nil {
			return err
		}
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), id.Ref()}, Args: map[string]any{"item": item.Number}})
	for _, x := range item.Matters {
		if err := deleteMatter(tx, x.ID); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(qDeleteItem, string(id)); err != nil {
		return err
	}
	rest := slices.DeleteFunc(m.Items, func(i Item) bool { return i.ID == id })
	for i, item := range rest {
		if _, err := tx.Exec(qPlaceItem, string(item.ID), int64(i+1)); err != nil {
			return err
		}
	}
	return nil
}

// AddMatter puts a matter at the end of a point. In a point that the letters announced, it is a new subject: it goes
// into a point of its own.
func AddMatter(tx *store.Tx, id ItemID, x Matter) (MatterID, error) {
	m, item, err := itemIn(tx, id)
	if err != nil {
		return "", err
	}
	switch {
	case m.ConvenedAt != 0 && item.AddedAt == 0:
		return "", fault.Refuse("meeting.refusal.announced-item").At("item")
	case len(item.Matters) >= MaxMatters:
		return "", fault.Refuse("meeting.refusal.many-matters", "limit", MaxMatters)
	}
	rs, err := x.tidy(tx, m)
	if err == nil {
		err = rs.Err()
	}
	if err != nil {
		return "", err
	}
	made, err := put(tx, item, x)
	if err != nil {
		return "", err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), made.ID.Ref()}, Args: map[string]any{"item": item.Number}})
	return made.ID, nil
}

// put writes a tidy matter at the end of an item.
func put(tx *store.Tx, item Item, x Matter) (Matter, error) {
	papers := x.Papers
	x.ID, x.Version, x.AlteredAt, x.Papers = MatterID(tx.ID()), 1, 0, nil
	if err := insertMatter(tx, item.ID, x, len(item.Matters)+1); err != nil {
		return x, err
	}
	for _, paper := range papers {
		made, err := putPaper(tx, x, paper)
		if err != nil {
			return x, err
		}
		x.Papers = append(x.Papers, made)
	}
	return x, nil
}

// ChangeMatter rewrites a matter; Version is the one that the edit was made on. After the letters have left the change
// is marked; once a vote on it has begun, its text stands. Papers are of [AddPaper] and [RemovePaper].
func ChangeMatter(tx *store.Tx, x Matter) error {
	m, item, err := matterIn(tx, x.ID)
	if err != nil {
		return err
	}
	was, _, _ := m.Matter(x.ID)
	if was.Version != x.Version {
		return stale()
	}
	if err := unvoted(tx, m, x.ID); err != nil {
		return err
	}
	rs, err := x.tidy(tx, m)
	if err == nil {
		err = rs.Err()
	}
	if err != nil {
		return err
	}
	x.AlteredAt = was.AlteredAt
	if m.ConvenedAt != 0 && item.AddedAt == 0 {
		x.AlteredAt = tx.Now()
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), x.ID.Ref()}, Args: map[string]any{"item": item.Number}})
	return updateMatter(tx, x)
}

// matterIn reads the meeting and the item of a matter; the meeting must be editable.
func matterIn(r store.Reader, id MatterID) (Meeting, Item, error) {
	owner, found, err := store.Find(r, qItemOfMatter, store.Text, string(id))
	if err != nil {
		return Meeting{}, Item{}, err
	}
	if !found {
		return Meeting{}, Item{}, fault.Refuse("meeting.refusal.matter-unknown")
	}
	return itemIn(r, ItemID(owner))
}

// unvoted refuses to touch a matter on which a vote has begun.
func unvoted(r store.Reader, m Meeting, id MatterID) error {
	if Hooks.Voted == nil {
		return nil
	}
	voted, err := Hooks.Voted(r, m.ID, id)
	if err == nil && voted {
		err = fault.Refuse("meeting.refusal.voted")
	}
	return err
}

// MoveMatter puts a matter at a place within its point, from 1. Sent twice, it moves once.
func MoveMatter(tx *store.Tx, id MatterID, place int) error {
	m, item, err := matterIn(tx, id)
	if err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), id.Ref()}, Args: map[string]any{"item": item.Number}})
	for i, x := range moved(item.Matters, func(x Matter) bool { return x.ID == id }, place) {
		if item.Matters[i].ID != x.ID {
			if _, err := tx.Exec(qPlaceMatter, string(x.ID), int64(i+1)); err != nil {
				return err
			}
		}
	}
	return nil
}

// RemoveMatter takes a matter off the agenda, with its papers.
func RemoveMatter(tx *store.Tx, id MatterID) error {
	m, item, err := matterIn(tx, id)
	if err != nil {
		return err
	}
	if err := removable(tx, m, item, id); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{m.ID.Ref(), id.Ref()}, Args: map[string]any{"item": item.Number}})
	if err := deleteMatter(tx, id); err != nil {
		return err
	}
	rest := slices.DeleteFunc(item.Matters, func(x Matter) bool { return x.ID == id })
	for i, x := range rest {
		if _, err := tx.Exec(qPlaceMatter, string(x.ID), int64(i+1)); err != nil {
			return err
		}
	}
	return nil
}

// removable refuses to take away what the letters announced, or what was voted on.
func removable(r store.Reader, m Meeting, item Item, id MatterID) error {
	if m.ConvenedAt != 0 && item.AddedAt == 0 {
		return fault.Refuse("meeting.refusal.announced")
	}
	return unvoted(r, m, id)
}

// owedItem has one matter for each point that earlier assemblies of the body retained and that no matter takes up, to
// be answered in words.
func (m *Meeting) owedItem(r store.Reader) (Item, error) {
	item := Item{Title: say(m.Language).T("meeting.agenda.retained")}
	owed, err := Owed(r, *m)
	for _, point := range owed[:min(len(owed), MaxMatters)] {
		item.Matters = append(item.Matters, Matter{Kind: assembly.Information, Title: point.Title,
			Answers: []assembly.RetainedID{point.ID}})
	}
	return item, err
}

// bringRetained puts what is owed at the end of a new agenda, before what is to come.
func (m *Meeting) bringRetained(r store.Reader) error {
	item, err := m.owedItem(r)
	if err != nil || len(item.Matters) == 0 {
		return err
	}
	at := len(m.Items)
	for at > 0 && isOutlook(m.Items[at-1]) {
		at--
	}
	m.Items = slices.Insert(m.Items, at, item)
	return nil
}

// isOutlook says that an item only tells what is to come: it ends the agenda.
func isOutlook(item Item) bool {
	other := func(x Matter) bool { return x.Kind != assembly.Outlook }
	return len(item.Matters) > 0 && !slices.ContainsFunc(item.Matters, other)
}

// Owed lists the points that assemblies of the meeting's body retained, that wait for an answer, and that no matter of
// its agenda takes up; the oldest assembly first.
func Owed(r store.Reader, m Meeting) ([]assembly.Retained, error) {
	points, err := assembly.RetainedPoints(r)
	if err != nil {
		return nil, err
	}
	records, err := assembly.All(r)
	if err != nil {
		return nil, err
	}
	body := map[assembly.ID]bool{}
	for _, a := range records {
		body[a.ID] = a.Body == m.Body
	}
	taken := map[assembly.RetainedID]bool{}
	for _, x := range m.Matters() {
		for _, id := range x.Answers {
			taken[id] = true
		}
	}
	points = slices.DeleteFunc(points, func(p assembly.Retained) bool {
		return !p.Open() || !body[p.Assembly] || taken[p.ID]
	})
	slices.SortStableFunc(points, func(a, b assembly.Retained) int { return a.HeldOn.Compare(b.HeldOn) })
	return points, nil
}

// TakeUp adds what earlier assemblies retained and no matter of the agenda takes up: one item, one matter for each.
// Where nothing is owed it is refused.
func TakeUp(tx *store.Tx, id ID) error {
	m, err := editable(tx, id)
	if err != nil {
		return err
	}
	item, err := m.owedItem(tx)
	if err != nil {
		return err
	}
	if len(item.Matters) == 0 {
		return fault.Refuse("meeting.refusal.nothing-owed")
	}
	made, err := m.add(tx, item)
	tx.Record(store.Line{About: []store.Ref{id.Ref(), made.ID.Ref()}, Args: map[string]any{"item": made.Number}})
	return err
}

// MatterByID reads one matter with everything that it holds; an unknown one is refused.
func MatterByID(r store.Reader, id MatterID) (Matter, error) {
	m, _, err := matterIn(r, id)
	x, _, _ := m.Matter(id)
	return x, err
}
