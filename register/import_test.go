package register

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/sheets"
	"lieux/base/store"
	"lieux/people"
)

var update = flag.Bool("update", false, "write the golden files anew")

// messy is a register as a volunteer kept it for ten years: a title, totals in between, heads repeated on each printed
// page, amounts and dates written in every way, formulas in a column that nobody needs, and mistakes that nobody saw.
const messy = `REGISTRE DES COOPÉRATEURS;;;;;;;;;
tenu par le secrétariat, état au 31/12/2025;;;;;;;;;
;;;;;;;;;
N°;Nom;Prénom;Né(e) le;N° d'entreprise;Adresse;Courriel;Nbre de parts;Capital libéré;Date d'entrée;Remarques
1;Delvigne;Jeanne;03/05/1961;;rue Vivegnis 214, 4000 Liège;jeanne.delvigne@exemple.be;12;3.000,00;14/11/2016;=1+1
2;van den Berg;Jan;;;Kerkstraat 5, 3700 Tongeren;;4;1 000;17.6.2017;
3;LACROIX Hubert;;;;;;8;2000 €;17 juin 2018;
4;Terre & Feu asbl;;;0123.456.749;quai de Rome 3, 4000 Liège;asbl@exemple.be;45;11.250,00;2019-03-01;
5;Yıldırım;Mehmet;;;;;2;500;01/02/2021;
Total page 1;;;;;;;71;17.750,00;;
N°;Nom;Prénom;Né(e) le;N° d'entreprise;Adresse;Courriel;Nbre de parts;Capital libéré;Date d'entrée;Remarques
6;Piron;Noé;;;;;4;500;04/2026;
6;Bodson;Youri;;;;;1;250;01/06/2022;
7;Gathoye;Aurélie;;;;;-3;750;10/10/2023;
8;Claes;Lieve;;;;;10;2.600,00;11/06/2015;
9;Colson;Inès;31/02/2012;;;;2;500;01/12/2024;
10;Société Bancale;;;0123.456.748;;;1;250;01/12/2024;
11;Diarra;Fatou;;;;pas-une-adresse;8;2 000;15/05/2020;
;Renkin;Pascale;12/12/1970;;;;6;1500;11/06/2015;
;Renkin;Pascale;12/12/1970;;;;2;500;11/06/2016;
12;Delvigne;Jeane;03/05/1961;;;;1;250;01/01/2020;
2;van den Berg;Jan;;;;;1;250;18/06/2019;
TOTAL;;;;;;;103;24.350,00;;
`

func windows1252(t testing.TB, s string) []byte {
	t.Helper()
	// The spreadsheet of that time knew no ı; it wrote i.
	raw, err := charmap.Windows1252.NewEncoder().String(strings.NewReplacer("ı", "i", "Yı", "Yi").Replace(s))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(raw)
}

