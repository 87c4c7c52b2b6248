package convening

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"lieux/base/civil"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
)

var update = flag.Bool("update", false, "write the goldens anew; read the difference before you commit it")

// The letter as it is read, in three languages and by two ways: golden texts.
func TestTheLetterAsItIsRead(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	h.do("meeting.repeat", func(tx *store.Tx) error {
		second, err := meeting.Repeat(tx, h.ag)
		if err != nil {
			return err
		}
		m, _, err := meeting.ByID(tx, second)
		if err != nil {
			return err
		}
		m.StartsAt = civil.At(time.Date(2026, 7, 4, 16, 0, 0, 0, time.UTC))
		return meeting.Change(tx, m)
	})
	id := h.sent(Convening)
	for file, name := range map[string]string{"letter-fr-post.txt": "Chloé", "letter-nl-email.txt": "Bram",
		"letter-en-email.txt": "Dirk"} {
		var text strings.Builder
		h.view(func(v store.Reader) error {
			tree, names, err := Tree(v, h.letterTo(id, name))
			if err != nil {
				return err
			}
			return papers.Text(&text, tree, names)
		})
		path := filepath.Join("testdata", file)
		if *update {
			if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(want), text.String()); d != "" {
			t.Errorf("%s (-golden +written):\n%s", file, d)
		}
	}
}

// The certificate names each addressee with the address used and the server's answer.
func TestTheCertificate(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	id := h.sent(Convening)
	h.view(func(v store.Reader) error {
		p, err := Certificate(v, words().In("fr"), "fr", id)
		if err != nil {
			return err
		}
		mustSay(t, p, papers.NameMap{}, nil, "Attestation d’envoi", "Chloé Essai", "rue Basse 12", "maison@exemple.be",
			"250 2.0.0", "sans adresse")
		return nil
	})
}

// Where a catalogue changes, letters that were sent stay what they were: their words are kept with them.
func TestALetterKeepsItsWords(t *testing.T) {
	h := newHouse(t, store.Options{Folder: t.TempDir()})
	id := h.sent(Convening)
	h.view(func(v store.Reader) error {
		s, err := sheafOf(v, id)
		if err != nil {
			return err
		}
		f := s.frames["fr"]
		if f.Page != links+"/my/meetings/ag-2026" || len(f.Greeting) != 3 || f.Greeting[1].ID != markName {
			t.Errorf("the frame is %+v", f)
		}
		l := h.letterTo(id, "Chloé")
		f.Greeting = papers.L("Cher ", papers.Who(markName))
		hash, err := papers.Hash(l.around(s.texts["fr"], f))
		if hash.String() == l.Hash {
			t.Error("another greeting gives the same hash")
		}
		return err
	})
}
