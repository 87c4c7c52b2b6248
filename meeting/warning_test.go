package meeting

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/bylaws"
	"lieux/people"
	"lieux/vote"
)

// ruled are bylaws of which quorum, majority and fifteen days of notice are known.
func ruled(t *testing.T) bylaws.Bylaws {
	t.Helper()
	raw := func(v any) json.RawMessage {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	rules := []bylaws.Rule{{Key: bylaws.KeyNotice, Article: "Statuts 24", Value: raw(bylaws.Notice{Days: 15}), Layer: bylaws.OwnBylaws}}
	for _, k := range bylaws.Kinds {
		rules = append(rules, bylaws.Rule{Key: k.Quorum(), Article: "Statuts 26", Value: raw(vote.NoQuorum), Layer: bylaws.OwnBylaws},
			bylaws.Rule{Key: k.Majority(), Article: "Statuts 26", Value: raw(vote.SimpleMajority), Layer: bylaws.OwnBylaws})
	}
	return bylaws.Resolve(bylaws.Version{Rules: rules, Articles: []bylaws.Article{{Number: "3", Title: "Objet", Body: "Construire"}}},
		civil.MustParse("2026-06-06"))
}

// one is a ready assembly of 6 June 2026 with one matter.
func one(x Matter) Meeting {
	return Meeting{ID: "m", Name: "ag-2026", Kind: people.Assembly, StartsAt: at("2026-06-06"), Place: "Liège",
		Convening: vote.FirstConvening, Items: []Item{{ID: "i", Number: "1", Matters: []Matter{x}}}}
}

// said is the codes of warnings, shortened, with an exclamation mark where they are grave and their article.
func said(list []Warning) string {
	var codes []string
	for _, w := range list {
		code := strings.TrimPrefix(w.Say.Code, "meeting.warn.")
		if w.Grave {
			code += "!"
		}
		if w.Article != "" {
			code += " (" + w.Article + ")"
		}
		codes = append(codes, code)
	}
	return strings.Join(codes, ", ")
}

func TestEveryWarningHasItsCase(t *testing.T) {
	brussels, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	note := Matter{Kind: assembly.Note, Title: "Note", Papers: []Paper{{Need: NotePaper, Title: "La note"}}}
	ready := Matter{Kind: assembly.Resolution, Title: "R", Words: "Il est décidé."}
	purpose := Matter{Kind: assembly.PurposeChange, Changes: []bylaws.Change{{Article: "3", Before: "Construire", After: "Habiter"}},
		Papers: []Paper{{Need: PurposeReport, Title: "Rapport", AddedAt: at("2026-04-01")}}}
	point := assembly.Retained{ID: "p", Title: "Vélos", ItemNumber: "4", Meeting: "ag-2024"}
	held := assembly.Summary{Assembly: assembly.Assembly{ID: "a", Name: "ag-2025", Title: "AG 2025", HeldOn: civil.MustParse("2025-06-14")},
		Hash: "x"}
	cases := []struct {
		name  string
		today string
		m     Meeting
		set   func(*Meeting, *circumstances)
		want  string
	}{
		{"nothing is wrong", "2026-04-01", one(note), nil, "notice (Statuts 24)"},
		{"the last useful day", "2026-05-22", one(note), nil, "notice (Statuts 24)"},
		{"the day after it", "2026-05-23", one(note), nil, "too-late! (Statuts 24)"},
		{"convened in time", "2026-05-30", one(note), func(m *Meeting, _ *circumstances) { m.ConvenedAt = at("2026-05-22") }, ""},
		{"convened a day late", "2026-05-30", one(note), func(m *Meeting, _ *circumstances) { m.ConvenedAt = at("2026-05-23") }, "late! (Statuts 24)"},
		{"no rule for nobody", "2026-04-01", one(ready), func(m *Meeting, f *circumstances) { m.Kind, f.bylaws = people.Board, bylaws.Bylaws{} }, "no-rule"},
		{"no notice for the board", "2026-06-05", one(note), func(m *Meeting, _ *circumstances) { m.Kind = people.Committee }, ""},
		{"no day, no place", "2026-04-01", one(note), func(m *Meeting, _ *circumstances) { m.StartsAt, m.Place = 0, "" }, "no-day, no-place"},
		{"the day has passed", "2026-06-07", one(note), func(m *Meeting, _ *circumstances) { m.ConvenedAt = at("2026-05-01") }, "passed"},
		{"moved after the letters", "2026-05-30", one(note),
			func(m *Meeting, _ *circumstances) { m.ConvenedAt, m.AlteredAt = at("2026-05-01"), at("2026-05-02") }, "moved! (CSA, livre 6)"},
		{"a demand waits", "2026-04-01", one(note), func(_ *Meeting, f *circumstances) {
			f.demand = Demand{ID: "d", ReachedOn: civil.MustParse("2026-03-20")}
		}, "demand (CSA 6:70), notice (Statuts 24)"},
		{"a demand waits too long", "2026-04-11", one(note), func(_ *Meeting, f *circumstances) {
			f.demand = Demand{ID: "d", ReachedOn: civil.MustParse("2026-03-20")}
		}, "demand-late! (CSA 6:70), notice (Statuts 24)"},
		{"the second before the first", "2026-04-01", one(note), func(m *Meeting, f *circumstances) {
			f.first = Meeting{ID: "f", StartsAt: m.StartsAt}
		}, "before-first!, notice (Statuts 24)"},
		{"an empty agenda", "2026-04-01", one(note), func(m *Meeting, _ *circumstances) { m.Items = nil }, "notice (Statuts 24), empty"},
		{"an empty item", "2026-04-01", one(note), func(m *Meeting, _ *circumstances) { m.Items = append(m.Items, Item{ID: "j", Number: "2"}) },
			"notice (Statuts 24), empty-item"},
		{"retained points", "2026-04-01", one(note), func(_ *Meeting, f *circumstances) { f.owed = []assembly.Retained{point} },
			"notice (Statuts 24), owed"},
		{"the last minutes", "2026-04-01", one(note), func(_ *Meeting, f *circumstances) { f.last = held }, "notice (Statuts 24), unapproved"},
		{"the last minutes are on the agenda", "2026-04-01", one(Matter{Kind: assembly.EarlierMinutes, Earlier: "ag-2025"}),
			func(_ *Meeting, f *circumstances) { f.last, f.minutes["ag-2025"] = held, held }, "notice (Statuts 24)"},
		{"the last minutes are a draft", "2026-04-01", one(Matter{Kind: assembly.EarlierMinutes, Earlier: "ag-2025"}),
			func(_ *Meeting, f *circumstances) {
				draft := held
				draft.Hash = ""
				f.last, f.minutes["ag-2025"] = draft, draft
			}, "notice (Statuts 24), unfrozen"},
		{"minutes approved before", "2026-04-01", one(Matter{Kind: assembly.EarlierMinutes, Earlier: "ag-2025"}),
			func(_ *Meeting, f *circumstances) {
				done := held
				done.ApprovedBy = "ag-2025-2"
				f.last, f.minutes["ag-2025"] = done, done
			}, "notice (Statuts 24), approved"},
		{"minutes of nobody knows what", "2026-04-01", one(Matter{Kind: assembly.EarlierMinutes}), nil, "notice (Statuts 24), no-earlier"},
		{"added after the letters", "2026-05-01", one(note), func(m *Meeting, _ *circumstances) {
			m.ConvenedAt, m.Items[0].AddedAt = at("2026-04-20"), at("2026-04-21")
		}, "added! (CSA, livre 6)"},
		{"altered after the letters", "2026-05-01", one(ready), func(m *Meeting, _ *circumstances) {
			m.ConvenedAt, m.Items[0].Matters[0].AlteredAt = at("2026-04-20"), at("2026-04-21")
		}, "altered! (CSA, livre 6)"},
		{"a resolution without text", "2026-04-01", one(Matter{Kind: assembly.Resolution}), nil, "notice (Statuts 24), no-words"},
		{"a point without answer", "2026-04-01", one(Matter{Kind: assembly.Information, Answers: []assembly.RetainedID{"p"}}), nil,
			"notice (Statuts 24), unanswered"},
		{"a point with its answer", "2026-04-01", one(Matter{Kind: assembly.Information, Words: "Fait.", Answers: []assembly.RetainedID{"p"}}), nil,
			"notice (Statuts 24)"},
		{"accounts without anything", "2026-04-01", one(Matter{Kind: assembly.Accounts}), nil,
			"notice (Statuts 24), no-discharge, no-closing, paper.accounts (CSA 3:1)"},
		{"accounts too late", "2026-04-01", one(Matter{Kind: assembly.Accounts, ClosedOn: civil.MustParse("2025-12-05"),
			Papers: []Paper{{Need: YearAccounts}}}), nil, "notice (Statuts 24), no-discharge, accounts-late! (CSA 3:1)"},
		{"accounts on the last day", "2026-04-01", one(Matter{Kind: assembly.Accounts, ClosedOn: civil.MustParse("2025-12-06"),
			Papers: []Paper{{Need: YearAccounts}}}), nil, "notice (Statuts 24), no-discharge"},
		{"accounts without a day", "2026-04-01", one(Matter{Kind: assembly.Accounts, ClosedOn: civil.MustParse("2025-12-31"),
			Papers: []Paper{{Need: YearAccounts}}}), func(m *Meeting, _ *circumstances) { m.StartsAt = 0 },
			"no-day, no-discharge, accounts-due (CSA 3:1)"},
		{"discharge first", "2026-04-01", one(Matter{Kind: assembly.Discharge}), func(m *Meeting, _ *circumstances) {
			m.Items = append(m.Items, Item{ID: "j", Number: "2", Matters: []Matter{{Kind: assembly.Accounts,
				ClosedOn: civil.MustParse("2025-12-31"), Papers: []Paper{{Need: YearAccounts}}}}})
		}, "notice (Statuts 24), discharge-first"},
		{"discharge alone", "2026-04-01", one(Matter{Kind: assembly.Discharge}), nil, "notice (Statuts 24), discharge-alone"},
		{"a purpose that changes as it should", "2026-04-01", one(purpose), nil, "notice (Statuts 24), notary (CSA 6:85)"},
		{"a purpose without report", "2026-04-01", one(purpose), func(m *Meeting, _ *circumstances) { m.Items[0].Matters[0].Papers = nil },
			"notice (Statuts 24), notary (CSA 6:85), paper.report-6:86! (CSA 6:86)"},
		{"a report after the letters", "2026-05-01", one(purpose), func(m *Meeting, _ *circumstances) { m.ConvenedAt = at("2026-03-31") },
			"notary (CSA 6:85), paper-late! (CSA 6:86)"},
		{"class rights without report", "2026-04-01", one(Matter{Kind: assembly.ClassRights, Changes: purpose.Changes}), nil,
			"notice (Statuts 24), notary (CSA 6:85), paper.report-6:87! (CSA 6:87)"},
		{"a change of nothing", "2026-04-01", one(Matter{Kind: assembly.BylawsChange}), nil,
			"notice (Statuts 24), notary (CSA 6:85), no-changes! (CSA 6:85)"},
		{"a change of another text", "2026-04-01", one(Matter{Kind: assembly.BylawsChange, Changes: []bylaws.Change{
			{Article: "3", Before: "Bâtir", After: "Habiter"}, {Article: "3", After: "Habiter"}, {Article: "9", Before: "a", After: "b"},
			{Article: "10", After: "neuf"}, {Article: "3", Before: "Construire", After: "Construire"}}}), nil,
			"notice (Statuts 24), notary (CSA 6:85), other-text! (CSA 6:85), article-there! (CSA 6:85), other-text! (CSA 6:85), same-text! (CSA 6:85)"},
		{"an election of nobody", "2026-04-01", one(Matter{Kind: assembly.Election}), nil, "notice (Statuts 24), no-body!, no-term"},
		{"an election to no seat", "2026-04-01", one(Matter{Kind: assembly.Election, Body: "b", Until: civil.MustParse("2029-06")}), nil,
			"notice (Statuts 24), no-seats!"},
		{"too few candidates", "2026-04-01", one(Matter{Kind: assembly.Election, Body: "b", Seats: 2, Candidates: []people.PersonID{"x"},
			Until: civil.MustParse("2029-06")}), nil, "notice (Statuts 24), few-candidates"},
		{"enough candidates", "2026-04-01", one(Matter{Kind: assembly.Election, Body: "b", Seats: 2, Candidates: []people.PersonID{"x", "y"},
			Until: civil.MustParse("2029-06")}), nil, "notice (Statuts 24)"},
		{"a draw of nobody", "2026-04-01", one(Matter{Kind: assembly.Draw, Body: "b"}), nil, "notice (Statuts 24), no-draw!, paper.draw-rules"},
		{"papers that are missing", "2026-04-01", one(Matter{Kind: assembly.FinancialPlan}), func(m *Meeting, _ *circumstances) {
			m.Items[0].Matters = append(m.Items[0].Matters, Matter{Kind: assembly.Charter}, Matter{Kind: assembly.Note})
		}, "notice (Statuts 24), paper.plan, paper.charter, paper.note"},
		{"nobody knows the rule", "2026-04-01", one(ready), func(_ *Meeting, f *circumstances) { f.bylaws = bylaws.Bylaws{} }, "no-rule"},
		{"the board has a rule", "2026-04-01", one(ready), func(m *Meeting, f *circumstances) { m.Kind, f.bylaws = people.Board, ruled(t) }, ""},
	}
	book, err := lang.NewBook(Phrases, assembly.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for _, c := range cases {
		f := circumstances{today: civil.MustParse(c.today), zone: brussels, bylaws: ruled(t), minutes: map[string]assembly.Summary{},
			points: map[assembly.RetainedID]assembly.Retained{"p": point}}
		if c.set != nil {
			c.set(&c.m, &f)
		}
		list := f.warnings(c.m)
		if got := said(list); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		for _, w := range list {
			named[w.Say.Code] = true
			for _, tag := range lang.Tags {
				for _, ph := range []lang.Phrase{w.Say, w.Todo()} {
					if words := book.In(tag).Words(ph); strings.Contains(words, "«meeting.") || strings.Contains(words, "<no value>") {
						t.Errorf("%s in %s: %s", ph.Code, tag, words)
					}
				}
			}
		}
	}
	for _, code := range book.In(lang.French).Codes() {
		if strings.HasPrefix(code, "meeting.warn.") && !strings.HasSuffix(code, ".todo") && !named[code] {
			t.Errorf("no case says %s", code)
		}
	}
}

// sides is an attendance of shares alone, of a thousand.
func sides(shares ...int64) (past []Past) {
	for _, n := range shares {
		past = append(past, Past{There: vote.Both(n/10, n), Issued: vote.Both(100, 1000)})
	}
	return past
}

func TestForecasts(t *testing.T) {
	half := vote.MustQuorum(vote.QuorumTerms{Base: vote.QuorumIssued, Shares: vote.AtLeast(vote.Half)})
	two := vote.MustQuorum(vote.QuorumTerms{Base: vote.QuorumIssued, Shares: vote.AtLeast(vote.Half), Heads: vote.AtLeast(vote.Half),
		Second: vote.SecondSame, PerClass: true})
	ballot := vote.MustQuorum(vote.QuorumTerms{Base: vote.QuorumPresent, Shares: vote.AtLeast(vote.Half)})
	unknownHeads := []Past{{There: vote.Sides{Shares: vote.Count(700)}, Issued: vote.Sides{Shares: vote.Count(1000)}}}
	cases := []struct {
		name   string
		quorum vote.Quorum
		second bool
		past   []Past
		want   string
	}{
		{"no rule is known", vote.Quorum{}, false, sides(600), "unknown 0/0 0-0"},
		{"no quorum is asked", vote.NoQuorum, false, sides(600), "nothing 0/0 0-0"},
		{"the second decides whatever the number", half, true, sides(600), "nothing 0/0 0-0"},
		{"the second asks it again", two, true, sides(600, 600, 600), "present 3/3 368-1000"},
		{"counted on the ballot", ballot, false, sides(600), "ballot 0/0 0-0"},
		{"too few to tell", half, false, sides(600, 400), "present 1/2 0-0"},
		{"exactly half counts", half, false, sides(500, 499, 501), "present 2/3 135-984"},
		{"never in three", half, false, sides(100, 200, 300), "present 0/3 0-632"},
		{"never in eight", half, false, sides(1, 2, 3, 4, 5, 6, 7, 8), "present 0/8 0-313"},
		{"always in eight", half, false, sides(501, 502, 503, 504, 505, 506, 507, 508), "present 8/8 687-1000"},
		{"once in twelve", half, false, sides(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 600), "present 1/12 4-339"},
		{"heads are not known", two, false, unknownHeads, "present 0/0 0-0"},
		{"heads are not asked", half, false, unknownHeads, "present 1/1 0-0"},
	}
	for _, c := range cases {
		convening := vote.FirstConvening
		if c.second {
			convening = vote.SecondConvening
		}
		f := forecast(vote.Rule{Quorum: c.quorum, Majority: vote.SimpleMajority}, convening, c.past, vote.Both(50, 801))
		if got := fmt.Sprintf("%s %d/%d %d-%d", f.Asked, f.Reached, f.Of, f.Low, f.High); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
		if shares, known := f.Needed.Shares.Get(); known != (f.Asked == AskedPresent) || known && shares != 401 {
			t.Errorf("%s: %d shares are needed, known %t", c.name, shares, known)
		}
	}
}

// The bounds hold the share that was seen, lie in order, and narrow when the same share is seen more often.
func TestBoundsAreInOrder(t *testing.T) {
	for n := ForecastLeast; n <= forecastPast; n++ {
		before := int64(-1)
		for k := range n + 1 {
			low, high := bounds(k, n)
			seen := int64(k * perMille / n)
			if low > seen || high < seen || low < before || (low == 0) != (k == 0) || (high == perMille) != (k == n) {
				t.Errorf("%d of %d: %d to %d", k, n, low, high)
			}
			before = low
			wideLow, wideHigh := bounds(2*k, 2*n)
			if wideHigh-wideLow > high-low {
				t.Errorf("%d of %d is told more closely than %d of %d", k, n, 2*k, 2*n)
			}
			mirrorLow, mirrorHigh := bounds(n-k, n)
			if mirrorLow != perMille-high || mirrorHigh != perMille-low {
				t.Errorf("%d of %d: %d to %d, and the others %d to %d", k, n, low, high, mirrorLow, mirrorHigh)
			}
		}
	}
}

func TestTheMiddleOfPastAttendance(t *testing.T) {
	past := append(sides(400, 100, 300), Past{There: vote.Sides{Heads: vote.Count(3)}})
	if least, median, most, n := Median(past); least != 100 || median != 300 || most != 400 || n != 3 {
		t.Errorf("%d, %d, %d of %d", least, median, most, n)
	}
	if _, median, _, n := Median(sides(400, 100)); median != 250 || n != 2 {
		t.Errorf("of two it is %d", median)
	}
	if _, _, _, n := Median(nil); n != 0 {
		t.Errorf("of none there are %d", n)
	}
}

// Each voted kind has its rule at the assembly; other bodies decide by heads.
func TestEachKindBringsItsRule(t *testing.T) {
	b := ruled(t)
	for _, k := range assembly.Kinds {
		got := RuleOf(b, Meeting{Kind: people.Assembly}, Matter{Kind: k})
		if got != b.Decision(Matter{Kind: k}.rule()) {
			t.Errorf("%s: %+v", k, got)
		}
		if rule := RuleOf(b, Meeting{Kind: people.Board}, Matter{Kind: k}); rule.Weight != vote.PerHead || rule.Quorum.IsZero() {
			t.Errorf("the board: %s: %+v", k, rule)
		}
		if k.Changes() != slices.Contains([]bylaws.Kind{bylaws.Amendment, bylaws.Purpose, bylaws.ClassRights}, Matter{Kind: k}.rule()) {
			t.Errorf("%s is judged as %s", k, Matter{Kind: k}.rule())
		}
	}
}
