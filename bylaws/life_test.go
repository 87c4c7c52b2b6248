package bylaws

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/store/storetest"
	"lieux/people"
	"lieux/vote"
)

func TestStatementsAreUnderstood(t *testing.T) {
	storetest.PrepareAll(t, []store.Room{documents.Room, people.Room, Room})
}

// dates are compared as they are.
var dates = cmpopts.EquateComparable(civil.Date{})

func day(t *rapid.T, name string) civil.Date {
	return civil.Day(2010, 1, 1).AddDays(rapid.IntRange(0, 20*365).Draw(t, name))
}

// preset draws one of the presets.
func preset(t *rapid.T) Preset {
	p, _ := LoadPreset(rapid.SampledFrom(PresetNames).Draw(t, "preset"))
	return p
}

func TestOnAnyDayTheHighestLayerPrevails(t *testing.T) {
	order := []Layer{MandatoryLaw, OwnBylaws, DefaultLaw}
	rapid.Check(t, func(t *rapid.T) {
		rules, on := preset(t).Rules, day(t, "day")
		b := Resolve(Version{Rules: rules}, on)
		for _, key := range Keys() {
			var want []Rule // every rule of that key that holds that day, the highest layer first
			for _, layer := range order {
				for _, r := range slices.Concat(rules, Law()) {
					if r.Key == key && r.Layer == layer && (layer == OwnBylaws || r.inForce(on)) {
						want = append(want, r)
					}
				}
			}
			if d := cmp.Diff(want, b.Layers(key), dates); d != "" {
				t.Fatalf("%s on %s: %s", key, on, d)
			}
			got, known := b.Rule(key)
			if known != (len(want) > 0) || known && !cmp.Equal(got, want[0], dates) {
				t.Fatalf("%s on %s: known %t, %+v", key, on, known, got)
			}
			byChance := strings.HasPrefix(string(key), "body.") && key.isNotice() || // no law says how organs are convened,
				slices.Contains([]Key{KeyHolding, KeyIssue, KeyQuality}, key) // nor, as far as it was read, these
			if !known && !byChance && !on.Before(civil.MustParse("2020-01-01")) {
				t.Fatalf("since the Code every key is known; %s is not on %s", key, on)
			}
		}
	})
}

func TestAnOrganMeetsByHeads(t *testing.T) {
	own := Rule{Key: KeyOrganNotice(people.Board), Article: "Statuts 20", Value: []byte(`{"days": 8}`), Layer: OwnBylaws, Confidence: Read}
	if err := own.check(); err != nil {
		t.Fatal(err)
	}
	b := Resolve(Version{Rules: []Rule{own}}, civil.MustParse("2026-01-01"))
	for _, kind := range Organs {
		rule, known := b.Meeting(kind)
		if !known {
			t.Fatalf("nothing is known of the meetings of the %s", kind)
		}
		for there, want := range map[int64]vote.Verdict{2: vote.Inquorate, 3: vote.Adopted} { // of five
			var voters []vote.Voter
			for seat := range there {
				voters = append(voters, vote.Voter{ID: string(rune('a' + seat)), Mandates: []vote.Mandate{{Holder: seat + 1, Title: vote.Own}}})
			}
			roll := vote.MustRoll(voters...)
			o, err := vote.Judge(rule, vote.Facts{Convening: vote.SecondConvening, Issued: vote.Both(5, 0), Roll: &roll,
				Ballot: vote.Ballot{Kind: vote.ByCounts, Votes: vote.Counted(there, 0, 0)}})
			if err != nil || o.Verdict() != want {
				t.Errorf("%s, %d of 5: %s, %v", kind, there, o.Verdict(), err)
			}
		}
	}
	if n, known := b.MeetingNotice(people.Board); !known || n.Days != 8 {
		t.Errorf("the board's notice is %v, %t", n, known)
	}
	if _, known := b.MeetingNotice(people.Group); known {
		t.Error("a notice that no text gives is known")
	}
	if _, known := b.Meeting(people.Assembly); known {
		t.Error("the general assembly has one rule for all")
	}
	if _, known := Resolve(Version{}, civil.MustParse("2019-12-31")).Meeting(people.Board); known {
		t.Error("the law of before 2020 was not read")
	}
}

