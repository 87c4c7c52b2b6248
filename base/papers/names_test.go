package papers

import (
	"bytes"
	"crypto/rand"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"lieux/base/lang"
)

// allNames knows P3 too, who is erased in sampleNames.
var allNames = func() NameMap {
	all := maps.Clone(sampleNames)
	all["P3"] = "Pascale Renkin"
	return all
}()

func TestAFrozenPaperOutlivesTheErasureOfAPerson(t *testing.T) {
	p, kept, err := Seal(samplePaper(lang.French), allNames, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"P1", "P2", "P3", "P4", "P5", "P6", "P7"}, Persons(p)); d != "" {
		t.Fatalf("persons of the sample:\n%s", d)
	}
	if altered := CheckNames(p, kept); altered != nil {
		t.Fatalf("altered before anyone touched them: %v", altered)
	}
	frozen, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range allNames {
		if bytes.Contains(frozen, []byte(name)) {
			t.Errorf("the frozen tree holds the name %s", name)
		}
	}
	before, _ := Hash(p)

	kept = slices.DeleteFunc(kept, func(k Sealed) bool { return k.ID == "P3" }) // Pascale Renkin is erased, name and salt

	after, _ := Hash(p)
	if before != after || CheckNames(p, kept) != nil {
		t.Error("the erasure is seen in the hash or in the names that stay")
	}
	var text bytes.Buffer
	if err := Text(&text, p, Kept(kept)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), "Renkin") || !strings.Contains(text.String(), "[personne effacée]") ||
		!strings.Contains(text.String(), "Lieve Claes") {
		t.Errorf("after the erasure the minutes read:\n%s", text.String())
	}
}

func TestAnAlteredNameIsFound(t *testing.T) {
	p, kept, err := Seal(samplePaper(lang.Dutch), allNames, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kept[1].Name = "Lieve Claesen"
	kept[4].Salt[0]++
	if d := cmp.Diff([]string{kept[1].ID, kept[4].ID}, CheckNames(p, kept)); d != "" {
		t.Error(d)
	}
}

func TestACommitmentHidesAndBinds(t *testing.T) {
	a, b := Salt{1}, Salt{2}
	c := Commit(a, "Hélène Fraiture")
	if !CheckName(c, a, "He\u0301le\u0300ne Fraiture") {
		t.Error("the same name in another Unicode form is not the same name")
	}
	if CheckName(c, b, "Hélène Fraiture") || CheckName(c, a, "Helene Fraiture") {
		t.Error("another salt or another name passes")
	}
}

func TestNobodyCommitsToAnUnknownName(t *testing.T) {
	if _, _, err := Seal(samplePaper(lang.French), sampleNames, rand.Reader); err == nil ||
		!strings.Contains(err.Error(), "P3") {
		t.Errorf("sealed without the name of P3: %v", err)
	}
	if _, _, err := Seal(samplePaper(lang.French), allNames, bytes.NewReader(nil)); err == nil {
		t.Error("sealed without dice")
	}
}

func TestSealingLeavesTheGivenPaperAlone(t *testing.T) {
	p := samplePaper(lang.French)
	was, _ := Hash(p)
	if _, _, err := Seal(p, allNames, rand.Reader); err != nil {
		t.Fatal(err)
	}
	if now, _ := Hash(p); now != was {
		t.Error("sealing wrote into the paper it was given")
	}
}
