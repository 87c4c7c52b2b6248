package register

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// Snapshot names a year-end sum: what was held at the end of a day by the movements up to a number. A roll of a later
// day, known up to a later number, is the snapshot plus two kinds of movements: those that took effect since the day,
// and those recorded since the number that took effect by the day. So a movement recorded late changes no snapshot and
// is missed by no roll.
type Snapshot struct {
	Day     civil.Date
	Through MovementNumber
}

// Limits of snapshots.
const (
	LeastForSnapshots = 10_000  // movements: below this a roll is quick enough without
	snapshotPiece     = 1 << 20 // bytes
	snapshotLag       = 50      // a snapshot of the newest state is renewed when a fiftieth of the movements is newer
)

// fromSnapshot fills the roll from the latest snapshot that serves; served is false when there is none.
func (r *Roll) fromSnapshot(reader store.Reader) (served bool, err error) {
	s, found, err := store.Find(reader, qSnapshotFor, scanSnapshot, r.Day.String(), int64(r.Through))
	if err != nil || !found {
		return false, err
	}
	return true, r.since(reader, s)
}

// since adds to a snapshot what it does not hold.
func (r *Roll) since(reader store.Reader, s Snapshot) error {
	// By this reader: another might see that a job has dropped the snapshot.
	pieces, err := store.List(reader, qSnapshotPieces, store.Text, s.Day.String(), int64(s.Through))
	if err != nil {
		return err
	}
	unpack, err := newUnpacker(pieces)
	if err != nil {
		return err
	}
	changes, err := r.newer(reader, s)
	if err != nil {
		return err
	}
	var unknown []Number
	r.Holders = make([]Holder, 0, unpack.holders+len(changes))
	next := 0
	for {
		h, more, err := unpack.next()
		if err != nil {
			return err
		}
		for next < len(changes) && (!more || changes[next].number < h.Number) { // holders that the snapshot does not know
			n := changes[next].number
			end := sameHolder(changes, next)
			if r.addSum(&Holder{Number: n}, nil, changes[next:end]) {
				unknown = append(unknown, n)
			}
			next = end
		}
		if !more {
			break
		}
		end := next
		if next < len(changes) && changes[next].number == h.Number {
			end = sameHolder(changes, next)
		}
		r.addSum(&h, unpack.held, changes[next:end])
		next = end
	}
	return r.introduce(reader, unknown)
}

// newer gives what has changed since a snapshot, in the order of holders.
func (r *Roll) newer(reader store.Reader, s Snapshot) ([]change, error) {
	middle := s.Day.AddDays(s.Day.DaysUntil(r.Day) / 2)
	read := []struct {
		query store.Query
		args  []any
	}{
		{qSinceDay, []any{s.Day.String(), middle.String(), int64(r.Through)}},
		{qSinceDay, []any{middle.String(), r.Day.String(), int64(r.Through)}},
		{qSinceNumber, []any{int64(s.Through), int64(r.Through), s.Day.String()}},
	}
	parts := make([][]change, len(read))
	err := store.Abreast(reader, len(read), func(r store.Reader, part int) (err error) {
		parts[part], err = store.List(r, read[part].query, changes(), read[part].args...)
		return err
	})
	return sorted(slices.Concat(parts...)), err
}

// change is what movements add to one cooperator's holding of one class.
type change struct {
	number Number
	Holding
}

// sorted puts changes in the order of numbers; those of one holder stay in theirs. Numbers alone are sorted, which is
// several times as fast.
func sorted(list []change) []change {
	const bits = 28 // movements, as positions of the list
	fault.Must(len(list) < 1<<bits, "%d changes of one roll", len(list))
	keys := make([]uint64, len(list))
	for i, c := range list {
		keys[i] = uint64(c.number)<<bits | uint64(i)
	}
	if slices.IsSorted(keys) {
		return list
	}
	slices.Sort(keys)
	ordered := make([]change, len(list))
	for i, key := range keys {
		ordered[i] = list[key&(1<<bits-1)]
	}
	return ordered
}

func sameHolder(changes []change, from int) int {
	end := from
	for end < len(changes) && changes[end].number == changes[from].number {
		end++
	}
	return end
}