func file(t testing.TB, name string, raw []byte) *ImportFile {
	t.Helper()
	f, err := ReadImport(bytes.NewReader(raw), name, "")
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// told is a report as a person reads it.
func told(t testing.TB, p *ImportReport) string {
	t.Helper()
	book, err := lang.NewBook(Phrases, people.Phrases, sheets.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	pr := book.In(lang.French)
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s, head on line %d, %d rows: %d taken, %d known, %d persons\n", p.File, p.Shape,
		p.Table.Head.Line, p.Rows, p.Taken, p.Known,
		p.Persons)
	fmt.Fprintf(&b, "%d heads, %d shares, %v\n", p.Heads, p.Shares, p.Paid)
	for _, a := range p.Table.Aside {
		fmt.Fprintf(&b, "aside, line %d: %s\n", a.Row.Line, a.Why)
	}
	for _, r := range p.Rejected {
		fmt.Fprintf(&b, "line %d (%s)\n", r.Line, r.Shown)
		for _, why := range r.Why {
			fmt.Fprintf(&b, "    %s: %s\n      → %s\n", why.Field, pr.Refusal(why), pr.Todo(why))
			if pr.Todo(why) == "" {
				t.Errorf("%s does not say what to do", why.Code)
			}
		}
	}
	for _, a := range p.Alike {
		var why []string
		for _, ph := range a.Twin.Alike {
			why = append(why, pr.Words(ph))
		}
		fmt.Fprintf(&b, "line %d, %s looks like somebody (%d): %s\n", a.Line, a.Name, a.Twin.Score, strings.Join(why, "; "))
	}
	for _, d := range p.Differ {
		fmt.Fprintf(&b, "%s\n", pr.Words(d))
	}
	for _, m := range p.Mismatch {
		fmt.Fprintf(&b, "%s\n", pr.Refusal(m))
	}
	return b.String()
}

func golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

func by() store.Author { return store.By("", "register.import") }

// only leaves class A: a file without a column of classes is then clear.
func only(t *testing.T, h *house) ImportOptions { return ImportOptions{Class: h.a} }

func TestAMessyRegister(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.clock.day = day("2026-05-12")
		raw := windows1252(t, messy)
		ctx := context.Background()
		report, err := Rehearse(ctx, h.db, file(t, "registre.csv", raw), only(t, h))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "import-messy.txt", told(t, report))
		if roll := h.roll("2026-05-12", ""); roll.Heads() != 0 {
			t.Fatalf("a rehearsal left %d holders", roll.Heads())
		}
		if _, _, err := Import(ctx, h.db, by(), file(t, "registre.csv", raw), only(t, h)); !fault.Is(err,
			"register.refusal.import-number-twice") {
			t.Errorf("with rejected lines: %v", err)
		}
		o := only(t, h)
		o.Without = true
		heads, shares, paid := int64(8), int64(85), money.Euros(20750)
		o.Expect = Totals{&heads, &shares, &paid}
		wrong := shares + 1
		o.Expect.Shares = &wrong
		if _, _, err := Import(ctx, h.db, by(), file(t, "registre.csv", raw), o); !fault.Is(err,
			"register.refusal.import-total-shares") {
			t.Errorf("with another total: %v", err)
		}
		o.Expect.Shares = &shares
		done, outcome, err := Import(ctx, h.db, by(), file(t, "registre.csv", raw), o)
		if err != nil || outcome.Number == 0 {
			t.Fatal(err, told(t, report))
		}
		roll := h.roll("2026-05-12", "")
		if roll.Heads() != done.Heads || roll.Shares != done.Shares || roll.Paid != done.Paid || roll.Heads() != heads {
			t.Errorf("the register has %d heads, %d shares, %v; the report says %d, %d, %v", roll.Heads(), roll.Shares,
				roll.Paid, done.Heads,
				done.Shares, done.Paid)
		}
		if h.held(2, "2018-01-01", "") != 4 || h.held(2, "2020-01-01", "") != 5 {
			t.Error("the second row of number 2 is lost")
		}
		clean(t, h)

		// The same file again, even sorted otherwise and saved as UTF-8, changes nothing; nor does it leave a line in the
		// journal.
		before := h.db.Head()
		for _, again := range [][]byte{raw, []byte(messy), []byte(resorted(messy))} {
			o.Expect = Totals{}
			report, outcome, err := Import(ctx, h.db, by(), file(t, "registre.csv", again), o)
			if err != nil || !outcome.Repeated || report.Taken != 0 || h.db.Head() != before {
				t.Errorf("again: %v, %d taken", err, report.Taken)
			}
		}
	})
}

// resorted turns the rows under the first head about.
func resorted(s string) string {
	lines := strings.SplitAfter(strings.TrimSuffix(strings.ReplaceAll(s, "Yıldırım", "Yildirim"), "\n")+"\n", "\n")
	rows := lines[4 : len(lines)-2]
	slices.Reverse(rows)
	return strings.Join(lines, "")
}

