package register

import (
	"bytes"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/papers"
	"lieux/base/store"
)

// arrivals notes when the first and the last byte of a paper came, and the largest piece.
type arrivals struct {
	bytes.Buffer
	first, last time.Time
	piece       int
}

func (a *arrivals) Write(p []byte) (int, error) {
	a.last = time.Now()
	if a.first.IsZero() && len(p) > 0 {
		a.first = a.last
	}
	a.piece = max(a.piece, len(p))
	return a.Buffer.Write(p)
}

// BenchmarkLegalPrint prints a register of ten thousand holders: from the database to the last byte of the PDF, as the
// page does. It tells when the first byte leaves and how large the pieces are: the paper is streamed, not kept.
func BenchmarkLegalPrint(b *testing.B) {
	h := thousands(b, 10_000)
	var last arrivals
	for b.Loop() {
		last = arrivals{}
		begun := time.Now()
		h.view(func(v *store.View) error {
			paper, names, err := Print(v, french(b), day("2025-12-31"), civil.Date{})
			if err != nil {
				return err
			}
			return papers.PDFInParts(&last, paper, names, papers.Meta{Made: h.db.Now()})
		})
		b.ReportMetric(last.first.Sub(begun).Seconds(), "first-byte-s")
	}
	b.ReportMetric(float64(last.Len())/(1<<20), "MB")
	b.ReportMetric(float64(last.piece)/(1<<10), "largest-piece-kB")
	if !bytes.HasSuffix(bytes.TrimSpace(last.Bytes()), []byte("%%EOF")) {
		b.Error("the paper has no end")
	}
}
