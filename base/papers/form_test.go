package papers_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/programs"
)

const payment = "BCD\n002\n1\nSCT\n\nDynamo Coop\nBE68539007547034\nEUR250.00\n\n\n+++202/6000/13128+++"

// shareForm is the form of the board: somebody takes shares. One field of each kind is filled in beforehand.
func shareForm() papers.FormSheet {
	words := func(s string) papers.Line { return papers.T(s) }
	day := []int{2, 2, 4}
	return papers.FormSheet{Lang: lang.French, House: "Dynamo Coop, rue Dony 33, 4000 Liège", Title: "Je prends des parts",
		Lead: "Une part vaut 250 €. Remplissez en capitales, signez, remettez-le à l’accueil ou renvoyez-le. " +
			"Le conseil répond dans le mois.",
		Number: "2026-0131", Link: "https://coop.example/papier/2026-0131", LinkNote: "pour l’accueil",
		Parts: []papers.FormPart{
			{Head: "1. Je suis", Rows: []papers.FormRow{
				{papers.FormChoice{Span: 4, Name: "kind", Choice: "person", Words: words("une personne"), Tip: "Je suis", On: true},
					papers.FormChoice{Span: 4, Name: "kind", Choice: "legal", Words: words("une organisation")},
					papers.FormText{Span: 4, Name: "number", Label: "Déjà coopérateur, n°", Max: 6}},
				{papers.FormText{Span: 6, Name: "last-name", Label: "Nom, ou nom de l’organisation", Max: 80, Value: "Łapiński-Œuvré"},
					papers.FormText{Span: 6, Name: "first-name", Label: "Prénom, ou personne qui représente", Max: 80}},
				{papers.FormText{Span: 4, Name: "born-on", Label: "Date de naissance (jour mois année)", Groups: day},
					papers.FormText{Span: 5, Name: "enterprise", Label: "N° d’entreprise, pour une organisation",
						Groups: []int{4, 3, 3}},
					papers.FormText{Span: 3, Name: "language", Label: "Langue : fr, nl, en", Groups: []int{2}}}}},
			{Head: "3. Je prends", Rows: []papers.FormRow{
				{papers.FormText{Span: 3, Name: "shares", Label: "Nombre de parts", Groups: []int{4}, Value: "12"},
					papers.FormWords{Span: 3, Words: words("× 250 € =")},
					papers.FormText{Span: 6, Name: "wish", Label: "Une remarque", Max: 200, Lines: 2, Tip: "Remarque"}}}},
			{Head: "4. Je paie, quand le conseil m’a admis", Rows: []papers.FormRow{
				{papers.FormWords{Span: 5, Label: "Compte de la coopérative", Words: papers.L(papers.B("BE68 5390 0754 7034"))},
					papers.FormWords{Span: 7, Label: "Communication, à recopier telle quelle", Words: words("+++202/6000/13128+++"),
						Mono: true}},
				{papers.FormText{Span: 9, Name: "iban", Label: "Mon compte, pour un remboursement éventuel",
					Groups: []int{4, 4, 4, 4}, Tip: "IBAN"},
					papers.FormCode{Span: 3, Text: payment}}}},
			{Head: "5. J’ai lu", Rows: []papers.FormRow{
				{papers.FormTick{Span: 12, Name: "charter", On: true, Words: words("Les statuts et la Charte ; j’y adhère. " +
					"Je peux démissionner dans les six premiers mois de l’exercice ; mes parts me sont rendues à leur valeur " +
					"nominale au plus.")}},
				{papers.FormTick{Span: 12, Name: "risk", Words: words("L’avertissement : prendre des parts comporte un risque.")}},
				{papers.FormText{Span: 3, Name: "date", Label: "Date", Groups: day},
					papers.FormPen{Span: 9, Label: "Signature (du parent ou du représentant, s’il y a lieu)", Height: 16}}}},
			{Head: "Réservé au secrétariat", Office: true, Rows: []papers.FormRow{
				{papers.FormPen{Span: 4, Label: "Reçu le", Groups: day}, papers.FormPen{Span: 4, Label: "Saisi le", Groups: day},
					papers.FormPen{Span: 4, Label: "Coopérateur n°", Groups: []int{4}}}}}},
		Foot: "Offre publique sans note d’information : 5 000 € au plus par personne."}
}