// addSum adds a holder with what the snapshot says and what has changed since; false when nothing is held.
func (r *Roll) addSum(h *Holder, held []Holding, changes []change) bool {
	if len(changes) == 0 {
		return r.add(h, held)
	}
	sums := append(r.scratch[:0], held...)
	for _, c := range changes {
		i := slices.IndexFunc(sums, func(h Holding) bool { return h.Class >= c.Class })
		if i < 0 {
			i = len(sums)
		}
		if i == len(sums) || sums[i].Class != c.Class {
			sums = slices.Insert(sums, i, Holding{Class: c.Class})
		}
		sums[i].Shares += c.Shares
		sums[i].Paid += c.Paid
	}
	r.scratch = sums
	return r.add(h, sums)
}

// introduce fills in who the holders are that the snapshot did not know.
func (r *Roll) introduce(reader store.Reader, unknown []Number) error {
	i := 0
	for _, n := range unknown {
		c, err := CooperatorNumbered(reader, n)
		if err != nil {
			return err
		}
		for r.Holders[i].Number != n {
			i++
		}
		r.Holders[i].Person, r.Holders[i].Kind = c.Person, c.Kind
	}
	return nil
}

// Snapshots lists those that are kept.
func Snapshots(r store.Reader) ([]Snapshot, error) { return store.List(r, qSnapshots, scanSnapshot) }

// TakeSnapshot sums and keeps. It is derived work and no act: call it in [store.DB.Touch].
func TakeSnapshot(tx *store.Tx, s Snapshot) error {
	fault.Must(s.Day.IsDay(), "a snapshot of %v", s.Day)
	roll := &Roll{Day: s.Day, Through: s.Through}
	if err := roll.fromMovements(tx); err != nil { // never from another snapshot: a fault must not be inherited
		return err
	}
	if _, err := tx.Exec(qDropSnapshot, s.Day.String(), int64(s.Through)); err != nil {
		return err
	}
	content := roll.pack()
	for piece := 0; len(content) > 0 || piece == 0; piece++ {
		n := min(len(content), snapshotPiece)
		if _, err := tx.Exec(qInsertSnapshot, s.Day.String(), int64(s.Through), int64(piece), content[:n]); err != nil {
			return err
		}
		content = content[n:]
	}
	return nil
}

// DropSnapshot forgets one.
func DropSnapshot(tx *store.Tx, s Snapshot) error {
	_, err := tx.Exec(qDropSnapshot, s.Day.String(), int64(s.Through))
	return err
}

// WantedSnapshots says which snapshots ought to be kept now: for each year that has ended, one as it was known when it
// ended, and one of the newest state; those kept already that are new enough are wanted as they are.
func WantedSnapshots(r store.Reader) (wanted []Snapshot, err error) {
	newest, err := Through(r, civil.Date{})
	if err != nil || newest < LeastForSnapshots {
		return nil, err
	}
	first, err := store.One(r, qFirstDay, scanDate)
	if err != nil {
		return nil, err
	}
	kept, err := Snapshots(r)
	if err != nil {
		return nil, err
	}
	for year := first.Year(); year < r.Today().Year(); year++ {
		end := civil.Day(year, 12, 31)
		then, err := Through(r, end)
		if err != nil {
			return nil, err
		}
		now := Snapshot{end, newest}
		for _, s := range kept {
			if s.Day == end && s.Through > then && newest-s.Through <= newest/snapshotLag {
				now = s
			}
		}
		wanted = append(wanted, Snapshot{end, then}, now)
	}
	return slices.Compact(wanted), nil
}

