package papers

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/programs"
)

// deck are so many cards.
func deck(n int) (cards []Card) {
	for i := range n {
		cards = append(cards, Card{Head: "Assemblée générale, 13 juin 2026", Name: fmt.Sprintf("Agathe Monfort %d", i+1),
			Fact: fmt.Sprintf("N° %d · 5 parts", i+1), Code: "ABCD EFGH", Link: "https://coop.example/card/ag-2026/ABCDEFGH"})
	}
	return cards
}

func printed(t *testing.T, draw func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := draw(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCardsStandTenOnASheet(t *testing.T) {
	draw := func(b *bytes.Buffer) error { return Cards(b, lang.French, "Cartes de vote", deck(11), Meta{}) }
	pdf := printed(t, draw)
	if !bytes.Equal(pdf, printed(t, draw)) {
		t.Error("the same cards give other bytes")
	}
	if info := poppler(t, pdf, "pdfinfo", "-"); !strings.Contains(info, "Pages:           2\n") ||
		!strings.Contains(info, "Title:           Cartes de vote") {
		t.Errorf("the file is\n%s", info)
	}
	text := settled(poppler(t, pdf, "pdftotext", "-raw", "-", "-"))
	for _, want := range []string{"Agathe Monfort 1\n", "Agathe Monfort 11\n", "N° 11 · 5 parts", "ABCD EFGH"} {
		if !strings.Contains(text, want) {
			t.Errorf("the cards lack %q:\n%s", want, text)
		}
	}
}

// A telephone reads the code of a card from the print: at 150 dots per inch, which is worse than any printer.
func TestTheCodeOfACardIsRead(t *testing.T) {
	programs.Need(t, "zbarimg")
	pdf := printed(t, func(b *bytes.Buffer) error { return Cards(b, lang.French, "Cartes", deck(3), Meta{}) })
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "c.pdf"), pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdftoppm", "-r", "150", "-png", filepath.Join(dir, "c.pdf"), filepath.Join(dir, "c")).
		CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.Command("zbarimg", "-q", "--raw", filepath.Join(dir, "c-1.png")).Output()
	if got := strings.Count(string(out), "https://coop.example/card/ag-2026/ABCDEFGH\n"); err != nil || got != 3 {
		t.Errorf("%d of 3 codes were read: %q, %v", got, out, err)
	}
}

func TestACardSaysWhichSignItCannotDraw(t *testing.T) {
	cards := deck(2)
	cards[1].Name = "莉"
	err := Cards(&bytes.Buffer{}, lang.French, "Cartes", cards, Meta{})
	if !fault.Is(err, "papers.refusal.glyph") {
		t.Errorf("a sign that no face has: %v", err)
	}
	cards[1].Name, cards[1].Link = "Bram", strings.Repeat("x", MaxQR+1)
	if err := Cards(&bytes.Buffer{}, lang.French, "Cartes", cards, Meta{}); !fault.Is(err, "papers.refusal.qr") {
		t.Errorf("an address that no code holds: %v", err)
	}
}

func TestAListToSignRepeatsItsHeads(t *testing.T) {
	list := SignList{Heads: [4]string{"N°", "Nom", "Parts", "Signature"}, Last: SignRow{Name: "60 votants", Figure: "300"}}
	for i := range 60 {
		list.Rows = append(list.Rows, SignRow{Number: fmt.Sprint(i + 1), Name: fmt.Sprintf("Personne %d", i+1), Figure: "5"})
	}
	list.Rows[3].Note = "représentée par Dirk Wouters"
	paper := Paper{Kind: Form, Lang: lang.French, House: "Dynamo Coop", Title: "Liste de présence",
		Blocks: Blocks{Facts{Items: []Fact{{Term: "Date", Words: T("13 juin 2026")}}}}}
	pdf := printed(t, func(b *bytes.Buffer) error { return PrintList(b, paper, list, nil, Meta{}) })
	text := settled(poppler(t, pdf, "pdftotext", "-layout", "-", "-"))
	pages := strings.Count(text, "N° Nom Parts Signature")
	if info := poppler(t, pdf, "pdfinfo", "-"); pages < 3 || !strings.Contains(info, fmt.Sprintf("Pages:           %d\n", pages)) {
		t.Errorf("%d heads in\n%s", pages, info)
	}
	for _, want := range []string{"1 Personne 1 5", "représentée par Dirk Wouters", "60 Personne 60 5", "60 votants 300",
		"page 1 de"} {
		if !strings.Contains(text, want) {
			t.Errorf("the list lacks %q:\n%s", want, text)
		}
	}
	bad := paper
	bad.Title = ""
	if err := PrintList(&bytes.Buffer{}, bad, list, nil, Meta{}); err == nil {
		t.Error("a list without a title is drawn")
	}
}

func TestFormsBeginEachOnAPage(t *testing.T) {
	sheet := Sheet{Title: "Procuration", Above: Blocks{Paragraph{Words: T("Pour me représenter.")}},
		Boxes: Boxes{Head: "Instructions", Answers: []string{"Pour", "Contre"}},
		Under: Blocks{Signatures{Items: []Signature{{Role: "Signature"}}}}}
	for i := range 40 {
		sheet.Boxes.Rows = append(sheet.Boxes.Rows, fmt.Sprintf("%d. Point", i+1))
	}
	paper := Paper{Kind: Form, Lang: lang.French, House: "Dynamo Coop"}
	short := sheet
	short.Boxes.Rows = nil
	pdf := printed(t, func(b *bytes.Buffer) error {
		return PrintForms(b, paper, []Sheet{sheet, short}, nil, Meta{})
	})
	text := poppler(t, pdf, "pdftotext", "-layout", "-", "-")
	pages := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(pages) != 3 || !strings.Contains(pages[1], "Instructions") || !strings.Contains(pages[2], "Procuration") {
		t.Errorf("%d pages:\n%s", len(pages), text)
	}
	if strings.Contains(pages[2], "Instructions") {
		t.Error("a form without matters shows boxes")
	}
	bad := short
	bad.Above = Blocks{Paragraph{}}
	if err := PrintForms(&bytes.Buffer{}, paper, []Sheet{bad}, nil, Meta{}); err == nil {
		t.Error("a paragraph without words is drawn")
	}
}