// A register of 450 with 712,000 euros, as a spreadsheet and as XLSX.
func TestTheWholeCooperative(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.clock.day = day("2026-05-12")
		var b bytes.Buffer
		if err := sheets.XLSX(&b, sheets.Page{Name: "Registre", Head: []string{"Numéro", "Dénomination", "Prénom", "Nom",
			"Type de personne", "Parts", "Montant",
			"Depuis", "Langue"}}, wholeCooperative()); err != nil {
			t.Fatal(err)
		}
		heads, shares, paid := int64(450), int64(2848), money.Euros(712_000)
		o := ImportOptions{Class: h.a, Expect: Totals{&heads, &shares, &paid}}
		report, _, err := Import(t.Context(), h.db, by(), file(t, "registre.xlsx", b.Bytes()), o)
		if err != nil {
			t.Fatal(err)
		}
		if report.Taken != 450 || report.Persons != 450 {
			t.Error(told(t, report))
		}
		roll := h.roll("2025-12-31", "")
		if roll.Heads() != heads || roll.Shares != shares || roll.Paid != paid {
			t.Errorf("%d heads, %d shares, %v", roll.Heads(), roll.Shares, roll.Paid)
		}
		clean(t, h)
	})
}

// wholeCooperative makes 450 invented cooperators who hold 2,848 shares of 250 euros: 38 bodies and 412 people.
func wholeCooperative() func(yield func([]sheets.Cell) bool) {
	given := strings.Fields("Aline Bruno Chloé Dries Emma Fatou Gilles Hanne Igor Jeanne Karim Lieve Mehmet Noé Odile " +
		"Pascale Quentin Raphaël Simon Tine")
	family := strings.Fields("Albrecht Bastin Closset Doyen Evrard Flament Grosjean Hendrickx Istas Jacquemin Kinet " +
		"Lemaire Moreau Naveau Orban Pirard " +
		"Quoilin Renson Stassen Thiry Urbain Vrancken Wéry")
	return func(yield func([]sheets.Cell) bool) {
		left := int64(2848)
		for i := range 450 {
			n := int64(1 + i%12)
			if n = min(n, left-int64(449-i)); i == 449 {
				n = left
			}
			left -= n
			name, kind, g, f := sheets.Text(""), sheets.Text("physique"), sheets.Text(given[i%len(given)]),
				sheets.Text(family[i/len(given)%len(family)])
			if i < 38 {
				name, kind, g, f = sheets.Text(fmt.Sprintf("Atelier %d", i+1)), sheets.Text("ASBL"), sheets.Text(""),
					sheets.Text("")
			}
			if !yield([]sheets.Cell{sheets.Int(int64(i + 1)), name, g, f, kind, sheets.Int(n),
				sheets.Money(money.Cents(n) * 25000),
				sheets.Date(day("2015-06-11").AddDays(i * 8)), sheets.Text("F")}) {
				return
			}
		}
	}
}

const operations = "Datum\tVerrichting\tNummer\tNaam\tVan\tAan\tAantal\tGestort\n" +
	"01-02-15\tInschrijving\t1\tDe Smet, Ada\t\t\t10\t2.500,00\n" +
	"01-03-15\tInschrijving\t2\tPEETERS Bob\t\t\t4\t600\n" +
	"01-04-15\tStorting\t2\t\t\t\t\t400\n" +
	"2015-05-01\tOverdracht\t\t\t1\t2\t3\t\n" +
	"2015-05-02\tOverdracht\t\t\tDe Smet Ada\tVzw De Hoek\t2\t\n" +
	"2015-05-03\tTerugneming\t\t\tVzw De Hoek\t\t-1\t\n" +
	"2015-05-04\tTerugneming\t9\t\t\t\t1\t\n" + // nobody
	"2015-05-05\tTerugneming\t2\t\t\t\t99\t\n" + // too many
	"2015-05-06\tVerjaardag\t2\t\t\t\t1\t\n" // no movement