func fillable(t *testing.T, sheets ...papers.FormSheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := papers.PrintFillable(&b, sheets, papers.Meta{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAFormIsReadBack(t *testing.T) {
	form := fillable(t, shareForm())
	if !bytes.Equal(form, fillable(t, shareForm())) {
		t.Error("the same form gives other bytes")
	}
	sound(t, form)
	values, err := papers.ReadForm(form)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"kind": "person", "last-name": "Łapiński-Œuvré", "shares": "12", "charter": "yes"}
	if d := cmp.Diff(want, values); d != "" {
		t.Errorf("(-filled +read)\n%s", d)
	}
}

// Another program sees the fields in the order of the page, with their tips and limits.
func TestTheFieldsOfAFormHaveNamesTipsLimitsAndOrder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "form.pdf")
	if err := os.WriteFile(file, fillable(t, shareForm()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(programs.Need(t, "qpdf"), "--json=2", "--json-key=acroform", "--json-key=qpdf", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	var read struct {
		Acroform struct {
			Fields []struct {
				FullName, AlternativeName, Value string
				IsCheckbox, IsRadioButton        bool
			}
		}
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range read.Acroform.Fields {
		if !slices.Contains(names, f.FullName) {
			names = append(names, f.FullName)
		}
		if f.AlternativeName == "" {
			t.Errorf("%s has no tip", f.FullName)
		}
	}
	const want = "kind number last-name first-name born-on enterprise language shares wish iban charter risk date"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the fields are %s", got)
	}
	for _, piece := range []string{`"/MaxLen": 16`, `"/MaxLen": 200`, `u:Remarque`, `"/Ff": 16777216`, `"/Ff": 4096`} {
		if !strings.Contains(string(out), piece) {
			t.Errorf("the file lacks %s", piece)
		}
	}
}

var updateForm = flag.Bool("update-form", false, "write the golden of the form anew")

func TestTheFormIsDrawnAsItsGolden(t *testing.T) {
	got := programs.PDFText(t, fillable(t, shareForm()))
	const file = "testdata/form.txt"
	if *updateForm {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("(-golden +drawn)\n%s", d)
	}
}

// What a viewer stores when somebody fills the form in is read, also what is not of the alphabet of the field's face.
func TestWhatWasTypedIsRead(t *testing.T) {
	dir := t.TempDir()
	blank, filled := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "b.pdf")
	if err := os.WriteFile(blank, fillable(t, shareForm()), 0o600); err != nil {
		t.Fatal(err)
	}
	qpdf := programs.Need(t, "qpdf")
	out, err := exec.Command(qpdf, "--json=2", "--json-key=qpdf", blank).Output()
	if err != nil {
		t.Fatal(err)
	}
	var objects map[string]json.RawMessage
	var file struct{ Qpdf []json.RawMessage }
	if json.Unmarshal(out, &file) != nil || json.Unmarshal(file.Qpdf[1], &objects) != nil {
		t.Fatal("the file reads otherwise")
	}
	changed := map[string]json.RawMessage{}
	for ref, o := range objects {
		text := string(o)
		switch {
		case strings.Contains(text, `"/T": "u:first-name"`):
			changed[ref] = json.RawMessage(strings.Replace(text, `"/V": "u:"`, `"/V": "u:Zoë Đặng"`, 1))
		case strings.Contains(text, `"/T": "u:wish"`):
			changed[ref] = json.RawMessage(strings.Replace(text, `"/V": "u:"`, `"/V": "u:12/03/1970"`, 1))
		case strings.Contains(text, `"/T": "u:risk"`):
			changed[ref] = json.RawMessage(strings.Replace(text, `"/V": "/Off"`, `"/V": "/Yes"`, 1))
		}
	}
	part, err := json.Marshal(changed)
	if err != nil {
		t.Fatal(err)
	}
	update := filepath.Join(dir, "u.json")
	if err := os.WriteFile(update, []byte(`{"qpdf":[`+string(file.Qpdf[0])+`,`+string(part)+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command(qpdf, blank, "--update-from-json="+update, filled).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, said)
	}
	content, err := os.ReadFile(filled)
	if err != nil {
		t.Fatal(err)
	}
	values, err := papers.ReadForm(content)
	want := map[string]string{"kind": "person", "last-name": "Łapiński-Œuvré", "first-name": "Zoë Đặng", "shares": "12",
		"wish": "12/03/1970", "charter": "yes", "risk": "yes"}
	if d := cmp.Diff(want, values); d != "" || err != nil {
		t.Errorf("%v (-typed +read)\n%s", err, d)
	}
}

// Both codes of the sheet are read from a print of 150 and of 300 points to the inch: the address and the payment.
func TestTheCodesOfAFormAreRead(t *testing.T) {
	zbar, ppm := programs.Need(t, "zbarimg"), programs.Need(t, "pdftoppm")
	file := filepath.Join(t.TempDir(), "form")
	if err := os.WriteFile(file+".pdf", fillable(t, shareForm()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dots := range []string{"150", "300"} {
		if out, err := exec.Command(ppm, "-r", dots, "-png", "-singlefile", file+".pdf", file+dots).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		out, err := exec.Command(zbar, "-q", "--raw", "-Sbinary", file+dots+".png").Output()
		if err != nil || !bytes.Contains(out, []byte(payment)) ||
			!bytes.Contains(out, []byte("https://coop.example/papier/2026-0131")) {
			t.Errorf("at %s: %q, %v", dots, out, err)
		}
	}
}

// A pile of sheets for the counter has no fields: their names would be one another's.
func TestAPileOfFormsIsForPens(t *testing.T) {
	first, second := shareForm(), shareForm()
	second.Number = "2026-0132"
	pile := fillable(t, first, second)
	sound(t, pile)
	text := programs.PDFText(t, pile, "-raw")
	for _, want := range []string{"2026-0131", "2026-0132", "Łapiński-Œuvré"} {
		if !strings.Contains(text, want) {
			t.Errorf("the pile lacks %s", want)
		}
	}
	if _, err := papers.ReadForm(pile); !fault.Is(err, "papers.refusal.form-broken") {
		t.Errorf("a pile is read: %v", err)
	}
}

func TestAFormThatCannotBeDrawnIsRefused(t *testing.T) {
	draw := func(change func(*papers.FormSheet)) error {
		s := shareForm()
		change(&s)
		return papers.PrintFillable(&bytes.Buffer{}, []papers.FormSheet{s}, papers.Meta{})
	}
	text := func(s *papers.FormSheet) *papers.FormText { c := s.Parts[0].Rows[1][0].(papers.FormText); return &c }
	for code, change := range map[string]func(*papers.FormSheet){
		"form-long": func(s *papers.FormSheet) { s.Lead = strings.Repeat(s.Lead, 30) },
		"field-long": func(s *papers.FormSheet) {
			c := text(s)
			c.Value = strings.Repeat("x", c.Max+1)
			s.Parts[0].Rows[1][0] = *c
		},
		"glyph": func(s *papers.FormSheet) { c := text(s); c.Value = "莉"; s.Parts[0].Rows[1][0] = *c },
		"qr":    func(s *papers.FormSheet) { s.Link = strings.Repeat("x", papers.MaxQR+1) },
	} {
		if err := draw(change); !fault.Is(err, "papers.refusal."+code) {
			t.Errorf("%s: %v", code, err)
		}
	}
}
