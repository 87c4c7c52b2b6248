package places

import (
	"strconv"
	"strings"

	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/money"
)

// Area is a surface in whole square decimetres: a hundred are a square metre.
type Area int64

// MaxArea is the largest surface of one place: a hundred hectares.
const MaxArea Area = 100_000_000

// M2 is so many whole square metres.
func M2(n int64) Area { return Area(n * 100) }

// ParseArea reads square metres as people write them: 37,5, 1 400 m². An empty text is no area.
func ParseArea(text string) (Area, error) {
	t := strings.TrimSpace(text)
	for _, unit := range []string{"m²", "m2"} {
		t = strings.TrimSpace(strings.TrimSuffix(t, unit))
	}
	if t == "" {
		return 0, nil
	}
	n, err := money.Parse(t) // two decimals, thousands parted: an amount and an area are written alike
	if err != nil || n < 0 || Area(n) > MaxArea {
		return 0, fault.Refuse("places.refusal.area", "text", text)
	}
	return Area(n), nil
}

// In writes the area in the reader's language: 37,5 m².
func (a Area) In(p *lang.Printer) string { return a.Bare(p) + "\u00a0m²" }

// Bare is In without the unit.
func (a Area) Bare(p *lang.Printer) string { return hundredths(p, int64(a)) }

// Percent writes a rate in hundredths of a per cent as it was agreed, without a decimal that nobody named: 2 %, 2,25 %.
func Percent(p *lang.Printer, rate int64) string {
	sign := "%"
	if p.Tag == lang.French {
		sign = "\u00a0%"
	}
	return hundredths(p, rate) + sign
}

func hundredths(p *lang.Printer, n int64) string {
	whole, rest := p.Count(n/100), n%100
	if rest < 0 {
		rest = -rest
	}
	if rest == 0 {
		return whole
	}
	decimals := strconv.FormatInt(100+rest, 10)[1:]
	mark := ","
	if p.Tag == lang.English {
		mark = "."
	}
	return whole + mark + strings.TrimSuffix(decimals, "0")
}

// Plain is the area as a form takes it back: 37,5.
func (a Area) Plain() string {
	if a == 0 {
		return ""
	}
	text := strconv.FormatInt(int64(a/100), 10)
	if rest := int64(a % 100); rest != 0 {
		text += "," + strings.TrimSuffix(strconv.FormatInt(100+rest, 10)[1:], "0")
	}
	return text
}
