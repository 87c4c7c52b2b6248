package places

import (
	"encoding/json"
	"maps"
	"testing"

	"lieux/base/lang"
)

// A practice that was kept as one text is read as one in the first language.
func TestTextsAreRead(t *testing.T) {
	for in, want := range map[string]Texts{`"vélo"`: {lang.French: "vélo"}, `{"nl":"fiets"}`: {lang.Dutch: "fiets"}, `{}`: {}} {
		var got Texts
		if err := json.Unmarshal([]byte(in), &got); err != nil || !maps.Equal(got, want) {
			t.Errorf("%s is read as %v, %v", in, got, err)
		}
	}
	var none Texts
	if err := json.Unmarshal([]byte("12"), &none); err == nil {
		t.Error("a number is taken for a text")
	}
}
