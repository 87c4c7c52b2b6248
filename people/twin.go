package people

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/fold"
	"lieux/base/lang"
	"lieux/base/store"
)

// Points of the duplicate finder, of 100. A pair is shown from leastLikely on; a person judges, the program never
// merges alone.
const (
	LeastLikely = 50
	Likely      = 65
	VeryLikely  = 85

	pointsName       = 40 // the same names, however written
	pointsNearName   = 35 // one part the same, the other resembles: a slip of the pen, an initial; with one home, shown
	pointsPair       = 25 // Louis and Louise: a slip of the pen, or a brother and a sister under one roof
	pointsAlone      = 15 // the same name and nothing in either record that contradicts it
	pointsBirth      = 35
	pointsEnterprise = 75
	pointsEmail      = 25
	pointsPhone      = 15
	pointsAddress    = 15

	otherGiven      = -60 // twins, a couple: another given name is another person
	otherBirth      = -60 // father and son of one name
	otherEnterprise = -80
	slipInBirth     = -10 // one figure, or day and month changed about
	otherHome       = -5  // people move
)

// maxBlock is how many records may share a key before it stops meaning anything: a students' house, the address of
// a social service.
const maxBlock = 40

// Facts are what two records are compared by.
type Facts struct {
	Person
	Emails, Phones []string // keys
	Home           string   // key of the address; empty when unknown
}

// Twin is a pair of records that may be one person. One has the smaller id.
type Twin struct {
	One, Two PersonID
	Score    int           // of 100
	Alike    []lang.Phrase // why the two look alike
	Differ   []lang.Phrase // what speaks against it
}

// Level is the word for the score.
func (t Twin) Level() lang.Phrase {
	switch {
	case t.Score >= VeryLikely:
		return lang.Say("people.twin.very-likely")
	case t.Score >= Likely:
		return lang.Say("people.twin.likely")
	}
	return lang.Say("people.twin.possible")
}

// Compare scores two records. A natural and a legal person are never one: an association may live at its secretary's.
func Compare(a, b Facts) Twin {
	if b.ID < a.ID {
		a, b = b, a
	}
	t := Twin{One: a.ID, Two: b.ID}
	t.compareNames(a.Person, b.Person)
	if a.Kind != b.Kind {
		t.Score = 0
		return t
	}
	if shared := common(a.Emails, b.Emails); shared != "" {
		t.alike(pointsEmail, "people.twin.email", "text", shared)
	}
	if common(a.Phones, b.Phones) != "" {
		t.alike(pointsPhone, "people.twin.phone")
	}
	switch {
	case a.Home == "" || b.Home == "":
	case a.Home == b.Home:
		t.alike(pointsAddress, "people.twin.address")
	default:
		t.differ(otherHome, "people.twin.other-address")
	}
	if len(t.Alike) == 1 && len(t.Differ) == 0 && t.Score == pointsName {
		t.Score += pointsAlone
	}
	t.Score = min(max(t.Score, 0), 100)
	return t
}

// hopeless says that two records cannot be one, whatever their contacts and addresses are: most pairs end here,
// without reading them.
func hopeless(a, b Person) bool {
	var t Twin
	t.compareNames(a, b)
	return a.Kind != b.Kind || t.Score+pointsEmail+pointsPhone+pointsAddress < LeastLikely
}

func (t *Twin) compareNames(a, b Person) {
	switch {
	case a.Kind != b.Kind:
		t.differ(0, "people.twin.other-kind")
	case a.Kind == Legal:
		t.compareLegal(a, b)
	default:
		t.compareNatural(a, b)
	}
}

func (t *Twin) alike(points int, code string, kv ...any) {
	t.Score += points
	t.Alike = append(t.Alike, lang.Say(code, kv...))
}

func (t *Twin) differ(points int, code string, kv ...any) {
	t.Score += points
	t.Differ = append(t.Differ, lang.Say(code, kv...))
}

func (t *Twin) compareLegal(a, b Person) {
	switch {
	case a.Enterprise == "" || b.Enterprise == "":
	case a.Enterprise == b.Enterprise:
		t.alike(pointsEnterprise, "people.twin.enterprise")
	default:
		t.differ(otherEnterprise, "people.twin.other-enterprise")
	}
	switch x, y := squeeze(a.Name), squeeze(b.Name); {
	case x == y:
		t.alike(pointsName, "people.twin.name")
	case near(x, y):
		t.alike(pointsNearName, "people.twin.near-name")
	}
}

