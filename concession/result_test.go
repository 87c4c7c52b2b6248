package concession

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/money"
	"lieux/base/papers"
	"lieux/base/programs"
	"lieux/base/store"
	"lieux/followup"
	"lieux/people"
	"lieux/places"
)

// What is due of a year's results, to the cent: from the revenue and the charges to the last step.
func TestWhatIsDueOfAYear(t *testing.T) {
	clause := Rule{Threshold: money.Euros(10_000), Num: 1, Den: 3, Floor: money.Euros(500), Ceiling: money.Euros(15_000)}
	for _, c := range []struct {
		name             string
		rule             Rule
		revenue, charges money.Cents
		want             money.Cents
		steps            string
	}{
		{"no clause", Rule{}, 9_000_000, 1, 0, "revenue charges profit none"},
		{"a loss owes nothing, not even the floor", clause, 1_000_000, 1_000_001, 0,
			"revenue charges profit threshold above fraction owed"},
		{"on the threshold", clause, 3_000_000, 2_000_000, 0, "revenue charges profit threshold above fraction owed"},
		{"a cent above it: the floor, but never more than what is above", clause, 3_000_001, 2_000_000, 1,
			"revenue charges profit threshold above fraction floor owed"},
		{"a third is less than the floor", clause, 3_100_000, 2_000_000, 50_000,
			"revenue charges profit threshold above fraction floor owed"},
		{"a third is the floor: it takes nothing", clause, 3_150_000, 2_000_000, 50_000,
			"revenue charges profit threshold above fraction owed"},
		{"a part of a cent stays with the manager", clause, 3_150_001, 2_000_000, 50_000,
			"revenue charges profit threshold above fraction owed"},
		{"three cents more", clause, 3_150_003, 2_000_000, 50_001, "revenue charges profit threshold above fraction owed"},
		{"12 345,67 € above: a third of it", clause, 5_234_567, 3_000_000, 411_522,
			"revenue charges profit threshold above fraction owed"},
		{"the ceiling", clause, 99_000_000, 1, 1_500_000, "revenue charges profit threshold above fraction ceiling owed"},
		{"the greatest revenue", Rule{Num: 1, Den: 1}, money.Max, 0, money.Max,
			"revenue charges profit threshold above fraction owed"},
	} {
		owed, steps := c.rule.Of(Result{Revenue: c.revenue, Charges: c.charges})
		var said []string
		for _, s := range steps {
			said = append(said, strings.TrimPrefix(s.Say.Code, "concession.share."))
		}
		if got := strings.Join(said, " "); owed != c.want || got != c.steps {
			t.Errorf("%s: %d by %s, want %d by %s", c.name, owed, got, c.want, c.steps)
		}
	}
	for _, floor := range []money.Cents{-1, money.Euros(15_001)} {
		wrong := clause
		wrong.Floor = floor
		if err := wrong.check().Err(); !fault.Is(err, "concession.refusal.floor") {
			t.Errorf("a floor of %d: %v", floor, err)
		}
	}
}

