package papers

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/programs"
)

func odtOf(t *testing.T, p Paper, meta Meta) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := ODT(&b, p, sampleNames, meta); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts reads an ODT as an office program does.
func parts(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for i, f := range z.File {
		if i == 0 && (f.Name != "mimetype" || f.Method != zip.Store || f.Flags&8 != 0 || len(f.Extra) > 0) {
			t.Errorf("first part: %s, method %d, flags %d", f.Name, f.Method, f.Flags)
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(content)
	}
	return all
}

// Every part is XML, every style that is used exists, and every row has the cells of its table.
func TestAnODTIsWhole(t *testing.T) {
	for _, tag := range lang.Tags {
		p := samplePaper(tag)
		p.Blocks = append(p.Blocks, Personal{T("ailleurs"), Blocks{Paragraph{L(Who("P2"), " & <tout>")}}}, PageBreak{})
		raw := odtOf(t, p, Meta{Draft: true})
		if !bytes.Equal(raw, odtOf(t, p, Meta{Draft: true})) {
			t.Error("the same paper gives other bytes")
		}
		all := parts(t, raw)
		if all["mimetype"] != odtType {
			t.Errorf("type %q", all["mimetype"])
		}
		for name, content := range all {
			if !strings.HasSuffix(name, ".xml") {
				continue
			}
			if name != "META-INF/manifest.xml" && !strings.Contains(all["META-INF/manifest.xml"], `"`+name+`"`) {
				t.Errorf("%s is not in the manifest", name)
			}
			decoder := xml.NewDecoder(strings.NewReader(content))
			for {
				if _, err := decoder.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %s: %v", tag, name, err)
				}
			}
		}
		defined := all["styles.xml"] + all["content.xml"]
		for _, m := range regexp.MustCompile(`(?:text|table):style-name="([^"]+)"`).FindAllStringSubmatch(all["content.xml"], -1) {
			if !strings.Contains(defined, `style:name="`+m[1]+`"`) {
				t.Errorf("%s: no style %s", tag, m[1])
			}
		}
		if !strings.Contains(all["content.xml"], "Lieve Claes &amp; &lt;tout&gt;") {
			t.Errorf("%s: the personal part is not drawn, or not escaped", tag)
		}
		if !strings.Contains(all["styles.xml"], "text:page-number") || strings.ContainsAny(all["styles.xml"], "\x01\x02") {
			t.Errorf("%s: the page's number is no field", tag)
		}
	}
}

// What another program reads in it.
func TestAnotherProgramReadsTheODT(t *testing.T) {
	reader := programs.Need(t, "odt2txt")
	file := filepath.Join(t.TempDir(), "minutes.odt")
	if err := os.WriteFile(file, odtOf(t, samplePaper(lang.French), Meta{}), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := exec.Command(reader, "--encoding=UTF-8", file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	for _, want := range []string{"Procès-verbal"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("odt2txt does not read %q in:\n%s", want, text)
		}
	}
}

// The public version loses the personal parts with the persons whom only they name, and keeps the rest.
func TestThePublicVersionLosesWhatIsPersonal(t *testing.T) {
	p := Paper{Kind: Minutes, Lang: "fr", Title: "Titre", Blocks: Blocks{
		Paragraph{L("Préside ", Who("P1"), ".")},
		Personal{T("Deux personnes sont sorties."), Blocks{Paragraph{L("Sont sortis : ", Who("P2"), ".")}}},
		Personal{Blocks: Blocks{Hint{Words: T("sans remplaçant")}}},
	}}
	raw, err := Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := Decode(raw); err != nil || !HasPersonal(back) {
		t.Errorf("decoded: %v", err)
	}
	public := Public(p)
	if HasPersonal(public) || strings.Join(Persons(public), " ") != "P1" || len(public.Blocks) != 2 {
		t.Errorf("public: %v, persons %v", public.Blocks, Persons(public))
	}
	if got := htmlOf(t, public, sampleNames); !strings.Contains(got, "Deux personnes") || strings.Contains(got, "Claes") {
		t.Error(got)
	}
	if got := htmlOf(t, p, sampleNames); strings.Contains(got, "Deux personnes") || !strings.Contains(got, "Claes") {
		t.Error(got)
	}
	for name, bad := range map[string]Block{"empty": Personal{}, "a head": Personal{Blocks: Blocks{Heading{Level: 2, Words: T("x")}}},
		"a box": Personal{Blocks: Blocks{Personal{Blocks: Blocks{Hint{Words: T("x")}}}}}} {
		if Check(Paper{Kind: Minutes, Lang: "fr", Title: "x", Blocks: Blocks{bad}}) == nil {
			t.Errorf("%s passes", name)
		}
	}
}
