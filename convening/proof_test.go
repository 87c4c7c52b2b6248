package convening

import (
	"context"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/mail"
	"lieux/base/store"
)

// The proof says in the reader's words which way a letter went and what was answered; no code of the program stands in
// it. The journal counts what left, so that the pages can follow.
func TestTheProofSpeaksTheReadersLanguage(t *testing.T) {
	both(t, func(h *house) {
		h.post.Send = func(_ context.Context, l mail.Letter) (string, error) { return mail.Outbox, l.Check() }
		id := h.sent(Convening)
		want := map[lang.Tag]string{lang.French: "gardée dans la boîte d’envoi", lang.Dutch: "bewaard in het postvak uit",
			lang.English: "kept in the outbox"}
		h.view(func(r store.Reader) error {
			for tag, note := range want {
				lines, err := LinesOf(r, words().In(tag), h.letters(id))
				if err != nil {
					return err
				}
				for _, l := range lines {
					all := strings.Join([]string{l.Channel, l.State, l.When, l.Note}, " ")
					if strings.Contains(all, "convening.") || l.Note == mail.Outbox {
						t.Errorf("%s: %q is no word", tag, all)
					}
					if l.Letter.State() == Sent && l.Note != note {
						t.Errorf("%s: %q, want %q", tag, l.Note, note)
					}
				}
			}
			g, err := ProgressOf(r, mustFind(t, r, id))
			if err == nil && (g.Sent != g.ToSend || g.Failed != 0 || g.Sent == 0) {
				t.Errorf("the progress is %+v", g)
			}
			return err
		})
	})
}

func mustFind(t *testing.T, r store.Reader, id DispatchID) Dispatch {
	t.Helper()
	d, found, err := ByID(r, id)
	if err != nil || !found {
		t.Fatalf("%v, %v", found, err)
	}
	return d
}
