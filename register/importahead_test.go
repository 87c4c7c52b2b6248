package register

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/sheets"
	"lieux/base/store"
)

// Rows are read beside the act, by several at once; they come in the order of the file, and say what they say when they
// are read one by one. Who stops before the end waits for nobody.
func TestRowsAreReadAheadInTheirOrder(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		const lines = 3*aheadRows + 17
		f := file(h, "registre.csv", crowdedFile(lines))
		h.view(func(v *store.View) error {
			im, err := newImporter(v, f, ImportOptions{Class: h.a})
			if err != nil {
				return err
			}
			ahead := im.ahead()
			defer ahead.stop()
			for i, row := range im.rows {
				got := ahead.next()
				in, wrong := im.read(row)
				if got.row.Line != row.Line || got.in.mark != in.mark || got.in.named != in.named || len(wrong) > 0 || len(got.wrong) > 0 {
					t.Fatalf("row %d: %s, want %s", i, cmp.Diff(in.named, got.in.named), in.mark)
				}
			}
			early := im.ahead()
			early.next()
			early.stop()
			return nil
		})
	})
}

// A mistake of ours in a row is told where the row is taken in, and does not end the program.
func TestAPanicWhileReadingAheadIsThatOfWhoTakesTheRow(t *testing.T) {
	ahead := (&importer{rows: make([]sheets.Row, 1)}).ahead() // without a table nothing can be read
	defer ahead.stop()
	defer func() {
		if recover() == nil {
			t.Error("nobody heard of the mistake")
		}
	}()
	ahead.next()
}