// KeepSnapshots takes the wanted snapshots that are missing and drops the others: the work of a job, each piece in its
// own turn of the writer, so that acts pass between.
func KeepSnapshots(ctx context.Context, db *store.DB) (taken int, err error) {
	var wanted, kept []Snapshot
	err = db.View(ctx, func(v *store.View) (err error) {
		if wanted, err = WantedSnapshots(v); err == nil {
			kept, err = Snapshots(v)
		}
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("register: snapshots: %w", err)
	}
	for _, s := range wanted {
		if slices.Contains(kept, s) {
			continue
		}
		if err := db.Touch(ctx, func(tx *store.Tx) error { return TakeSnapshot(tx, s) }); err != nil {
			return taken, fmt.Errorf("register: snapshot of %v: %w", s.Day, err)
		}
		taken++
	}
	for _, s := range kept {
		if slices.Contains(wanted, s) {
			continue
		}
		if err := db.Touch(ctx, func(tx *store.Tx) error { return DropSnapshot(tx, s) }); err != nil {
			return taken, fmt.Errorf("register: snapshot of %v: %w", s.Day, err)
		}
	}
	return taken, nil
}

// pack writes the roll's holdings: version, holders, classes, then for each holder the step of its number, its person,
// kind and holdings. Numbers are varints; signed ones zigzag.
func (r *Roll) pack() []byte {
	b := binary.AppendUvarint(nil, 1)
	b = binary.AppendUvarint(b, uint64(len(r.Holders)))
	b = binary.AppendUvarint(b, uint64(len(r.ByClass)))
	for _, c := range r.ByClass {
		b = appendText(b, string(c.Class))
	}
	var before Number
	for _, h := range r.Holders {
		b = binary.AppendUvarint(b, uint64(h.Number-before))
		b = appendText(b, string(h.Person))
		kind := byte('n')
		if h.Kind == people.Legal {
			kind = 'l'
		}
		b = append(b, kind)
		b = binary.AppendUvarint(b, uint64(len(h.ByClass)))
		for _, held := range h.ByClass {
			class := slices.IndexFunc(r.ByClass, func(c Holding) bool { return c.Class == held.Class })
			b = binary.AppendUvarint(b, uint64(class))
			b = binary.AppendVarint(b, held.Shares)
			b = binary.AppendVarint(b, int64(held.Paid))
		}
		before = h.Number
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// unpacker reads what pack wrote, one holder at a time.
type unpacker struct {
	content string // the bytes as one string: ids are slices of it
	at      int
	holders int
	read    int
	classes []ClassID
	before  Number
	held    []Holding // of the holder read last
}

var errSnapshot = errors.New("register: a snapshot is damaged: rebuild the snapshots")

func newUnpacker(pieces []string) (*unpacker, error) {
	u := &unpacker{content: strings.Join(pieces, "")}
	if u.number() != 1 {
		return nil, errSnapshot
	}
	u.holders = int(u.number())
	classes := int(u.number())
	if u.at < 0 || u.holders > len(u.content) || classes > maxClasses {
		return nil, errSnapshot
	}
	for range classes {
		u.classes = append(u.classes, ClassID(u.text()))
	}
	return u, nil
}

// number reads a varint; a damaged one makes at negative, and everything after it zero.
func (u *unpacker) number() (n uint64) {
	for shift := 0; u.at >= 0; shift += 7 {
		if u.at >= len(u.content) || shift > 63 {
			u.at = -1
			return 0
		}
		c := u.content[u.at]
		u.at++
		n |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return n
		}
	}
	return 0
}

func (u *unpacker) signed() int64 {
	n := u.number()
	return int64(n>>1) ^ -int64(n&1)
}

func (u *unpacker) text() string {
	n := int(u.number())
	if u.at < 0 || n < 0 || n > len(u.content)-u.at {
		u.at = -1
		return ""
	}
	s := u.content[u.at : u.at+n]
	u.at += n
	return s
}

func (u *unpacker) next() (h Holder, more bool, err error) {
	if u.read == u.holders {
		return h, false, nil
	}
	u.read++
	u.before += Number(u.number())
	h = Holder{Number: u.before, Person: people.PersonID(u.text()), Kind: people.Natural}
	if u.at >= 0 && u.at < len(u.content) {
		if u.content[u.at] == 'l' {
			h.Kind = people.Legal
		}
		u.at++
	}
	u.held = u.held[:0]
	for range min(u.number(), uint64(len(u.classes))) {
		class := u.number()
		held := Holding{Shares: u.signed(), Paid: money.Cents(u.signed())}
		if u.at < 0 || class >= uint64(len(u.classes)) {
			return h, false, errSnapshot
		}
		held.Class = u.classes[class]
		u.held = append(u.held, held)
	}
	if u.at < 0 {
		return h, false, errSnapshot
	}
	return h, true, nil
}
