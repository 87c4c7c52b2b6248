// Package programs finds the programs of other projects that tests read our papers and files back with. A test whose
// program is missing is left out on a machine that may not install it, and fails where CI is set: nothing is skipped
// there without being seen. bin/test installs them all.
package programs

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// packages are Debian's names where they differ from the program's.
var packages = map[string]string{
	"pdftotext": "poppler-utils", "pdftoppm": "poppler-utils", "pdfinfo": "poppler-utils", "pdfimages": "poppler-utils",
	"pdffonts": "poppler-utils", "zbarimg": "zbar-tools", "bean-check": "beancount", "bean-query": "beancount",
}

// Need returns where a program is. Without it the test ends here: left out, or failed where CI is set.
func Need(t testing.TB, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	pack := program
	if name, ok := packages[program]; ok {
		pack = name
	}
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: install %s, as bin/test does", program, pack)
	}
	t.Skipf("left out: %s is not installed (%s), bin/test installs it", program, pack)
	return ""
}

// PDFText is what a PDF says, read by pdftotext with the options given, "-layout" unless there are some. Spaces that do
// not break become plain ones.
func PDFText(t testing.TB, pdf []byte, options ...string) string {
	t.Helper()
	if len(options) == 0 {
		options = []string{"-layout"}
	}
	c := exec.CommandContext(t.Context(), Need(t, "pdftotext"), append(options, "-", "-")...)
	c.Stdin = bytes.NewReader(pdf)
	var errs strings.Builder
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v: %s", err, errs.String())
	}
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(string(out))
}
