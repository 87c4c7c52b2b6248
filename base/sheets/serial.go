package sheets

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// figures is how many a spreadsheet shows of a number: what comes after them is noise of its arithmetic
// (1134.4999999999998).
const figures = 15

// number reads the value of a cell without a type: a number, or a date when its style says so.
func number(value string, dated, from1904 bool) Cell {
	if value == "" {
		return Cell{}
	}
	x, err := strconv.ParseFloat(value, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) || math.Abs(x) >= 1e21 {
		return Cell{tidy(value), IsError}
	}
	if dated {
		if day, ok := serialDate(x, from1904); ok {
			return day
		}
	}
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', figures, 64), 64) // reads what it wrote
	if x == 0 {
		return Cell{"0", IsNumber} // never -0
	}
	return Cell{strconv.FormatFloat(x, 'f', -1, 64), IsNumber}
}

// serialDate reads a count of days. Excel counts from the eve of 1900 and believes in a 29 February 1900; from 1904
// on both calendars agree.
func serialDate(serial float64, from1904 bool) (Cell, bool) {
	if serial < 0 || serial >= 2_958_466 { // after 9999
		return Cell{}, false
	}
	seconds := int64(math.Round(serial * 86_400))
	days, rest := int(seconds/86_400), time.Duration(seconds%86_400)*time.Second
	if days == 0 && !from1904 {
		return Cell{clock(rest), IsText}, true
	}
	begin := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case from1904:
		begin = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60:
		begin = begin.AddDate(0, 0, 1)
	case days == 60:
		return Cell{}, false // the day that never was
	}
	text := begin.AddDate(0, 0, days).Format(time.DateOnly)
	if rest != 0 {
		text += "T" + clock(rest)
	}
	return Cell{text, IsDate}, true
}

func clock(d time.Duration) string {
	if s := int(d.Seconds()) % 60; s != 0 {
		return fmt.Sprintf("%02d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, s)
	}
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// builtinDate says whether a style that XLSX numbers without spelling it out is one of dates or hours.
func builtinDate(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58)
}

// showsDate says whether a spelled-out style shows dates: a d, m, y, h or s outside quotes, brackets and escapes, in
// its first part.
func showsDate(code string) bool {
	if slices.Contains([]string{"", "general", "standard", "@"}, strings.ToLower(code)) {
		return false
	}
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"', '[':
			end := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if end < 0 {
				return false
			}
			inner := strings.ToLower(code[i+1 : i+1+end])
			if c == '[' && inner != "" && strings.Trim(inner, "hms") == "" {
				return false // [h]:mm counts hours: a length of time
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case ';':
			return false
		case 'd', 'D', 'm', 'M', 'y', 'Y', 'h', 'H', 's', 'S':
			return true
		}
	}
	return false
}
