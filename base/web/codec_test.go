package web

import (
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/google/go-cmp/cmp"
)

// A session is read as it was written, and so is one that an earlier version wrote.
func TestSessionsAreReadAsTheyWereWritten(t *testing.T) {
	deadline := time.Date(2026, 6, 20, 16, 0, 0, 0, time.UTC)
	values := map[string]any{"person": "01J", "for": "", "since": int64(1 << 53), "flash": []string{"yes\tFait.", "“é”\n"}}
	for name, write := range map[string]scs.Codec{"now": codec{}, "earlier": scs.GobCodec{}} {
		data, err := write.Encode(deadline, values)
		if err != nil {
			t.Fatal(err)
		}
		until, read, err := codec{}.Decode(data)
		if err != nil || !until.Equal(deadline) {
			t.Errorf("%s: until %v, %v", name, until, err)
		}
		if diff := cmp.Diff(values, read); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, _, err := (codec{}).Decode([]byte(`{"d":`)); err == nil {
		t.Error("half a session was read")
	}
}
