package papers

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/lang"
)

var update = flag.Bool("update", false, "write the goldens anew; read the difference before you commit it")

// golden compares with testdata/<name>.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (-golden +drawn):\n%s", name, d)
	}
}

func TestTheSampleIsDrawnAsItsGoldens(t *testing.T) {
	for _, tag := range lang.Tags {
		p := samplePaper(tag)
		var text, article, page bytes.Buffer
		if err := Text(&text, p, sampleNames); err != nil {
			t.Fatal(err)
		}
		golden(t, "sample-"+string(tag)+".txt", text.Bytes())
		if err := HTML(&article, p, sampleNames); err != nil {
			t.Fatal(err)
		}
		golden(t, "sample-"+string(tag)+".html", article.Bytes())
		if err := HTMLPage(&page, p, sampleNames, "", "/static/lieux.css"); err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(page.Bytes(), article.Bytes()) || !bytes.HasPrefix(page.Bytes(), []byte("<!doctype html>")) {
			t.Errorf("%s: the page does not hold the article", tag)
		}
	}
}