// Which years are asked for, by which clause, and until when: of the last day of the year on which the place was run.
func TestWhichResultsAreAskedFor(t *testing.T) {
	third, half := Rule{Num: 1, Den: 3}, Rule{Num: 1, Den: 2}
	fact := func(s State, from, first, last string, r Rule) Fact {
		return Fact{State: s, From: day(from), Terms: Terms{First: day(first), Last: day(last), Share: r}}
	}
	force := fact(Force, "2022-01-01", "2022-01-01", "2024-12-31", third)
	renewed := fact(Renewed, "2025-01-01", "2025-01-01", "2027-12-31", half)
	for _, c := range []struct {
		name  string
		facts []Fact
		there []int64
		today string
		want  string
	}{
		{"three years back, six months after each", []Fact{force, renewed}, nil, "2026-02-01",
			"2025 1/2 2026-06-30, 2024 1/3 2025-06-30, 2023 1/3 2024-06-30"},
		{"what was handed in is asked for no more", []Fact{force, renewed}, []int64{2023, 2024}, "2026-02-01",
			"2025 1/2 2026-06-30, 2024 1/3 2025-06-30 handed, 2023 1/3 2024-06-30 handed"},
		{"the first year is not over", []Fact{force}, nil, "2022-12-31", ""},
		{"it is over", []Fact{force}, nil, "2023-01-01", "2022 1/3 2023-06-30"},
		{"without a clause nothing is asked", []Fact{fact(Force, "2022-01-01", "2022-01-01", "2024-12-31", Rule{})}, nil,
			"2024-06-01", ""},
		{"a clause from the middle of a year on holds for the whole year",
			[]Fact{fact(Force, "2024-01-01", "2024-01-01", "2026-12-31", Rule{}),
				fact(Force, "2024-07-01", "2024-01-01", "2026-12-31",
					half)}, nil, "2025-03-01", "2024 1/2 2025-06-30"},
		{"one that ended is asked for its last year, by the terms it had",
			[]Fact{force, fact(Ended, "2024-04-01", "2022-01-01",
				"2024-03-31", third)}, []int64{2022, 2023}, "2024-04-02",
			"2024 1/3 2025-06-30, 2023 1/3 2024-06-30 handed, 2022 1/3 2023-06-30 handed"},
		{"over without a decision: it is still run", []Fact{force}, []int64{2023, 2024}, "2026-02-01",
			"2025 1/3 2026-06-30, 2024 1/3 2025-06-30 handed, 2023 1/3 2024-06-30 handed"},
	} {
		var written []Written
		for _, year := range c.there {
			written = append(written, Written{Result: Result{ID: "r", Year: year}})
		}
		var said []string
		for _, y := range Reckon(Concession{Facts: c.facts, Fact: c.facts[0]}, usual, written, day(c.today)) {
			word := yearWords(y.Year) + " " + yearWords(y.Clause.Share.Num) + "/" + yearWords(y.Clause.Share.Den) + " " +
				y.DueOn.String()
			if y.Handed() {
				word += " handed"
			}
			said = append(said, word)
		}
		if got := strings.Join(said, ", "); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
}

// shares gives Dony to the Comptoir with a clause: a third of what is above 10,000 euros.
func (h *house) shares() (id ID) {
	h.Helper()
	h.act("concession.begin", func(tx *store.Tx) (err error) {
		t := agreed("2021-01-01", "2025-12-31")
		t.ShareWords, t.Share = "Un tiers au-delà de 10 000 €", Rule{Threshold: money.Euros(10_000), Num: 1, Den: 3}
		id, err = Begin(tx, New{Place: h.dony, Manager: h.comptoir, Fact: Fact{State: Force, Terms: t, Why: "Signé"}})
		return err
	})
	return id
}

func (h *house) years(id ID) (years []Reckoned) {
	h.Helper()
	h.view(func(v *store.View) (err error) {
		c := h.get(id)
		years, err = YearsOfResults(v, c)
		return err
	})
	return years
}

// Results from the task that misses them to a correction and its opposite; who may hand them in, and of which years.
func TestResultsOfTheYears(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		id := h.shares()
		manager, other := Acting{Person: h.hadrien}, Acting{Person: h.sol}
		late := func() (said string) {
			h.view(func(v *store.View) error {
				all, err := Waiting(v)
				for _, task := range all {
					if task.Milestone == HandResults {
						said = strings.Join(task.Years, " ") + " by " + task.On.String()
					}
				}
				return err
			})
			return said
		}
		if got := late(); got != "2021 2022 by 2022-06-30" {
			t.Errorf("missing: %s", got)
		}
		h.view(func(v *store.View) error {
			urgent, err := Urgent(v)
			if len(urgent) != 1 || urgent[0].Milestone != HandResults || !urgent[0].Late(h.today) {
				t.Errorf("the dashboard says %s", asks(urgent, h.today))
			}
			return err
		})
		var n int
		h.act("concession.remind", func(tx *store.Tx) (err error) { n, err = Remind(tx); return err })
		if n != 1 || h.open() != 1 {
			t.Errorf("%d letters, %d tasks for the results", n, h.open())
		}
		h.act("concession.remind", func(tx *store.Tx) (err error) { n, err = Remind(tx); return err })
		if n != 0 {
			t.Errorf("%d letters on the same night", n)
		}
		h.today = day("2024-01-10")
		h.act("concession.remind", func(tx *store.Tx) (err error) { n, err = Remind(tx); return err })
		if n != 1 || h.open() != 1 {
			t.Errorf("a month later: %d letters, %d tasks; the task stands, the letter is written anew", n, h.open())
		}
		h.refused("not-yours", func(tx *store.Tx) error {
			return HandIn(tx, other, id, Hand{Year: 2021, Revenue: 1}, nil)
		})
		for _, c := range []struct {
			code string
			hand Hand
		}{{"not-run-then", Hand{Year: 2020}}, {"year-not-over", Hand{Year: 2024}}, {"result-year", Hand{Year: 2025}},
			{"amount", Hand{Year: 2021, Charges: -1}}, {"amount", Hand{Year: 2021, Revenue: money.Max + 1}},
			{"day", Hand{Year: 2021, HandedOn: day("2024-01-11")}},
			{"too-long", Hand{Year: 2021, Why: strings.Repeat("x", MaxWhy+1)}}} {
			h.refused(c.code, func(tx *store.Tx) error { return NoteResult(tx, id, c.hand, nil) })
		}
		for year, revenue := range map[int64]money.Cents{2021: 4_000_001, 2022: 2_500_000, 2023: 5_500_000} {
			h.act("concession.hand-in", func(tx *store.Tx) error {
				u, err := documents.Take("comptes.pdf", strings.NewReader("%PDF-1.4 comptes"))
				if err != nil {
					return err
				}
				return HandIn(tx, manager, id, Hand{Year: year, Revenue: revenue, Charges: 2_500_000}, u)
			})
		}
		if got := late(); got != "" || h.open() != 0 {
			t.Errorf("nothing is missing: %q, %d tasks", got, h.open())
		}
		h.refused("result-why", func(tx *store.Tx) error {
			return HandIn(tx, manager, id, Hand{Year: 2021, Revenue: 4_000_002, Charges: 2_500_000}, nil)
		})
		h.refused("same-result", func(tx *store.Tx) error {
			return HandIn(tx, manager, id, Hand{Year: 2021, Revenue: 4_000_001, Charges: 2_500_000, Why: "encore"}, nil)
		})
		h.act("concession.note-result", func(tx *store.Tx) error {
			return NoteResult(tx, id, Hand{Year: 2021, Revenue: 4_000_004, Charges: 2_500_000, Why: "Facture oubliée"}, nil)
		})
		years := h.years(id)
		if len(years) != 3 || years[2].Owed != 166_668 || years[1].Owed != 0 || years[0].Owed != 666_666 ||
			len(years[2].Entries) != 2 || years[2].Result.Document == "" || years[2].Result.ByManager {
			t.Errorf("corrected: %+v", years)
		}
		h.act("concession.unhand", func(tx *store.Tx) error { return Unhand(tx, years[2].Result.ID, "Elle était de 2020") })
		h.refused("withdrawn", func(tx *store.Tx) error { return Unhand(tx, years[2].Result.ID, "encore") })
		h.refused("why", func(tx *store.Tx) error { return Unhand(tx, years[1].Result.ID, " ") })
		if years = h.years(id); years[2].Owed != 166_667 || !years[2].Result.ByManager {
			t.Errorf("what stood before stands again: %+v", years[2].Result)
		}
		h.clean()
		h.reportOfResults()
		h.tampered("concession-result", store.Q(`UPDATE concession_result SET revenue = revenue + 1`))
		h.tampered("concession-unresult", store.Q(`UPDATE concession_unresult SET why = 'autre'`))
	})
}

