package papers

import (
	"bytes"
	"strings"
	"testing"

	"lieux/base/fault"
)

// sampleHand is a signature of two strokes.
const sampleHand = "M 20 150 L 60 40 L 100 150 L 140 60 L 180 150 M 40 110 L 90 110 L 300 100 L 560 90"

func TestOnlyASignatureIsASignature(t *testing.T) {
	if err := CheckHand(sampleHand); err != nil {
		t.Error(err)
	}
	for name, path := range map[string]string{
		"nothing": "", "a tap": "M 1 1 L 2 2", "no beginning": "L 1 1" + strings.Repeat(" L 2 2", 9), "a curve": sampleHand + " C 1 1",
		"outside": sampleHand + " L 601 2", "below": sampleHand + " L 2 -1", "half": sampleHand + " L 5", "markup": sampleHand + ` L "><script> 1`,
		"too long": sampleHand + strings.Repeat(" L 599 199", MaxHand/10),
	} {
		if err := CheckHand(path); !fault.Is(err, "papers.refusal.hand") {
			t.Errorf("%s: %v", name, err)
		}
		if HandSVG(path, "x") != "" {
			t.Errorf("%s is drawn", name)
		}
	}
}

// A drawn signature stands above the line of who drew it, on screen and on paper, and is no part of the tree.
func TestASignatureIsDrawnBesideThePaper(t *testing.T) {
	p := Paper{Kind: Minutes, Lang: "fr", Title: "Titre", Blocks: Blocks{
		Signatures{[]Signature{{"présidence", L(Who("P1"))}, {"secrétariat", L(Who("P2"))}}}}}
	bare, err := Hash(p)
	if err != nil {
		t.Fatal(err)
	}
	names := WithHands{sampleNames, map[string]string{"P1": sampleHand, "P2": "M 0 0 C 1 1"}}
	if got := htmlOf(t, p, names); strings.Count(got, "<svg") != 1 || !strings.Contains(got, "signature dessinée de Clémence Jadot") {
		t.Error(got)
	}
	var with, without bytes.Buffer
	if err := PDF(&with, p, names, Meta{}); err != nil {
		t.Fatal(err)
	}
	if err := PDF(&without, p, sampleNames, Meta{}); err != nil || bytes.Equal(with.Bytes(), without.Bytes()) {
		t.Errorf("the PDF has no signature (%v)", err)
	}
	if after, _ := Hash(p); after != bare {
		t.Error("the hash of the paper changed")
	}
}