func TestAKeyHasOneRuleOfLawAtATime(t *testing.T) {
	for i, a := range Law() {
		for _, b := range Law()[i+1:] {
			apart := !a.ValidUntil.IsZero() && a.ValidUntil.Before(b.ValidFrom) || !b.ValidUntil.IsZero() && b.ValidUntil.Before(a.ValidFrom)
			if a.Key == b.Key && a.Layer == b.Layer && !apart {
				t.Errorf("two rules of law on %s hold at once", a.Key)
			}
		}
	}
}

func TestAChangeUndoneGivesTheTextBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var v Version
		for i := range rapid.IntRange(1, 6).Draw(t, "articles") {
			v.Articles = append(v.Articles, Article{Number: fmt.Sprint(i), Title: "t", Body: rapid.StringN(1, 20, 60).Draw(t, "body")})
		}
		var changes, back []Change
		for i, a := range v.Articles {
			if after := rapid.StringN(1, 20, 60).Draw(t, "after"); rapid.Bool().Draw(t, "changed") && after != a.Body {
				changes = append(changes, Change{Article: fmt.Sprint(i), Before: a.Body, After: after})
				back = append(back, Change{Article: fmt.Sprint(i), Before: after, After: a.Body})
			}
		}
		if rapid.Bool().Draw(t, "added") {
			changes = append(changes, Change{Article: "new", Title: "n", After: "text"})
			back = append(back, Change{Article: "new", Before: "text"})
		}
		changed, err := apply(v, changes)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			i := slices.IndexFunc(changed, func(a Article) bool { return a.Number == c.Article })
			if i < 0 || changed[i].Body != c.After {
				t.Fatalf("article %s is not %q", c.Article, c.After)
			}
		}
		again, err := apply(Version{Articles: changed}, back)
		if d := cmp.Diff(v.Articles, again); d != "" || err != nil {
			t.Fatalf("%v %s", err, d)
		}
		if len(changes) > 0 {
			if _, err := apply(Version{Articles: changed}, changes[:1]); err == nil && changes[0].Before != changes[0].After {
				t.Fatal("a text that has changed since was changed again")
			}
		}
	})
}

func TestMergedRulesAreThoseOfTheAmendmentThenTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		old, changed := preset(t).Rules, preset(t).Rules
		merged := mergeRules(old, changed)
		seen := map[Key]Rule{}
		for _, r := range merged {
			if _, twice := seen[r.Key]; twice {
				t.Fatalf("%s stands twice", r.Key)
			}
			seen[r.Key] = r
		}
		for _, r := range changed {
			if !cmp.Equal(seen[r.Key], r, dates) {
				t.Fatalf("%s is not the amendment's", r.Key)
			}
		}
		for _, r := range old {
			if _, kept := seen[r.Key]; !kept {
				t.Fatalf("%s is lost", r.Key)
			}
		}
		if d := cmp.Diff(merged, mergeRules(merged, changed), dates); d != "" {
			t.Fatalf("merging again changes: %s", d)
		}
	})
}

// model is what a clerk with a pencil would keep: each text with the day since when it holds.
type model struct {
	texts   []string
	since   []civil.Date
	pending map[AmendmentID]Change
}

// on is the text of a day; the youngest version wins when two begin on one day.
func (m model) on(d civil.Date) string {
	text := ""
	for i := range m.texts {
		if !m.since[i].After(d) {
			text = m.texts[i]
		}
	}
	return text
}