// open counts the tasks that are not done.
func (h *house) open() (n int) {
	h.Helper()
	h.view(func(v *store.View) error {
		all, err := followup.Tasks(v)
		for _, task := range all {
			if task.DoneOn().IsZero() {
				n++
			}
		}
		return err
	})
	return n
}

// reportOfResults looks at what the assembly reads of the place: of this day, and of a day before anything was handed
// in.
func (h *house) reportOfResults() {
	h.Helper()
	h.view(func(v *store.View) error {
		place, err := places.PlaceByID(v, h.dony, places.Now(v))
		if err != nil {
			return err
		}
		var now, then bytes.Buffer
		for out, on := range map[*bytes.Buffer]string{&now: "2024-01-10", &then: "2023-12-31"} {
			o, err := OutlookOf(v, place, day(on))
			if err != nil {
				return err
			}
			if err := papers.Text(out, o.Paper(printer(lang.French)), nil); err != nil {
				return err
			}
		}
		for _, want := range []string{"Résultats et partage du bénéfice", "40 000,01", "15 000,01",
			"Calcul de ce qui est dû pour 2023",
			"6 666,66", "De cette part, 1/3"} {
			if !strings.Contains(plain(now.String()), want) {
				h.Errorf("%q is not in\n%s", want, now.String())
			}
		}
		if strings.Contains(plain(then.String()), "40 000,01") || !strings.Contains(then.String(), "non remis") {
			h.Errorf("on the last day of 2023 nothing was handed in:\n%s", then.String())
		}
		return nil
	})
}