func (t *Twin) compareNatural(a, b Person) {
	family, other := squeeze(a.Family), squeeze(b.Family)
	given, named := squeeze(a.Given), squeeze(b.Given)
	sameGiven := nearGiven(a.Given, b.Given)
	switch {
	case family == other && given == named:
		t.alike(pointsName, "people.twin.name")
	case family == named && given == other:
		t.alike(pointsName, "people.twin.turned")
	case family == other && pair(given, named):
		t.alike(pointsPair, "people.twin.near-given", "a", a.Given, "b", b.Given)
	case family == other && sameGiven:
		t.alike(pointsNearName, "people.twin.near-given", "a", a.Given, "b", b.Given)
	case near(family, other) && given == named:
		t.alike(pointsNearName, "people.twin.near-family", "a", a.Family, "b", b.Family)
	case given != named && !sameGiven:
		t.differ(otherGiven, "people.twin.other-given", "a", a.Given, "b", b.Given)
	default:
		t.differ(0, "people.twin.other-family", "a", a.Family, "b", b.Family)
	}
	switch {
	case a.Birth.IsZero() && b.Birth.IsZero():
	case a.Birth.IsZero() || b.Birth.IsZero():
		t.differ(0, "people.twin.one-birth")
	case a.Birth == b.Birth && a.Birth.IsDay():
		t.alike(pointsBirth, "people.twin.birth", "birth", a.Birth)
	case overlaps(a.Birth, b.Birth):
		t.alike(pointsBirth/3, "people.twin.birth-may", "a", a.Birth, "b", b.Birth)
	case slip(a.Birth, b.Birth):
		t.differ(slipInBirth, "people.twin.near-birth", "a", a.Birth, "b", b.Birth)
	default:
		t.differ(otherBirth, "people.twin.other-birth", "a", a.Birth, "b", b.Birth)
	}
}

// squeeze folds a name and closes it up: van den Berg and Vandenberg are written alike.
func squeeze(s string) string { return strings.ReplaceAll(fold.Text(s), " ", "") }

// nearGiven: J. and Jean, Cath. and Catherine, Jean and Jean-Marc, Cathrine and Catherine, Ana and Anna may be one; Luc
// and Lea, Tom and Tim are not.
func nearGiven(a, b string) bool {
	x, y := squeeze(a), squeeze(b)
	return x == "" || y == "" || shortens(a, b) || shortens(b, a) || near(x, y) || single(x) == single(y)
}

// shortens says whether a given name is another one cut short, part by part: J.-P. and Jean-Pierre, Cath. and
// Catherine, Jean and Jean-Marc. A part is cut short when one letter is left, or a point says so.
func shortens(short, long string) bool {
	x, y := givenParts(short), givenParts(long)
	if len(x) > len(y) {
		return false
	}
	for i, part := range x {
		begun, pointed := strings.CutSuffix(part, ".")
		whole := strings.TrimSuffix(y[i], ".")
		if begun != whole && !(strings.HasPrefix(whole, begun) && (pointed || len(begun) == 1)) {
			return false
		}
	}
	return true
}

// givenParts are the folded parts of a given name, each with its point: "J.-Pierre" is "j." and "pierre".
func givenParts(given string) (parts []string) {
	for word := range strings.FieldsFuncSeq(strings.ReplaceAll(given, ".", ". "), apart) {
		folded := fold.Text(word)
		if strings.HasSuffix(word, ".") {
			folded += "."
		}
		if folded != "" && folded != "." {
			parts = append(parts, folded)
		}
	}
	return parts
}

func apart(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) }

// pair: Louis and Louise, Simon and Simona, Mario and Maria are a brother's and a sister's names before they are a slip
// of the pen.
func pair(a, b string) bool {
	for _, ends := range [][2]string{{"", "e"}, {"", "a"}, {"o", "a"}} {
		for _, names := range [][2]string{{a, b}, {b, a}} {
			stem, his := strings.CutSuffix(names[0], ends[0])
			if his && len(stem) >= leastStem && names[1] == stem+ends[1] {
				return true
			}
		}
	}
	return false
}

