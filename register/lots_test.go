package register

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"lieux/base/civil"
	"lieux/base/money"
	"lieux/base/programs"
	"lieux/base/store"
)

// program runs a program of another project; where it is missing the test is skipped, and fails when CI is set.
func program(t testing.TB, name string, args ...string) string {
	t.Helper()
	c := exec.Command(programs.Need(t, name), args...)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// A cooperative whose journal is full of traps: two classes, part payments, a transfer over two lots, a correction of
// each kind, entries recorded late, and on one day shares that go out and come back.
func eventful(h *house) {
	ada, bob, club := h.person("Ada"), h.person("Bob"), h.body("Le Foyer")
	on := func(s string) Detail { return Detail{Effective: day(s), Ground: `dit « oui », "sic"`} }
	at := func(s string) { h.clock.day = day(s) }
	at("2015-06-01")
	h.issue(ada, 4, money.Euros(600), "2015-02-01")
	at("2016-01-10")
	h.issue(ada, 3, money.Euros(750), "2016-01-10")
	h.issue(club, 10, money.Euros(2500), "2016-01-10")
	h.act("register.issue", func(tx *store.Tx) error {
		_, err := Issue(tx, Issuance{Person: bob, Class: h.b, Shares: 5, Paid: money.Euros(123) + 45,
			Detail: on("2016-01-11")})
		return err
	})
	at("2016-03-01")
	var payment, back []Movement
	h.act("register.pay", func(tx *store.Tx) (err error) {
		payment, err = Pay(tx, Payment{Cooperator: 1, Class: h.a, Amount: money.Euros(300), Detail: on("2016-03-01")})
		return err
	})
	h.act("register.correct", func(tx *store.Tx) error {
		_, err := Correct(tx, Correction{Movement: payment[0].Number, Paid: money.Euros(299), Why: "frais"})
		return err
	})
	h.act("register.transfer", func(tx *store.Tx) error {
		_, err := Transfer(tx, Cession{From: 1, To: bob, Class: h.a, Shares: 5, Detail: on("2016-03-01")})
		return err
	})
	h.act("register.transfer", func(tx *store.Tx) (err error) { // the same day, back again
		back, err = Transfer(tx, Cession{From: 3, To: ada, Class: h.a, Shares: 2, Detail: on("2016-03-01")})
		return err
	})
	at("2017-05-05")
	h.act("register.redeem", func(tx *store.Tx) error {
		_, err := Redeem(tx, Redemption{Cooperator: 1, Class: h.a, Shares: 1, Detail: on("2016-03-01")})
		return err
	})
	h.act("register.correct", func(tx *store.Tx) error {
		_, err := Correct(tx, Correction{Movement: back[0].Number, Shares: back[1].Shares - 1, Paid: back[1].Paid / 2,
			Why: "une part de moins"})
		return err
	})
	at("2018-02-02")
	h.act("register.transfer", func(tx *store.Tx) error {
		_, err := Transfer(tx, Cession{From: 2, To: bob, Class: h.a, Shares: 10, Detail: on("2017-12-31")})
		return err
	})
}

func TestOtherProgramsComputeTheSameHoldings(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		eventful(h)
		clean(t, h)
		for _, q := range [][2]string{{"2015-12-31", ""}, {"2016-01-10", ""}, {"2016-03-01", ""},
			{"2016-03-01", "2016-03-01"}, {"2020-01-01", ""},
			{"2020-01-01", "2017-05-05"}} {
			want := map[string]int64{}
			for _, holder := range h.roll(q[0], q[1]).Holders {
				for _, held := range holder.ByClass {
					want[member(holder.Number)+" "+commodity(held.Class)] = held.Shares
				}
			}
			until, known := day("2021-01-01"), civil.Date{}
			if q[1] != "" {
				known = day(q[1])
			}
			for format, ask := range map[Format]func(testing.TB, string, civil.Date) map[string]int64{Hledger: askHledger,
				Beancount: askBeancount} {
				if got := ask(t, h.journal(until, known, format), day(q[0])); !equal(got, want) {
					t.Errorf("%s on %s as known on %q: %v, the roll says %v", format, q[0], q[1], got, want)
				}
			}
		}
	})
}

// journal writes a file.
func (h *house) journal(until, known civil.Date, format Format) string {
	h.Helper()
	var b bytes.Buffer
	h.view(func(v *store.View) error { return WriteJournal(&b, v, until, known, format) })
	file := filepath.Join(h.TempDir(), "register."+string(format))
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		h.Fatal(err)
	}
	return file
}

func equal(a, b map[string]int64) bool {
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	for k, n := range b {
		if a[k] != n {
			return false
		}
	}
	return true
}

// askHledger and askBeancount check the journal strictly and read the holdings at the end of a day.
func askHledger(t testing.TB, file string, on civil.Date) map[string]int64 {
	program(t, "hledger", "-f", file, "check", "--strict", "ordereddates")
	end := on.AddDays(1).String()
	held := map[string]int64{}
	for _, class := range []string{"A", "B"} {
		out := program(t, "hledger", "-f", file, "bal", "^Assets:Parts", "cur:PART"+class, "-e", end, "--flat", "-N", "-O",
			"csv")
		for _, row := range readCSV(t, out)[1:] {
			held[strings.TrimPrefix(row[0], "Assets:Parts:")+" PART"+class] = count(t, row[1])
		}
	}
	return held
}

func askBeancount(t testing.TB, file string, on civil.Date) map[string]int64 {
	if out := program(t, "bean-check", file); strings.TrimSpace(out) != "" {
		t.Errorf("bean-check: %s", out)
	}
	held := map[string]int64{}
	out := program(t, "bean-query", "-f", "csv", file,
		`SELECT account, currency, sum(number) AS parts WHERE account ~ '^Assets:Parts:' AND date < `+
			on.AddDays(1).String()+` GROUP BY account, currency ORDER BY account, currency`)
	for _, row := range readCSV(t, out)[1:] {
		if n := count(t, row[2]); n != 0 {
			held[strings.TrimPrefix(strings.TrimSpace(row[0]), "Assets:Parts:")+" "+strings.TrimSpace(row[1])] = n
		}
	}
	return held
}

func readCSV(t testing.TB, s string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(s)).ReadAll()
	if err != nil || len(rows) == 0 {
		return [][]string{nil} // nothing held: one program prints nothing, the other a head
	}
	return slices.DeleteFunc(rows, func(r []string) bool { return len(r) == 0 })
}

func count(t testing.TB, s string) int64 {
	t.Helper()
	figure, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	n, err := strconv.ParseInt(figure, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