// TestTheLifeOfAnArticle: amendments are adopted and their deeds recorded in any order; on every day the text is the
// clerk's. Each life is one act that is taken back.
func TestTheLifeOfAnArticle(t *testing.T) {
	now := time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	db := storetest.Open(t, store.Options{Folder: t.TempDir(), Rooms: []store.Room{documents.Room, people.Room, Room}, Clock: func() time.Time { return now }})
	rapid.Check(t, func(t *rapid.T) {
		_, err := db.Act(t.Context(), store.By("", "test.live"), func(tx *store.Tx) error {
			m := model{texts: []string{"text 0"}, since: []civil.Date{civil.MustParse("2010-01-01")}, pending: map[AmendmentID]Change{}}
			if _, err := Lay(tx, Preset{Articles: []Article{{"1", "A", "text 0"}}}, m.since[0], Deed{}); err != nil {
				return err
			}
			for i := range rapid.IntRange(1, 8).Draw(t, "steps") {
				m.step(t, tx, i)
			}
			for range 5 {
				d := day(t, "read")
				b, err := On(tx, d)
				if err != nil {
					return err
				}
				if a, _ := b.Version.Article("1"); a.Body != m.on(d) {
					t.Fatalf("on %s the text is %q, the clerk says %q", d, a.Body, m.on(d))
				}
			}
			report, err := db.CheckIn(tx)
			for _, f := range report.Findings {
				if f.Number != tx.Number() { // the line of this act is not written yet
					t.Fatalf("check: %v", f)
				}
			}
			return errors.Join(err, errUndo)
		})
		if !errors.Is(err, errUndo) {
			t.Fatal(err)
		}
	})
}

// step adopts an amendment of the text that is in force, or records the deed of one that waits.
func (m *model) step(t *rapid.T, tx *store.Tx, i int) {
	if len(m.pending) == 0 || rapid.Bool().Draw(t, "propose") {
		c := Change{"1", "", m.texts[len(m.texts)-1], fmt.Sprintf("text %d", i+1)}
		id, err := Propose(tx, Proposal{Title: "t", AdoptedOn: civil.MustParse("2010"), Changes: []Change{c}})
		if err != nil {
			t.Fatal(err)
		}
		m.pending[id] = c
		return
	}
	m.record(t, tx, rapid.SampledFrom(slices.Sorted(maps.Keys(m.pending))).Draw(t, "which"), day(t, "deed"))
}

// record records a deed, which is refused where the clerk refuses it: before the last version, or on a text that changed since.
func (m *model) record(t *rapid.T, tx *store.Tx, id AmendmentID, on civil.Date) {
	change, last := m.pending[id], len(m.texts)-1
	_, err := RecordDeed(tx, id, Deed{Notary: "Me X", SignedOn: on, Reference: "1"})
	switch {
	case on.Before(m.since[last]):
		if !fault.Is(err, "bylaws.refusal.deed-order") {
			t.Fatalf("a deed of %s after a version of %s: %v", on, m.since[last], err)
		}
	case change.Before != m.texts[last]:
		if !fault.Is(err, "bylaws.refusal.before") {
			t.Fatalf("a deed on %q while %q holds: %v", change.Before, m.texts[last], err)
		}
	case err != nil:
		t.Fatal(err)
	default:
		m.texts, m.since = append(m.texts, change.After), append(m.since, on)
		delete(m.pending, id)
	}
}

func TestADeedSaysEverythingThatItLacks(t *testing.T) {
	today := civil.MustParse("2020-01-01")
	whole := Deed{Notary: "Me X", SignedOn: today, Reference: "1"}
	for _, c := range []struct {
		name  string
		deed  Deed
		codes []string
	}{
		{"whole", whole, nil},
		{"empty", Deed{}, []string{"notary", "deed-day", "deed-number"}},
		{"a month is no day", Deed{Notary: "Me X", SignedOn: civil.MustParse("2019-12"), Reference: "1"}, []string{"deed-day"}},
		{"tomorrow", Deed{Notary: "Me X", SignedOn: today.AddDays(1), Reference: "1"}, []string{"deed-future"}},
		{"a name without end", Deed{Notary: strings.Repeat("x", maxNotary+1), SignedOn: today, Reference: "1"}, []string{"deed-long"}},
	} {
		var got []string
		for _, r := range fault.Of(c.deed.whole(today)) {
			got = append(got, strings.TrimPrefix(r.Code, "bylaws.refusal."))
		}
		if d := cmp.Diff(c.codes, got); d != "" {
			t.Errorf("%s: %s", c.name, d)
		}
	}
}