// leastStem is how many letters two names of a [pair] share at least.
const leastStem = 3

// single writes doubled letters once: Anna and Ana.
func single(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// leastNear is how many letters a word has in which one may be a slip: Léa and Léo are two persons.
const leastNear = 4

// near says whether two words differ by one slip, two in long words.
func near(a, b string) bool {
	allowed := 0
	switch n := min(len(a), len(b)); {
	case n >= 9:
		allowed = 2
	case n >= leastNear:
		allowed = 1
	}
	return a != b && slips(a, b, allowed) <= allowed
}

// slips counts letters added, left out, changed, or changed about with their neighbour; beyond most it stops counting.
func slips(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > most || -d > most {
		return most + 1
	}
	var two, last []int
	now := make([]int, len(y)+1)
	for j := range now {
		now[j] = j
	}
	for i := range x {
		two, last, now = last, now, make([]int, len(y)+1)
		now[0] = i + 1
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			now[j+1] = min(last[j+1]+1, now[j]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				now[j+1] = min(now[j+1], two[j-1]+1)
			}
		}
	}
	return now[len(y)]
}

// slip: one figure typed wrong, or day and month changed about.
func slip(a, b civil.Date) bool {
	if !a.IsDay() || !b.IsDay() {
		return false
	}
	if a.Year() == b.Year() && int(a.Month()) == b.DayOfMonth() && int(b.Month()) == a.DayOfMonth() {
		return true
	}
	wrong := 0
	x, y := a.String(), b.String()
	for i := range x {
		if x[i] != y[i] {
			wrong++
		}
	}
	return wrong == 1
}

// overlaps: 1980 and 3 May 1980 may be the same birth.
func overlaps(a, b civil.Date) bool {
	return (!a.IsDay() || !b.IsDay()) && !a.Last().Before(b.First()) && !b.Last().Before(a.First())
}

func common(a, b []string) string {
	for _, x := range a {
		if slices.Contains(b, x) {
			return x
		}
	}
	return ""
}

// blocks are the keys that bring two records together to be compared: nobody compares a hundred thousand with a
// hundred thousand.
func blocks(f Facts) []string {
	var keys []string
	add := func(kind string, parts ...string) {
		k := kind + ":" + strings.Join(parts, " ")
		if slices.Contains(parts, "") || slices.Contains(keys, cut(k)) {
			return
		}
		keys = append(keys, cut(k))
	}
	switch f.Kind {
	case Legal:
		add("v", f.Enterprise)
		add("n", bones(f.Name))
	case Natural:
		names := []string{bones(f.Family), bones(f.Given)}
		slices.Sort(names) // the two may have been changed about
		add("n", names...)
		if f.Birth.IsDay() {
			add("f", f.Birth.String(), bones(f.Family))
			add("g", f.Birth.String(), bones(f.Given))
		}
	}
	for _, e := range f.Emails {
		add("e", e)
	}
	for _, p := range f.Phones {
		add("p", p)
	}
	add("a", f.Home)
	return keys
}

