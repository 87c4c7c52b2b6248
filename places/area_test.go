package places

import (
	"testing"

	"lieux/base/lang"
)

// A rate is written as it was agreed: no decimal that nobody named, none lost.
func TestARateIsWrittenAsAgreed(t *testing.T) {
	book, err := lang.NewBook(Phrases)
	if err != nil {
		t.Fatal(err)
	}
	for rate, want := range map[int64][3]string{
		200:    {"2\u00a0%", "2%", "2%"},
		225:    {"2,25\u00a0%", "2,25%", "2.25%"},
		250:    {"2,5\u00a0%", "2,5%", "2.5%"},
		5:      {"0,05\u00a0%", "0,05%", "0.05%"},
		9_000:  {"90\u00a0%", "90%", "90%"},
		10_000: {"100\u00a0%", "100%", "100%"},
	} {
		for i, tag := range []lang.Tag{lang.French, lang.Dutch, lang.English} {
			if got := Percent(book.In(tag), rate); got != want[i] {
				t.Errorf("%d in %s: %q, want %q", rate, tag, got, want[i])
			}
		}
	}
}
