package papers

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"lieux/base/fault"
)

// Limits of what is printed behind a letter.
const (
	MaxAnnexPages = 120      // of all annexes of a letter together: what an envelope holds, printed on both sides
	MaxAnnexBytes = 64 << 20 // of all together
)

// Annex is a PDF of somebody else (accounts, a report) that is printed behind a letter.
type Annex struct {
	Title string // names it in a refusal
	Pages int
	pdf   []byte
}

// ReadAnnex looks at a PDF before anything is printed with it. It refuses, by the title, what is no PDF, what is
// locked by a password, what cannot be read to its end, and what has more than [MaxAnnexPages].
func ReadAnnex(title string, content []byte) (Annex, error) {
	a := Annex{Title: title, pdf: content}
	no := func(code string) error {
		return fault.Refuse("papers.refusal.annex-"+code, "title", title, "max", MaxAnnexPages)
	}
	if !bytes.HasPrefix(content, []byte("%PDF-")) {
		return a, no("kind")
	}
	ctx, err := readPDF(content)
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword) || errors.Is(err, pdfcpu.ErrEncrypted) || err == nil && ctx.E != nil:
		return a, no("locked")
	case err != nil || ctx.PageCount < 1:
		return a, no("broken")
	case ctx.PageCount > MaxAnnexPages:
		return a, no("long")
	}
	a.Pages = ctx.PageCount
	return a, nil
}

// FitTogether says whether annexes go together into one envelope; the refusal counts them.
func FitTogether(list []Annex) error {
	pages, size := 0, 0
	for _, a := range list {
		pages, size = pages+a.Pages, size+len(a.pdf)
	}
	if pages > MaxAnnexPages || size > MaxAnnexBytes {
		return fault.Refuse("papers.refusal.annexes", "n", pages, "max", MaxAnnexPages, "bytes", size>>20,
			"most", MaxAnnexBytes>>20)
	}
	return nil
}

// pdfReading is how PDFs of others are read: forgiving, without a folder of settings and without the network. The
// library keeps the settings that it is given, so each reading has its own.
var pdfReading = sync.OnceValue(func() func() *model.Configuration {
	model.ConfigPath = "disable"
	return func() *model.Configuration {
		c := model.NewDefaultConfiguration()
		c.ValidationMode, c.Offline = model.ValidationRelaxed, true
		c.Optimize, c.OptimizeBeforeWriting = false, false
		c.Limits.MaxStreamBytes, c.Limits.MaxDecodeBytes = MaxAnnexBytes, 4*MaxAnnexBytes
		c.Limits.MaxObjectCount, c.Limits.MaxXRefEntries = 1_000_000, 1_000_000
		return c
	}
})

// readPDF reads and checks a PDF. Whatever a file makes the library do, it ends in an error.
func readPDF(content []byte) (ctx *model.Context, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("papers: pdf: %v", r)
		}
	}()
	return api.ReadAndValidate(bytes.NewReader(content), pdfReading()())
}

// order lists the pages of the file that stands before merging (own pages, then those of the annexes, once) as often
// and in the order in which they are printed; blank is a page without print.
func (b *Bundle) order(annexed []int, blank int) (order []int) {
	page := 1
	for _, p := range b.parts {
		for ; page <= p.last; page++ {
			order = append(order, page)
		}
		if p.enclosed {
			order = append(order, annexed...)
		}
		if b.BothSide && len(order)%2 == 1 {
			order = append(order, blank)
		}
	}
	return order
}

// writeOrdered puts the bundle and its annexes into one file: read once, their pages are named as often as letters
// hold them, so that five hundred letters with a report weigh little more than one.
func (b *Bundle) writeOrdered(w io.Writer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("papers: annexes: %v", r)
		}
	}()
	b.g.newPage()
	blank := b.g.pdf.PageCount()
	var own, merged, out bytes.Buffer
	if err := b.g.pdf.Output(&own); err != nil {
		return fmt.Errorf("papers: pdf: %w", err)
	}
	files, next, annexed := []io.ReadSeeker{bytes.NewReader(own.Bytes())}, blank, []int(nil)
	for _, a := range b.Annexes {
		files = append(files, bytes.NewReader(a.pdf))
		for range a.Pages {
			next++
			annexed = append(annexed, next)
		}
	}
	if err := api.MergeRaw(files, &merged, false, pdfReading()()); err != nil {
		return fmt.Errorf("papers: annexes: %w", err)
	}
	ctx, err := readPDF(merged.Bytes())
	if err != nil {
		return fmt.Errorf("papers: annexes: %w", err)
	}
	ordered, err := pdfcpu.ExtractPages(ctx, b.order(annexed, blank), false)
	if err != nil {
		return fmt.Errorf("papers: annexes: %w", err)
	}
	if err := api.WriteContext(ordered, &out); err != nil {
		return fmt.Errorf("papers: annexes: %w", err)
	}
	_, err = out.WriteTo(w)
	return err
}