// bones are the consonants of a name, doubled ones once, with its first letter: most slips of the pen leave them.
func bones(s string) string {
	var b strings.Builder
	var last rune
	for i, r := range squeeze(s) {
		if r != last && (i == 0 || !strings.ContainsRune("aeiouyh", r)) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// Twins compares the whole file and lists the pairs that may be one person, the likeliest first, at most limit.
// Pairs that somebody told apart, merged and erased records are left out.
func Twins(r store.Reader, limit int) ([]Twin, error) {
	pairs, err := blockedPairs(r)
	if err != nil {
		return nil, err
	}
	return judge(r, pairs, limit)
}

// TwinsOf are the records that may be the same as this one.
func TwinsOf(r store.Reader, id PersonID) ([]Twin, error) {
	keys, err := store.List(r, qTwinKeys, store.Text, string(id))
	if err != nil {
		return nil, err
	}
	pairs := map[[2]PersonID]bool{}
	err = sharing(r, keys, func(other PersonID) {
		if other != id {
			pairs[ordered(id, other)] = true
		}
	})
	if err != nil {
		return nil, err
	}
	return judge(r, pairs, MaxHits)
}

// sharing finds who has one of the keys, but for keys that too many have.
func sharing(r store.Reader, keys []string, found func(PersonID)) error {
	for some := range slices.Chunk(keys, blocksAtOnce) {
		by, err := inBlocks(r, some)
		if err != nil {
			return err
		}
		for _, ids := range by {
			for _, id := range ids {
				if len(ids) <= maxBlock {
					found(id)
				}
			}
		}
	}
	return nil
}

// Alike are records that may be the person whom an entry describes: shown before a new record is written.
func Alike(r store.Reader, e Entry) ([]Twin, error) {
	p, _ := e.person(r.Today())
	contacts, _ := e.contacts()
	f := Facts{Person: p}
	for _, c := range contacts {
		f.note(c)
	}
	if home, rs := e.Home.checked(false, r.Today()); rs == nil && home.Known() {
		f.Home = home.key()
	}
	others := map[PersonID]bool{}
	if err := sharing(r, blocks(f), func(other PersonID) { others[other] = true }); err != nil {
		return nil, err
	}
	var list []Twin
	for id := range others {
		g, err := factsOf(r, id)
		if err != nil {
			return nil, err
		}
		if t := Compare(f, g); t.Score >= LeastLikely && g.Kept == "" {
			t.One, t.Two = "", id
			list = append(list, t)
		}
	}
	sortTwins(list)
	return list[:min(len(list), MaxHits)], nil
}

func (f *Facts) note(c Contact) {
	if c.Kind == Email {
		f.Emails = append(f.Emails, c.Key)
	} else {
		f.Phones = append(f.Phones, c.Key)
	}
}

func ordered(a, b PersonID) [2]PersonID {
	if b < a {
		a, b = b, a
	}
	return [2]PersonID{a, b}
}

func sortTwins(list []Twin) {
	slices.SortFunc(list, func(a, b Twin) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.One, b.One), cmp.Compare(a.Two, b.Two))
	})
}

// judge compares the pairs and keeps the likely ones.
func judge(r store.Reader, pairs map[[2]PersonID]bool, limit int) ([]Twin, error) {
	apart, err := toldApart(r)
	if err != nil {
		return nil, err
	}
	var ids []PersonID
	for pair := range pairs {
		ids = append(ids, pair[0], pair[1])
	}
	slices.Sort(ids)
	named := map[PersonID]Person{}
	if err := readPersons(r, slices.Compact(ids), named); err != nil {
		return nil, err
	}
	known := map[PersonID]Facts{}
	read := func(id PersonID) (Facts, error) {
		if f, ok := known[id]; ok {
			return f, nil
		}
		f, err := factsOf(r, id)
		known[id] = f
		return f, err
	}
	var list []Twin
	for pair := range pairs {
		if hopeless(named[pair[0]], named[pair[1]]) {
			continue
		}
		a, err := read(pair[0])
		if err != nil {
			return nil, err
		}
		b, err := read(pair[1])
		if err != nil {
			return nil, err
		}
		if apart[pair] || a.Kept != "" || b.Kept != "" {
			continue
		}
		if t := Compare(a, b); t.Score >= LeastLikely {
			list = append(list, t)
		}
	}
	sortTwins(list)
	return list[:min(len(list), limit)], nil
}

// TellApart says that two records are two persons: the pair is not shown again.
func TellApart(tx *store.Tx, a, b PersonID) error {
	if a == b {
		return fault.Refuse("people.refusal.same-record")
	}
	for _, id := range []PersonID{a, b} {
		if _, err := living(tx, id); err != nil {
			return err
		}
	}
	pair := ordered(a, b)
	if _, err := tx.Exec(qTellApart, string(pair[0]), string(pair[1]), int64(tx.Now())); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{pair[0].Ref(), pair[1].Ref()}})
	return nil
}

