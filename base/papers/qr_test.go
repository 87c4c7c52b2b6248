package papers

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/boombuler/barcode/qr"

	"lieux/base/fault"
)

func TestThePathOfAQRCodeIsItsModules(t *testing.T) {
	const text = "BCD\n002\n1\nSCT\n\nDynamo Coop\nBE71096123456769\nEUR250.00"
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		t.Fatal(err)
	}
	path, size, err := QRPath(text)
	if err != nil {
		t.Fatal(err)
	}
	black := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(path, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		if m[3] != m[4] {
			t.Fatalf("%s does not close", m[0])
		}
		for i := range n {
			black[[2]int{x + i, y}] = true
		}
	}
	for y := range size {
		for x := range size {
			inside := x >= quietZone && y >= quietZone && x < size-quietZone && y < size-quietZone
			want := false
			if inside {
				r, _, _, _ := code.At(x-quietZone, y-quietZone).RGBA()
				want = r == 0
			}
			if black[[2]int{x, y}] != want {
				t.Fatalf("module %d,%d of %d is wrong", x, y, size)
			}
		}
	}
}

func TestATextTooLongForATelephoneIsRefused(t *testing.T) {
	if _, size, err := QRPath(strings.Repeat("x", MaxQR)); err != nil || size > maxModules+2*quietZone {
		t.Errorf("the longest payment request: %d modules, %v", size, err)
	}
	if _, _, err := QRPath(strings.Repeat("x", MaxQR+1)); !fault.Is(err, "papers.refusal.qr") {
		t.Error(err)
	}
}
