package register

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"lieux/base/store"
)

// crowdedFile is a register of many lines as a cooperative exports it: invented names, addresses, births.
func crowdedFile(lines int) []byte {
	var b bytes.Buffer
	b.WriteString("N°;Nom;Prénom;Né(e) le;Adresse;Courriel;Téléphone;Nbre de parts;Capital libéré;Date d'entrée\n")
	for i := range lines {
		since := day("2015-01-04").AddDays(i % 3600)
		fmt.Fprintf(&b, "%d;Lambert%d;Ada%d;%s;rue Haute %d, 4000 Liège;a%d@exemple.be;04 %03d %02d %02d;%d;%d,00;%s\n", i+1, i*7919%lines,
			i%97, day("1950-01-01").AddDays(i%18000), i%300, i, 200+i/10000, i/100%100, i%100, 1+i%9, (1+i%9)*250, since)
	}
	return b.Bytes()
}

// BenchmarkImport takes a register of 100,000 lines in as the pages do: read, rehearsed on paper, taken in by acts of some
// thousand lines. It tells how long each step takes.
func BenchmarkImport(b *testing.B) {
	c := &clock{day("2026-05-12")}
	raw := crowdedFile(benchLines)
	for b.Loop() {
		b.StopTimer()
		db, err := store.Open(b.Context(), store.Options{Folder: b.TempDir(), Rooms: rooms, Clock: c.now})
		if err != nil {
			b.Fatal(err)
		}
		h := founded(b, db, c)
		u := h.uploaded("registre.csv", raw)
		b.StartTimer()
		begun := time.Now()
		_, run, err := BeginImport(b.Context(), db, by(), u, "", ImportOptions{Class: h.a}, nobody)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(begun).Seconds(), "judge-s")
		begun = time.Now()
		for h.run(run).Outcome == "" {
			if err := GoOn(b.Context(), db, run, nobody); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(time.Since(begun).Seconds(), "take-in-s")
		if n := h.run(run); n.Taken != benchLines || n.Outcome != RunDone {
			b.Fatalf("%+v", n)
		}
		b.StopTimer()
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

const benchLines = 100_000

// nobody enqueues nothing: the test calls what comes next itself.
func nobody(*store.Tx, string) error { return nil }

// uploaded is a file that waits.
func (h *house) uploaded(name string, raw []byte) (u Upload) {
	h.Helper()
	err := h.db.Touch(context.Background(), func(tx *store.Tx) (err error) {
		u = Upload{Name: name, Content: raw}
		u.ID, err = KeepUpload(tx, "", name, raw)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return u
}

func (h *house) run(id string) (n Run) {
	h.Helper()
	h.view(func(v *store.View) (err error) {
		n, err = RunByID(v, id)
		return err
	})
	return n
}
