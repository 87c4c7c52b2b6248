package web

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"

	"lieux/base/fault"
)

// codec writes sessions in few bytes that are read fast: a request waits for it. Sessions hold texts, whole numbers and
// lists of texts.
type codec struct{}

// plain is a session as it is written.
type plain struct {
	Deadline int64               `json:"d"` // seconds
	Texts    map[string]string   `json:"t,omitempty"`
	Numbers  map[string]int64    `json:"n,omitempty"`
	Lists    map[string][]string `json:"l,omitempty"`
}

// Encode writes a session.
func (codec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	p := plain{Deadline: deadline.Unix(), Texts: map[string]string{}, Numbers: map[string]int64{},
		Lists: map[string][]string{}}
	for key, value := range values {
		switch v := value.(type) {
		case string:
			p.Texts[key] = v
		case int64:
			p.Numbers[key] = v
		case []string:
			p.Lists[key] = v
		default:
			fault.Must(false, "a session holds a %T under %q", v, key)
		}
	}
	return json.Marshal(p)
}

// Decode reads a session, as it is written now or as earlier versions wrote it.
func (codec) Decode(data []byte) (time.Time, map[string]any, error) {
	if len(data) == 0 || data[0] != '{' {
		return scs.GobCodec{}.Decode(data)
	}
	var p plain
	if err := json.Unmarshal(data, &p); err != nil {
		return time.Time{}, nil, fmt.Errorf("web: a session: %w", err)
	}
	values := make(map[string]any, len(p.Texts)+len(p.Numbers)+len(p.Lists))
	for key, v := range p.Texts {
		values[key] = v
	}
	for key, v := range p.Numbers {
		values[key] = v
	}
	for key, v := range p.Lists {
		values[key] = v
	}
	return time.Unix(p.Deadline, 0).UTC(), values, nil
}