func TestAFileOfMovements(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		o := only(t, h)
		report, err := Rehearse(t.Context(), h.db, file(t, "bewegingen.txt", []byte(operations)), o)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "import-operations.txt", told(t, report))
		o.Without = true
		if _, _, err := Import(t.Context(), h.db, by(), file(t, "bewegingen.txt", []byte(operations)), o); err != nil {
			t.Fatal(err)
		}
		for n, want := range map[Number]int64{1: 5, 2: 7, 3: 1} {
			if got := h.held(n, "2015-06-01", ""); got != want {
				t.Errorf("number %d holds %d, want %d", n, got, want)
			}
		}
		if roll := h.roll("2015-06-01", ""); roll.Shares != report.Shares || roll.Heads() != report.Heads {
			t.Errorf("%d heads, %d shares; the report says %d, %d", roll.Heads(), roll.Shares, report.Heads, report.Shares)
		}
		clean(t, h)
	})
}

func TestColumnsThatAPersonChoseAreRemembered(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		odd := "Lid;Wie;Stukken;Dag\n1;De Smet, Ada;4;01/02/2015\n"
		o := only(t, h)
		if _, err := Rehearse(t.Context(), h.db, file(t, "odd.csv", []byte(odd)), o); !fault.Is(err,
			"sheets.refusal.no-head") {
			t.Fatalf("recognised: %v", err)
		}
		odd = strings.Replace(odd, "Lid;Wie", "Nummer;Naam", 1) // two columns are recognised, two are not
		f := file(t, "odd.csv", []byte(odd))
		o.Mapping = map[string]int{"number": 0, "name": 1, "shares": 2, "date": 3}
		if _, _, err := Import(t.Context(), h.db, by(), f, o); err != nil {
			t.Fatal(err)
		}
		next := file(t, "next.csv", []byte(odd+"2;Peeters, Bob;3;01/03/2015\n"))
		report, _, err := Import(t.Context(), h.db, by(), next, only(t, h))
		if err != nil || report.Taken != 1 || report.Known != 1 || h.held(2, "2015-06-01", "") != 3 {
			t.Errorf("%v: %s", err, told(t, report))
		}
	})
}

// Somebody who is in the books but not in the register: the report warns, and a person decides.
func TestWhoLooksAlikeIsNotMergedAlone(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		ada := h.person("Desmet")
		f := file(t, "x.csv", []byte("Nom;Prénom;Parts;Date\nDesmet;Ada;4;01/02/2015\n"))
		report, err := Rehearse(t.Context(), h.db, f, only(t, h))
		if err != nil || len(report.Alike) != 1 || report.Alike[0].Other != ada || report.Persons != 1 {
			t.Fatalf("%v: %s", err, told(t, report))
		}
		o := only(t, h)
		o.Same = map[int]people.PersonID{2: ada}
		if report, _, err = Import(t.Context(), h.db, by(), f, o); err != nil || report.Persons != 0 {
			t.Fatalf("%v: %s", err, told(t, report))
		}
		h.view(func(v *store.View) error {
			c, found, err := CooperatorOf(v, ada)
			if !found || c.Number != 1 {
				t.Error("she did not get a number")
			}
			return err
		})
	})
}

func TestHostileFiles(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		for name, c := range map[string]struct{ text, code string }{
			"formula":      {"Numéro;Nom;Parts\n1;Ada;=40+2\n", ""},
			"nul":          {"Numéro;Nom;Parts\n1;A\x00da;4\n", ""},
			"no head":      {"a;b;c\n1;2;3\n", "sheets.refusal.no-head"},
			"empty":        {"", "sheets.refusal.empty"},
			"html":         {"<html><table><tr><td>Nom</td></tr></table>", "sheets.refusal.other-kind"},
			"many columns": {strings.Repeat("x;", 100_000) + "\n", "sheets.refusal.too-many-columns"},
			"overflow":     {"Numéro;Nom;Parts\n1;Ada;99999999999999999999\n", ""},
			"huge number":  {"Numéro;Nom;Parts\n10000000;Ada;4\n", ""},
		} {
			before := h.db.Head()
			f, err := ReadImport(strings.NewReader(c.text), name+".csv", "")
			var report *ImportReport
			if err == nil {
				o := only(t, h)
				o.On = day("2015-02-01")
				report, _, err = Import(t.Context(), h.db, by(), f, o)
			}
			if c.code != "" && !fault.Is(err, c.code) || fault.Of(err) == nil {
				t.Errorf("%s: %v", name, err)
			}
			for _, r := range fault.Of(err) {
				if c.code == "" && (r.Line != 2 && name != "nul" || r.Field == "" && name != "nul") {
					t.Errorf("%s: %v names no line and field", name, r)
				}
			}
			if h.db.Head() != before {
				t.Errorf("%s left something: %+v", name, report)
			}
		}
	})
}