// Merge says that alias and kept are one person: kept stands for both from now on. It writes one row and moves
// nothing, so that Unmerge brings both back as they were; numbers, shares and mandates stay with the record they
// were written for.
func Merge(tx *store.Tx, kept, alias PersonID, why string) error {
	why, rs := tidy("why", why, maxNote)
	if err := rs.Err(); err != nil {
		return err
	}
	k, err := Standing(tx, kept)
	if err != nil {
		return err
	}
	a, err := Standing(tx, alias)
	if err != nil {
		return err
	}
	house, _, err := TheHouse(tx)
	if err != nil {
		return err
	}
	switch {
	case k.ID == a.ID:
		return fault.Refuse("people.refusal.same-record")
	case !k.Erased.IsZero() || !a.Erased.IsZero():
		return fault.Refuse("people.refusal.erased", "date", cmp.Or(k.Erased, a.Erased))
	case k.Kind != a.Kind:
		return fault.Refuse("people.refusal.merge-kinds")
	case a.ID == house.Person:
		return fault.Refuse("people.refusal.merge-house")
	}
	group, err := Records(tx, k.ID)
	if err != nil {
		return err
	}
	more, err := Records(tx, a.ID)
	if err != nil {
		return err
	}
	if len(group)+len(more) > maxAliases {
		return fault.Refuse("people.refusal.many-aliases", "limit", maxAliases)
	}
	if _, err := tx.Exec(qMerge, tx.ID(), string(a.ID), string(k.ID), why, int64(tx.Now())); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{k.ID.Ref(), a.ID.Ref()}})
	return nil
}

// Unmerge undoes the merge that made this record an alias.
func Unmerge(tx *store.Tx, alias PersonID) error {
	p, err := living(tx, alias)
	if err != nil {
		return err
	}
	if p.Kept == "" {
		return fault.Refuse("people.refusal.not-merged")
	}
	if _, err := tx.Exec(qUnmerge, string(alias), int64(tx.Now())); err != nil {
		return err
	}
	tx.Record(store.Line{About: []store.Ref{p.Kept.Ref(), alias.Ref()}})
	return nil
}

// Standing is the record that stands for a person: itself, or the one it was merged into.
func Standing(r store.Reader, id PersonID) (Person, error) {
	p, err := Get(r, id)
	for n := 0; err == nil && p.Kept != ""; n++ {
		fault.Must(n < maxAliases, "a circle of merges at %s", id)
		p, err = Get(r, p.Kept)
	}
	return p, err
}

// Canonical is the id of [Standing].
func Canonical(r store.Reader, id PersonID) (PersonID, error) {
	p, err := Standing(r, id)
	return p.ID, err
}

// Records are all records of one person: the one that stands first, then those merged into it.
func Records(r store.Reader, id PersonID) ([]PersonID, error) {
	standing, aliases, err := mergedWith(r, id)
	for n := 0; err == nil && standing != ""; n++ {
		fault.Must(n < maxAliases, "a circle of merges at %s", id)
		id = standing
		standing, aliases, err = mergedWith(r, id)
	}
	if err != nil {
		return nil, err
	}
	ids := append([]PersonID{id}, aliases...)
	for i := 1; i < len(ids); i++ {
		fault.Must(i <= maxAliases, "a circle of merges at %s", id)
		if _, aliases, err = mergedWith(r, ids[i]); err != nil {
			return nil, err
		}
		ids = append(ids, aliases...)
	}
	return ids, nil
}

// mergedWith reads into which record one was merged, if any, and which were merged into it.
func mergedWith(r store.Reader, id PersonID) (kept PersonID, aliases []PersonID, err error) {
	known := false
	err = store.Each(r, qMergedWith, func(row store.Row) error {
		var alias PersonID
		err := row.Scan(&kept, &alias)
		if known = true; alias != "" {
			aliases = append(aliases, alias)
		}
		return err
	}, string(id))
	if err == nil && !known {
		err = fault.Refuse("people.refusal.unknown-person")
	}
	return kept, aliases, err
}

// Across reads something of every record of a person: a merge moves nothing, so that what the alias has stays with
// it. read is [Contacts], [Addresses], [Consents] and their like.
func Across[T any](r store.Reader, id PersonID, read func(store.Reader, PersonID) ([]T, error)) ([]T, error) {
	records, err := Records(r, id)
	if err != nil {
		return nil, err
	}
	var all []T
	for _, id := range records {
		list, err := read(r, id)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// Merged is one merge that stands.
type Merged struct {
	Alias, Kept PersonID
	Why         string
}

// Merges lists the merges that stand, the latest first, at most limit: each can be undone.
func Merges(r store.Reader, limit int) ([]Merged, error) {
	return store.List(r, qMerges, scanMerged, int64(limit))
}
