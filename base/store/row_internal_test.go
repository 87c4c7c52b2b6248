package store

import (
	"bytes"
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

var rowColumns = []Column{{"a", typeText}, {"b", typeInt}, {"c", typeBytes}, {"d", typeText}}

func TestARowIsReadAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aé€𝄞\"\\\n\r\t\x01\x1f\x7f\u2028/<")))
		row := []value{
			rapid.OneOf(rapid.Map(text, func(s string) value { return s }), rapid.Just(value(nil))).Draw(t, "a"),
			rapid.OneOf(rapid.Map(rapid.Int64(), func(n int64) value { return n }), rapid.Just(value(nil))).Draw(t, "b"),
			rapid.OneOf(rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) value { return b }),
				rapid.Just(value(nil))).Draw(t, "c"),
			text.Draw(t, "d"),
		}
		line := appendRow(nil, rowColumns, row)
		again, err := parseRow(line, rowColumns)
		if err != nil || !bytes.Equal(appendRow(nil, rowColumns, again), line) {
			t.Fatalf("%q: %v, %v", line, again, err)
		}
		for i := range row {
			if (row[i] == nil) != (again[i] == nil) {
				t.Fatalf("%q: column %d is %v, was %v", line, i, again[i], row[i])
			}
		}
		// Any other program reads it too.
		var other struct {
			A *string
			B *int64
			C []byte
			D string
		}
		if err := json.Unmarshal(line, &other); err != nil || other.D != row[3] || other.A != nil && *other.A != row[0] {
			t.Fatalf("%q: another program reads %+v, %v", line, other, err)
		}
	})
}

func FuzzParseRow(f *testing.F) {
	f.Add([]byte("{\"a\":\"x\\n\\u0001\",\"b\":-5,\"c\":\"AAE=\",\"d\":\"é\"}\n"))
	f.Add([]byte("{\"a\":null,\"b\":null,\"c\":null,\"d\":null}\n"))
	f.Fuzz(func(t *testing.T, line []byte) {
		row, err := parseRow(line, rowColumns)
		if err == nil && !bytes.Equal(appendRow(nil, rowColumns, row), line) {
			t.Fatalf("%q was read, and is written %q", line, appendRow(nil, rowColumns, row))
		}
	})
}