// Whatever a file holds, an import ends with a report, a refusal or an error of the world; it never panics, and what it
// counts is what the register holds afterwards.
func FuzzImport(f *testing.F) {
	f.Add([]byte(messy))
	f.Add([]byte(operations))
	f.Add([]byte("Numéro;Nom;Parts;Montant\n1;Ada;4;1.000,00\n2;Bob;;250\n"))
	f.Add([]byte("from;to;shares;date\n;Ada;4;2015-01-02\nAda;Bob;1;2015-01-03\nBob;;1;2015-01-04\n"))
	c := &clock{day("2026-05-12")}
	db, err := store.Open(context.Background(), store.Options{Folder: f.TempDir(), Rooms: rooms, Clock: c.now})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := db.Close(); err != nil {
			f.Error(err)
		}
	})
	if _, err := db.Act(context.Background(), store.By("", "register.define-class"), func(tx *store.Tx) error {
		_, err := DefineClass(tx, ShareClass{Letter: "A", Name: "Parts", Nominal: money.Euros(250), Votes: 1, Holders: Anyone,
			Since: day("2015-01-01")})
		return err
	}); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		file, err := ReadImport(bytes.NewReader(raw), "fuzz", "")
		if err != nil {
			return
		}
		back := fmt.Errorf("back")
		// the act is taken back: every input meets an empty register
		_, err = db.Act(t.Context(), by(), func(tx *store.Tx) error {
			report, err := takeIn(open(tx), file, ImportOptions{On: day("2020-01-01")}, nil)
			if err != nil {
				return err
			}
			roll, err := RollOn(tx, day("2030-01-01"), day("2026-05-12"))
			if err != nil {
				return err
			}
			if len(report.Rejected) == 0 && (roll.Shares != report.Shares || roll.Heads() != report.Heads) {
				t.Errorf("the register has %d heads, %d shares; the report says %d, %d", roll.Heads(), roll.Shares, report.Heads,
					report.Shares)
			}
			return back
		})
		if err != back && fault.Of(err) == nil {
			t.Errorf("%v", err)
		}
	})
}

