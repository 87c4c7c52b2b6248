package sheets

import (
	"bytes"
	"fmt"
	"iter"
	"testing"

	"lieux/base/civil"
	"lieux/base/money"
)

// register are n rows as an export of the register gives them.
func register(n int) iter.Seq[[]Cell] {
	return func(yield func([]Cell) bool) {
		day := civil.MustParse("2015-01-01")
		for i := range n {
			row := []Cell{Int(int64(i + 1)), Text(fmt.Sprintf("Lefèvre %d", i)), Text("Zoé"), Text("rue Haute 1, 5000 Namur"),
				Int(int64(i%40 + 1)), Money(money.Euros(250 * int64(i%40+1))), Date(day.AddDays(i % 4000)), Text("zoe@exemple.be")}
			if !yield(row) {
				return
			}
		}
	}
}

var registerHead = []string{"N°", "Nom", "Prénom", "Adresse", "Parts", "Montant", "Date d’entrée", "E-mail"}

const benchRows = 20_000

func BenchmarkWriteCSV(b *testing.B) {
	for b.Loop() {
		must(b, CSV(&bytes.Buffer{}, registerHead, register(benchRows)))
	}
}

func BenchmarkWriteXLSX(b *testing.B) {
	for b.Loop() {
		must(b, XLSX(&bytes.Buffer{}, Page{Head: registerHead}, register(benchRows)))
	}
}

func BenchmarkReadCSV(b *testing.B) {
	var file bytes.Buffer
	must(b, CSV(&file, registerHead, register(benchRows)))
	benchmarkRead(b, file.Bytes())
}

func BenchmarkReadXLSX(b *testing.B) {
	var file bytes.Buffer
	must(b, XLSX(&file, Page{Head: registerHead}, register(benchRows)))
	benchmarkRead(b, file.Bytes())
}

func benchmarkRead(b *testing.B, raw []byte) {
	b.ReportAllocs()
	for b.Loop() {
		s, err := Read(bytes.NewReader(raw), "x", Usual)
		must(b, err)
		table, err := s.Table(forRegister)
		must(b, err)
		if len(table.Rows) != benchRows {
			b.Fatalf("%d rows", len(table.Rows))
		}
	}
}