// plain has ordinary spaces only.
func plain(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)
}

// tampered says that a hand that changes a row is found.
func (h *house) tampered(kind string, change store.Query) {
	h.Helper()
	if err := h.db.Touch(h.Context(), func(tx *store.Tx) error { _, err := tx.Exec(change); return err }); err != nil {
		h.Fatal(err)
	}
	report, err := h.db.Check(h.Context())
	if err != nil || !slices.ContainsFunc(report.Findings, func(f store.Finding) bool { return f.Kind == kind }) {
		h.Errorf("%s: %v, %v", kind, report.Findings, err)
	}
}

// Who has no e-mail gets letters on paper: they wait, are printed once with an address, and can be printed again.
func TestLettersOnPaper(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.charter()
		dony, _ := h.entrusts()
		h.today = day("2024-05-01")
		for _, id := range []people.PersonID{h.comptoir, h.hadrien, h.bram} { // they have an address of e-mail no more
			h.act("people.end-contact", func(tx *store.Tx) error {
				list, err := people.Contacts(tx, id)
				if err != nil {
					return err
				}
				return people.EndContact(tx, list[0].ID, h.today.AddDays(-1))
			})
		}
		h.act("people.move", func(tx *store.Tx) error {
			_, err := people.Move(tx, h.comptoir, people.Address{Kind: people.Home, Street: "rue du Hangar 3", Postcode: "4000",
				Town: "Liège", Country: "BE", From: h.today})
			return err
		})
		h.today = day("2024-06-01")
		h.refused("no-letters", func(tx *store.Tx) error { _, err := PrintLetters(tx); return err })
		h.opens(dony)
		var mailed int
		h.view(func(v *store.View) error {
			waiting, err := jobs.Waiting(v)
			for _, j := range waiting {
				if j.Kind == mail.JobLetter {
					mailed++
				}
			}
			return err
		})
		var names []string
		h.view(func(v *store.View) error {
			list, err := LettersToPost(v)
			for _, s := range list {
				names = append(names, s.To.Name+" "+strings.Join(s.To.Lines, "|"))
			}
			return err
		})
		if mailed != 1 || len(names) != 2 || !strings.Contains(names[0], "Comptoir") ||
			!strings.Contains(names[0], "rue du Hangar 3|4000 Liège") {
			t.Errorf("%d by e-mail, by post: %q", mailed, names)
		}
		h.act("concession.print-letters", func(tx *store.Tx) error { _, err := PrintLetters(tx); return err })
		h.refused("no-letters", func(tx *store.Tx) error { _, err := PrintLetters(tx); return err })
		h.view(func(v *store.View) error {
			n, err := CountToPost(v)
			if err != nil || n != 0 {
				t.Errorf("%d letters wait: %v", n, err)
			}
			sheaves, err := Sheaves(v)
			if err != nil || len(sheaves) != 1 || sheaves[0].Letters != 2 {
				t.Fatalf("%v, %v", sheaves, err)
			}
			list, err := LettersPrinted(v, sheaves[0].At)
			if err != nil {
				return err
			}
			var out bytes.Buffer
			if err := PrintPDF(&out, "Lettres", lang.French, list); err != nil {
				return err
			}
			programs.Need(t, "pdftotext")
			text := plain(programs.PDFText(t, out.Bytes()))
			for _, want := range []string{"rue du Hangar 3", "est ouverte", "faute d’adresse électronique", "Ateliers Dony"} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in %s", want, text)
				}
			}
			return nil
		})
		h.clean()
	})
}

// What a paper takes from a form of several lines becomes one line; what must not break stays together.
func TestOneLineKeepsTogether(t *testing.T) {
	if got := oneLine(" Un tiers\r\n au-delà de\t10\u00a0000\u00a0€\u202f; rien  avant\n"); got !=
		"Un tiers au-delà de 10\u00a0000\u00a0€\u202f; rien avant" {
		t.Errorf("%q", got)
	}
}