// Somebody who was in the books with an empty record: "the same" completes what is empty, and nothing else.
func TestTheSamePersonIsCompletedAndNeverWrittenOver(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var empty, full people.PersonID
		h.act("people.enroll", func(tx *store.Tx) (err error) {
			empty, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Ada", Family: "Desmet", Phones: []string{"0470 11 11 11"}})
			return err
		})
		h.act("people.enroll", func(tx *store.Tx) (err error) {
			full, err = people.Enroll(tx, people.Entry{Kind: people.Natural, Given: "Bob", Family: "Peeters", Birth: day("1970-01-01"),
				Emails: []string{"bob@exemple.be"}, Phones: []string{"04 222 22 22"}, Home: people.Address{Street: "rue Haute 1", Town: "Liège"}})
			return err
		})
		body := h.body("Le Foyer")
		f := file(t, "x.csv", []byte("Nom;Prénom;Né(e) le;N° d'entreprise;Adresse;Courriel;Téléphone;Parts;Date\n"+
			"Desmet;Ada;03/05/1961;;rue Basse 2, 4000 Liège;ada@exemple.be; 0470 11 11 11;4;01/02/2015\n"+
			"Peeters;Bob;01/01/1970;;quai Neuf 3, 4020 Liège;autre@exemple.be;0470 33 33 33;4;01/02/2015\n"+
			"Le Foyer asbl;;;0123.456.749;;;;4;01/02/2015\n"))
		report, err := Rehearse(t.Context(), h.db, f, only(t, h))
		if err != nil {
			t.Fatal(err)
		}
		gains := map[people.PersonID]string{}
		for _, a := range report.Alike {
			gains[a.Other] = codes(a.Gains)
		}
		if gains[empty] != "birth home email" || gains[full] != "" || gains[body] != "enterprise" {
			t.Errorf("the rehearsal would complete %v", gains)
		}
		o := only(t, h)
		o.Same = map[int]people.PersonID{2: empty, 3: full, 4: body}
		if report, _, err = Import(t.Context(), h.db, by(), f, o); err != nil || report.Persons != 0 {
			t.Fatalf("%v: %s", err, told(t, report))
		}
		if len(report.Gained) != 2 || report.Gained[0].Person != empty || report.Gained[0].Line != 2 ||
			codes(report.Gained[0].Gains) != "birth home email" || report.Gained[1].Person != body {
			t.Errorf("the report says %+v", report.Gained)
		}
		h.view(func(v *store.View) error {
			for id, want := range map[people.PersonID]string{
				empty: "Ada Desmet 1961-05-03  rue Basse 2, 4000 Liège; ada@exemple.be 0470 11 11 11",
				full:  "Bob Peeters 1970-01-01  rue Haute 1, Liège; bob@exemple.be 04 222 22 22",
				body:  "Le Foyer ASBL  0123456749 ; ",
			} {
				p, err := people.Get(v, id)
				if err != nil {
					return err
				}
				homes, err := people.Addresses(v, id)
				if err != nil {
					return err
				}
				home, _ := people.AddressOn(homes, people.Home, day("2016-01-01"), 0)
				contacts, err := people.Contacts(v, id)
				if err != nil {
					return err
				}
				got := p.Full() + " " + p.Birth.String() + " " + p.Enterprise + " " + home.Line() + ";"
				slices.SortFunc(contacts, func(a, b people.Contact) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
				for _, c := range contacts {
					got += " " + c.Value
				}
				if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
					t.Errorf("the record says %q, want %q", got, want)
				}
			}
			return nil
		})
		clean(t, h)
	})
}

// codes are the last words of phrases' codes.
func codes(list []lang.Phrase) string {
	var all []string
	for _, p := range list {
		all = append(all, p.Code[strings.LastIndexByte(p.Code, '.')+1:])
	}
	return strings.Join(all, " ")
}

// The operations register of an ERP add-on: the newest first, with its own words, conversions between classes, and
// prices. It is replayed in the order in which it happened.
func TestTheRegisterOfAnAddOnIsReplayed(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		raw := "Register Number Operation,Operation Type,Date,Name,From,To,Share Type,Share to product,Quantity,Share price\n" +
			"5,sell_back,2015-05-20,,Un Ada,,A,,1,250\n" +
			"4,convert,2015-05-10,,Un Ada,,A,B,4,250\n" +
			"3,transfer,2015-05-04,,Un Ada,Deux Bob,A,,2,250\n" +
			"2,subscription,2015-05-02,Deux Bob,,,A,,3,250\n" +
			"1,subscription,2015-05-01,Un Ada,,,A,,8,250\n"
		f := file(t, "subscription_register.csv", []byte(raw))
		report, _, err := Import(t.Context(), h.db, store.By("", "register.import"), f, ImportOptions{})
		if err != nil || report.Taken != 5 || report.Shape != Operations {
			t.Fatalf("%v: %+v", err, report)
		}
		h.lotsAre(1, "2015-06-01", "A n1 of 2015-05-01: 1 shares, 250.00 paid, 0.00 due",
			"B n1 of 2015-05-01: 10 shares, 1000.00 paid, 0.00 due")
		h.lotsAre(2, "2015-06-01", "A n1 of 2015-05-01: 2 shares, 500.00 paid, 0.00 due",
			"A n2 of 2015-05-02: 3 shares, 750.00 paid, 0.00 due")
		again, _, err := Import(t.Context(), h.db, store.By("", "register.import"), f, ImportOptions{})
		if err != nil || !again.Repeated {
			t.Errorf("a second time: %v, %+v", err, again)
		}
		clean(t, h)
	})
}