func TestEveryRuleIsSaidInThreeLanguages(t *testing.T) {
	book, err := lang.NewBook(Phrases, vote.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	rules := slices.Clone(Law())
	for _, name := range PresetNames {
		p, _ := LoadPreset(name)
		rules = append(rules, p.Rules...)
	}
	for _, value := range []string{`{"allowed":false,"members_only":false,"max":0}`, `{"allowed":true,"members_only":false,"max":3}`,
		`{"allowed":true,"members_only":true,"max":0}`, `{"allowed":true,"members_only":true,"max":1}`} {
		rules = append(rules, Rule{Key: KeyProxies, Value: []byte(value), Layer: OwnBylaws, Article: "1", Words: "w", Source: "s", Confidence: Told})
	}
	for _, value := range []string{`{"by":"assembly","reasoned":true}`, `{"by":"assembly","reasoned":false}`, `{"by":"board","reasoned":false}`} {
		rules = append(rules, Rule{Key: KeyAdmission, Value: []byte(value), Layer: OwnBylaws, Article: "1", Words: "w", Source: "s", Confidence: Told})
	}
	said := map[string]bool{}
	for _, tag := range lang.Tags {
		p := book.In(tag)
		for _, r := range rules {
			if err := r.check(); err != nil {
				t.Errorf("%s %s: %v", r.Key, r.Value, err)
				continue
			}
			for what, words := range map[string]string{"name": r.Key.Words(p), "value": r.InWords(p), "words": r.Says(p), "source": r.From(p),
				"article": r.Cited(p), "layer": r.Layer.Words(p), "confidence": r.Confidence.Words(p)} {
				if words == "" || strings.Contains(words, "«bylaws.") || strings.Contains(words, "«vote.") {
					t.Errorf("%s of %s %s in %s: %q", what, r.Key, r.Value, tag, words)
				}
			}
			said[string(r.Key)+string(r.Value)+string(tag)+r.InWords(p)] = true
		}
	}
	fr, nl := book.In(lang.French), book.In(lang.Dutch)
	days := func(n string) Rule { return Rule{Key: KeyNotice, Value: []byte(`{"days":` + n + `}`)} }
	if days("1").InWords(fr) == days("15").InWords(fr) || !strings.Contains(days("15").InWords(fr), "15 jours") {
		t.Errorf("%q, %q", days("1").InWords(fr), days("15").InWords(fr))
	}
	law := Rule{Key: Amendment.Quorum(), Article: "CSA 6:85", Layer: MandatoryLaw}
	if law.Cited(nl) != "WVV 6:85" || law.Cited(fr) != "CSA 6:85" {
		t.Errorf("the Code is cited %q, %q", law.Cited(nl), law.Cited(fr))
	}
}

func TestAPresetSaysTheSameInEachLanguage(t *testing.T) {
	book, err := lang.NewBook(Phrases, vote.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	p := book.In(lang.English) // values are compared as they are said, so that the article which they cite may differ
	for _, name := range PresetNames {
		french, _ := LoadPreset(name)
		for _, tag := range lang.Tags {
			other := french.In(tag)
			if len(other.Articles) != len(french.Articles) || len(other.Rules) != len(french.Rules) || other.Name != name {
				t.Errorf("%s in %s: %d articles, %d rules", name, tag, len(other.Articles), len(other.Rules))
				continue
			}
			for i, r := range other.Rules {
				if f := french.Rules[i]; r.Key != f.Key || r.InWords(p) != f.InWords(p) || r.Confidence != f.Confidence || r.Layer != f.Layer {
					t.Errorf("%s in %s: %s is not %s", name, tag, r.Key, f.Key)
				}
			}
			for i, a := range other.Articles {
				translated := name != "dynamo-2015" && tag != lang.French
				if a.Number != french.Articles[i].Number || translated == (a.Body == french.Articles[i].Body) {
					t.Errorf("%s in %s: article %s", name, tag, a.Number)
				}
			}
		}
	}
}

func TestWhatIsNoRuleIsRefused(t *testing.T) {
	good := Rule{Key: KeyNotice, Article: "22", Value: []byte(`{"days":15}`), Confidence: Read}
	for name, c := range map[string]struct {
		change func(*Rule)
		code   string
	}{
		"another key":           {func(r *Rule) { r.Key = "song" }, "key"},
		"no article":            {func(r *Rule) { r.Article = "" }, "article"},
		"words without end":     {func(r *Rule) { r.Words = strings.Repeat("a", maxWords+1) }, "words"},
		"a source without end":  {func(r *Rule) { r.Source = strings.Repeat("a", maxSource+1) }, "source"},
		"no confidence":         {func(r *Rule) { r.Confidence = "" }, "confidence"},
		"a value of no shape":   {func(r *Rule) { r.Value = []byte(`[]`) }, "value"},
		"an unknown field":      {func(r *Rule) { r.Value = []byte(`{"days":15,"hours":2}`) }, "value"},
		"no day at all":         {func(r *Rule) { r.Value = []byte(`{"days":0}`) }, "notice"},
		"a year of notice":      {func(r *Rule) { r.Value = []byte(`{"days":365}`) }, "notice"},
		"a weight of no kind":   {func(r *Rule) { r.Key, r.Value = KeyWeight, []byte(`"purse"`) }, ""},
		"proxies below zero":    {func(r *Rule) { r.Key, r.Value = KeyProxies, []byte(`{"allowed":true,"max":-1}`) }, "proxies"},
		"admission by nobody":   {func(r *Rule) { r.Key, r.Value = KeyAdmission, []byte(`{"by":"nobody"}`) }, "value"},
		"a cap without part":    {func(r *Rule) { r.Key, r.Value = KeyCap, []byte(`{"base":"issued"}`) }, ""},
		"a value without bound": {func(r *Rule) { r.Value = []byte(`{"days":15` + strings.Repeat(" ", maxValue) + `}`) }, "value"},
	} {
		r := good
		c.change(&r)
		err := r.check()
		if fault.Of(err) == nil || c.code != "" && !fault.Is(err, "bylaws.refusal."+c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := good.check(); err != nil {
		t.Error(err)
	}
}

// errUndo takes back what a hand altered.
var errUndo = errors.New("undo")

func TestWhatAHandAltersIsFoundAndNamed(t *testing.T) {
	storetest.Both(t, []store.Room{documents.Room, people.Room, Room}, func(t *testing.T, db *store.DB) {
		dynamo, _ := LoadPreset("dynamo-2015")
		var id AmendmentID
		act(t, db, "bylaws.lay", "", func(tx *store.Tx) error {
			_, err := Lay(tx, dynamo, civil.MustParse("2015-06"), Deed{})
			return err
		})
		act(t, db, "bylaws.propose", "", func(tx *store.Tx) (err error) {
			id, err = Propose(tx, Proposal{Title: "t", AdoptedOn: civil.MustParse("2017-06"), Changes: []Change{{"14", "", dynamo.Articles[3].Body, "x"}},
				Rules: []Rule{{Key: KeyNotice, Article: "22", Value: []byte(`{"days":21}`), Confidence: Read}}})
			return err
		})
		act(t, db, "bylaws.record-deed", "", func(tx *store.Tx) error {
			_, err := RecordDeed(tx, id, Deed{Notary: "Me X", SignedOn: civil.MustParse("2018-03-01"), Reference: "7"})
			return err
		})
		for _, c := range []struct{ sql, kind string }{
			{`UPDATE bylaws_article SET body = 'Chaque part donne deux voix.' WHERE number = '26'`, "bylaws"},
			{`UPDATE bylaws_rule SET value = '"head"' WHERE key = 'vote.weight'`, "bylaws"},
			{`UPDATE bylaws_deed SET signed_on = '2018-02-01'`, "bylaws"},
			{`UPDATE bylaws_version SET in_force_on = '2016' WHERE number = 1`, "bylaws"},
			{`UPDATE bylaws_change SET after = 'y'`, "amendment"},
			{`DELETE FROM bylaws_rule_change`, "amendment"},
			{`UPDATE bylaws_amendment SET adopted_on = '2016'`, "amendment"},
		} {
			var findings []store.Finding
			_, err := db.Act(t.Context(), store.By("", "test.alter"), func(tx *store.Tx) error {
				if _, err := tx.Exec(store.Unlisted(c.sql)); err != nil {
					return err
				}
				report, err := db.CheckIn(tx)
				if err != nil {
					return err
				}
				findings = report.Findings
				return errUndo
			})
			if !errors.Is(err, errUndo) {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(findings, func(f store.Finding) bool { return f.Code == "row-altered" && f.Kind == c.kind }) {
				t.Errorf("%s: found %v", c.sql, findings)
			}
		}
	})
}
