package sortition

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/lang"
	"lieux/base/programs"
)

// good reads and verifies a proof as the command does.
func good(raw []byte) error {
	p, err := Decode(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	_, err = Verify(p)
	return err
}

// TestOneChangedBitAndTheProofFalls flips, in each byte of a proof with departures, the last bit (a letter becomes
// its neighbour) and another one, which turns with the place so that each kind of byte meets each of them.
func TestOneChangedBitAndTheProofFalls(t *testing.T) {
	raw := encoded(afterDepartures(t).Proof())
	if err := good(raw); err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		for _, bit := range []byte{1, 2 << (i % 7)} {
			altered := slices.Clone(raw)
			altered[i] ^= bit
			if good(altered) == nil {
				t.Fatalf("byte %d (%q) changed into %q, and the proof stands", i, raw[i], altered[i])
			}
		}
	}
}

// What is changed, and what the verifier names. Nothing else is mended: as someone does who edits the file.
func TestTheVerifierNamesWhatIsWrong(t *testing.T) {
	cases := []struct {
		what   string
		change func(*Proof)
		codes  string
	}{
		{"a letter of the title", func(p *Proof) { p.Pool.Title = "Comite d’accompagnement" }, "differs-hash"},
		{"a letter of the source", func(p *Proof) { p.Pool.Source += "." }, "differs-hash"},
		{"a seat more", func(p *Proof) { p.Pool.Substitutes++ }, "differs-hash"},
		{"the root", func(p *Proof) { p.Pool.Root[0] ^= 1 }, "differs-root differs-hash"},
		{"a reason", func(p *Proof) { p.Pool.Excluded[0].Reasons = []string{"salariée"} }, "differs-hash"},
		{"the excluded one forgotten", func(p *Proof) { p.Pool.Excluded = nil }, "differs-hash"},
		{"the pool's hash", func(p *Proof) { p.Pool.Hash[0] ^= 1 }, "differs-hash at-step differs-digest"},
		{"a leaf", func(p *Proof) { p.Leaves[3][31] ^= 1 }, "differs-root"},
		{"two leaves exchanged", func(p *Proof) { p.Leaves[3], p.Leaves[4] = p.Leaves[4], p.Leaves[3] }, "leaves-order differs-root"},
		{"a leaf twice", func(p *Proof) { p.Leaves[3] = p.Leaves[4] }, "leaves-order differs-root"},
		{"a leaf missing", func(p *Proof) { p.Leaves = p.Leaves[:18] }, "leaves-count"},
		{"a letter of a word", func(p *Proof) { p.Ceremony[4].Word = "briques" }, "at-step differs-digest"},
		{"two words exchanged", func(p *Proof) {
			p.Ceremony[4].Word, p.Ceremony[5].Word = p.Ceremony[5].Word, p.Ceremony[4].Word
		}, "at-step differs-digest"},
		{"dice before words", func(p *Proof) {
			p.Ceremony[6], p.Ceremony[7] = p.Ceremony[7], p.Ceremony[6]
		}, "at-step differs-digest"},
		{"one die", func(p *Proof) { p.Ceremony[7].Dice[0] = 5 }, "differs-seed differs-digest"},
		{"no dice at all", func(p *Proof) { p.Ceremony = p.Ceremony[:7] }, "no-dice differs-digest"},
		{"no ceremony", func(p *Proof) { p.Ceremony = nil }, "no-dice differs-digest"},
		{"an hour", func(p *Proof) { p.Ceremony[7].At++ }, "differs-digest"},
		{"the seed", func(p *Proof) { p.Seed[5] ^= 4 }, "differs-seed differs-digest"},
		{"a name", func(p *Proof) { p.Opened[1].Name = "Monique Dehouse" }, "differs-opened differs-digest"},
		{"a person", func(p *Proof) { p.Opened[1].Person = "PZ" }, "differs-opened differs-digest"},
		{"a salt", func(p *Proof) { p.Opened[1].Salt[0] ^= 1 }, "differs-opened differs-digest"},
		{"a body", func(p *Proof) { p.Opened[0].Bodies = nil }, "differs-opened differs-digest"},
		{"two ranks exchanged", func(p *Proof) {
			p.Opened[0].Opening, p.Opened[1].Opening = p.Opened[1].Opening, p.Opened[0].Opening
		}, "differs-opened differs-opened differs-digest"},
		{"the last substitute left out", func(p *Proof) { p.Opened = p.Opened[:5] }, "opened-ranks differs-digest"},
		{"an erasure with a name left", func(p *Proof) { p.Opened[1].Erased = civil.MustParse("2020-01-01") }, "differs-opened differs-digest"},
		{"an erasure without a day", func(p *Proof) {
			p.Opened[1] = Opened{Rank: 2, Erased: civil.MustParse("2020")}
		}, "differs-opened differs-digest"},
		{"a departure invented", func(p *Proof) {
			p.Departures = []Departure{{Rank: 1, On: civil.MustParse("2017-07-01"), Ground: Refused}}
		}, "opened-ranks differs-digest"},
		{"a departure from nowhere", func(p *Proof) {
			p.Departures = []Departure{{Rank: 40, On: civil.MustParse("2017-07-01"), Ground: Refused}}
		}, "at-departure differs-digest"},
		{"the digest", func(p *Proof) { p.Digest[0] ^= 1 }, "differs-digest"},
		{"another format", func(p *Proof) { p.Version = 2 }, "proof-format"},
		{"a pool of nobody", func(p *Proof) { *p = Proof{Format: Format, Version: Version} }, "unfit-title unfit-source no-seat"},
		{"seats beyond the pool", func(p *Proof) { p.Pool.Substitutes = 17 }, "too-few"},
		{"negative seats", func(p *Proof) { p.Pool.Effective = -3 }, "no-seat"},
	}
	b := book(t)
	for _, tt := range cases {
		p := draw2017().Proof()
		tt.change(&p)
		_, err := Verify(p)
		var codes []string
		for _, r := range fault.Of(err) {
			codes = append(codes, strings.TrimPrefix(r.Code, "sortition.refusal."))
			if words := b.In(lang.Dutch).Refusal(r); strings.ContainsAny(words, "«{<") {
				t.Errorf("%s: no words for %v: %s", tt.what, r, words)
			}
		}
		if got := strings.Join(codes, " "); got != tt.codes {
			t.Errorf("%s: %q, want %q", tt.what, got, tt.codes)
		}
	}
}

// Someone who mends the digest too is found by what the digest rests on. An hour rests on nothing else: there the digest that the
// minutes print tells.
func TestAForgerWhoMendsTheDigestIsStillFound(t *testing.T) {
	original := draw2017().Proof().Digest
	rapid.Check(t, func(t *rapid.T) {
		p := draw2017().Proof()
		rapid.SampledFrom([]func(){
			func() { p.Opened[0].Name = "Une autre" },
			func() { p.Ceremony[7].Dice[rapid.IntRange(0, 4).Draw(t, "die")] ^= 7 },
			func() { p.Ceremony[4].Word = rapid.StringMatching("[a-p]{2,9}").Draw(t, "word") },
			func() { p.Pool.Title = rapid.StringMatching("[A-Z][a-z]{2,9}").Draw(t, "title") },
			func() {
				p.Leaves[rapid.IntRange(0, 18).Draw(t, "leaf")][0] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
			},
		}).Draw(t, "change")()
		p.Digest = p.digest()
		if _, err := Verify(p); err == nil {
			t.Fatal("the forgery stands")
		}
	})
	p := draw2017().Proof()
	p.Ceremony[0].At--
	p.Digest = p.digest()
	if _, err := Verify(p); err != nil || p.Digest == original {
		t.Errorf("another hour is another document: %v", err)
	}
}

func TestAnyDrawProvesItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool, err := Freeze(calls(t), seeded(rapid.String().Draw(t, "salts")))
		if err != nil {
			t.Fatal(err)
		}
		words := rapid.SliceOfN(rapid.StringMatching("[a-zéà]{1,12}"), 2, 6).Draw(t, "words")
		dice := rapid.SliceOfN(rapid.IntRange(1, 6), MinDice, 12).Draw(t, "dice")
		d, err := Conclude(pool, hold(pool.Hash(), words, dice...))
		if err != nil {
			t.Fatal(err)
		}
		for range rapid.IntRange(0, 5).Draw(t, "departures") {
			rank := rapid.IntRange(1, pool.Header().Size).Draw(t, "rank")
			gone := Departure{Rank: rank, On: civil.MustParse("2020-02-29"), Ground: Withdrew}
			if next, _, err := d.Depart(gone); err == nil {
				d = next
			}
		}
		p, err := Decode(bytes.NewReader(encoded(d.Proof())))
		if err != nil {
			t.Fatal(err)
		}
		report, err := Verify(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pool.Members() {
			if report.RankOf(m.Leaf) != d.RankOf(m.Person) || d.At(d.RankOf(m.Person)).Person != m.Person {
				t.Fatalf("%s has two ranks", m.Name)
			}
		}
		if report.RankOf(Hash{1}) != 0 || d.RankOf("nobody") != 0 {
			t.Fatal("an outsider has a rank")
		}
	})
}

func TestFilesThatAreNoProof(t *testing.T) {
	raw := string(encoded(draw2017().Proof()))
	swap := func(old, new string) string {
		if !strings.Contains(raw, old) {
			t.Fatalf("%q is not in the proof", old)
		}
		return strings.Replace(raw, old, new, 1)
	}
	cases := []struct{ what, file, code string }{
		{"nothing", "", "proof-json"},
		{"null", "null", "proof-format"},
		{"a list", "[]", "proof-json"},
		{"half a file", raw[:len(raw)/2], "proof-json"},
		{"two proofs", raw + raw, "proof-json"},
		{"something behind", raw + "{}", "proof-json"},
		{"an unknown key", swap(`"version": 1,`, `"version": 1, "note": "x",`), "proof-json"},
		{"a key twice", swap(`"version": 1,`, `"version": 1, "version": 1,`), "proof-form"},
		{"a key twice, the first one false", swap(`"effective": 3,`, `"effective": 1, "effective": 3,`), "proof-form"},
		{"a key in capitals", swap(`"version"`, `"Version"`), "proof-form"},
		{"a key missing", swap(`"departures": [],`, ``), "proof-form"},
		{"null for a list", swap(`"departures": []`, `"departures": null`), "proof-form"},
		{"keys in another order", swap(`"effective": 3,`+"\n  "+`"substitutes": 3,`, `"substitutes": 3, "effective": 3,`), "proof-form"},
		{"a fraction", swap(`"size": 19`, `"size": 19.0`), "proof-json"},
		{"a number as text", swap(`"size": 19`, `"size": "19"`), "proof-json"},
		{"a number beyond the machine", swap(`"size": 19`, `"size": 99999999999999999999`), "proof-json"},
		{"a needless escape", swap(`"brique"`, `"\u0062rique"`), "proof-form"},
		{"half a surrogate", swap(`"brique"`, `"\ud800"`), "proof-form"},
		{"bytes that are no UTF-8", swap(`brique`, "bri\xffque"), "proof-form"},
		{"a byte order mark", "\ufeff" + raw, "proof-json"},
		{"a hash in capitals", swap(`"seed": "f`, `"seed": "F`), "proof-json"},
		{"a hash too short", swap(`"seed": "f9`, `"seed": "f`), "proof-json"},
		{"a hash that is null", regexp.MustCompile(`"seed": "[0-9a-f]+"`).ReplaceAllString(raw, `"seed": null`), "proof-form"},
		{"a day that is not", swap(`19:40:00.000000Z`, `24:40:00.000000Z`), "proof-json"},
		{"an hour of another zone", swap(`19:40:00.000000Z`, `19:40:00.000000+02:00`), "proof-json"},
		{"another format", swap(`lieux-draw-proof`, `lieux-draw`), "proof-format"},
		{"a deep nest", strings.Repeat("[", 100_000), "proof-json"},
		{"too long", strings.Repeat(" ", MaxProof) + raw, "proof-size"},
	}
	b := book(t)
	for _, tt := range cases {
		_, err := Decode(strings.NewReader(tt.file))
		if !fault.Is(err, "sortition.refusal."+tt.code) {
			t.Errorf("%s: %v, want %s", tt.what, err, tt.code)
			continue
		}
		words := b.In(lang.French).Refusal(fault.Of(err)[0])
		if len(words) > 400 || strings.ContainsAny(words, "\x00\x1b\n") {
			t.Errorf("%s: what is said is not fit to be shown: %q", tt.what, words)
		}
	}
	var tight bytes.Buffer
	if err := json.Compact(&tight, []byte(raw)); err != nil {
		t.Fatal(err)
	}
	for _, spaced := range []string{tight.String(), strings.ReplaceAll(raw, "\n", "\r\n"), raw + "\n\n"} {
		if err := good([]byte(spaced)); err != nil {
			t.Errorf("white space between values is free: %v", err)
		}
	}
}

func TestTheCommandSaysWhatIsWrongAndFails(t *testing.T) {
	raw := bytes.Replace(encoded(draw2017().Proof()), []byte(`"tilleul"`), []byte(`"tilleuls"`), 1)
	for _, tag := range lang.Tags {
		var out bytes.Buffer
		err := VerifyFile(bytes.NewReader(raw), &out, book(t).In(tag))
		r := refusal(t, err, "proof-wrong")
		fmt.Fprintln(&out, book(t).In(tag).Refusal(r), book(t).In(tag).Todo(r))
		golden(t, "altered-2017."+string(tag)+".txt", out.Bytes())
	}
	var out bytes.Buffer
	refusal(t, VerifyFile(strings.NewReader("PK\x03\x04"), &out, book(t).In(lang.French)), "proof-json")
	if out.Len() > 0 {
		t.Errorf("printed for a file that is no proof: %q", out.String())
	}
}

func TestTheLargestPoolFitsIntoOneProof(t *testing.T) {
	members := make([]Member, MaxPool)
	for i := range members {
		o := Opening{Person: fmt.Sprintf("p%06d", i), Name: fmt.Sprintf("Personne %d", i), Own: true, Salt: Salt{1}}
		members[i] = Member{Opening: o, Leaf: o.Leaf()}
	}
	pool := must(Rebuild("Jury", "Tous les coopérateurs", 250, 250, members, nil))
	d := must(Conclude(pool, hold(pool.Hash(), []string{"un", "deux"}, 1, 2, 3, 4, 5)))
	raw := encoded(d.Proof())
	if err := good(raw); err != nil || len(raw) > MaxProof {
		t.Errorf("%d bytes: %v", len(raw), err)
	}
	_, err := Rebuild("Jury", "Tous", 1, 0, append(members, Member{Leaf: Hash{1}, Erased: civil.MustParse("2020-01-01")}), nil)
	refusal(t, err, "too-many")
}

// TestAnotherProgramAgrees runs the verifier that was written in Python from docs/draw-proof.md alone, over good and
// altered proofs.
func TestAnotherProgramAgrees(t *testing.T) {
	python := programs.Need(t, "python3")
	erased := afterDepartures(t).Proof()
	erased.Opened[2] = Opened{Rank: 3, Erased: civil.MustParse("2031-02-03")}
	erased.Digest = erased.digest()
	proofs := map[string]Proof{"drawn": draw2017().Proof(), "departures": afterDepartures(t).Proof(), "erased": erased}
	for what, change := range map[string]func(*Proof){
		"a letter of a word": func(p *Proof) { p.Ceremony[5].Word = "tilleuls" },
		"a die":              func(p *Proof) { p.Ceremony[7].Dice[4] = 6 },
		"a name":             func(p *Proof) { p.Opened[5].Name = "Lucien Hardi" },
		"a reason":           func(p *Proof) { p.Pool.Excluded[0].Reasons[0] += "s" },
		"an hour":            func(p *Proof) { p.Ceremony[0].At-- },
		"a departure": func(p *Proof) {
			p.Departures = append(p.Departures, Departure{Rank: 19, On: civil.MustParse("2018-01-01"), Ground: Refused})
		},
	} {
		p := draw2017().Proof()
		change(&p)
		proofs["altered: "+what] = p
	}
	for name, p := range proofs {
		file := filepath.Join(t.TempDir(), "proof.json")
		if err := os.WriteFile(file, encoded(p), 0o600); err != nil {
			t.Fatal(err)
		}
		_, ours := Verify(p)
		out, theirs := exec.Command(python, filepath.Join("testdata", "verify_draw.py"), file).CombinedOutput()
		if altered := strings.HasPrefix(name, "altered"); (ours != nil) != altered || (theirs != nil) != altered {
			t.Errorf("%s: ours %v, theirs %v %s", name, ours, theirs, out)
		}
		if theirs != nil && !bytes.HasPrefix(out, []byte("not good: ")) {
			t.Errorf("%s: the other program did not judge: %s", name, out)
		}
	}
}

// TestTheFormatByHand does the sums of docs/draw-proof.md over the golden file without any code of the room: plain
// maps and SHA-256.
func TestTheFormatByHand(t *testing.T) {
	for _, name := range []string{"proof-2017.json", "proof-2018.json"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if wrong := byHand(raw); wrong != "" {
			t.Errorf("%s: %s", name, wrong)
		}
		for old, altered := range map[string]string{
			"brique": "briquet", "Thomas Wauters": "Thomas Wouters", "administratrice": "administrateur",
		} {
			if byHand(bytes.Replace(raw, []byte(old), []byte(altered), 1)) == "" {
				t.Errorf("%s: %s became %s, and the sum comes out", name, old, altered)
			}
		}
	}
}

func TestHashesAreReadInOneForm(t *testing.T) {
	var h Hash
	text := strings.Repeat("0a", 32)
	if err := h.UnmarshalText([]byte(text)); err != nil || h.String() != text {
		t.Errorf("%s: %v", h, err)
	}
	if got, want := h.Short(), strings.TrimSpace(strings.Repeat("0a0a ", 8)); got != want {
		t.Errorf("short %q", got)
	}
	if got, want := strings.ReplaceAll(h.Spaced(), " ", ""), hex.EncodeToString(h[:]); got != want {
		t.Errorf("spaced %q", got)
	}
	for _, bad := range []string{"", text[:62], text + "00", strings.ToUpper(text), strings.Replace(text, "0a", "0x", 1)} {
		if h.UnmarshalText([]byte(bad)) == nil {
			t.Errorf("%q is read as a hash", bad)
		}
	}
}

func FuzzProof(f *testing.F) {
	f.Add(encoded(draw2017().Proof()))
	f.Add([]byte(`{"format":"lieux-draw-proof","version":1,"pool":{"title":"T","source":"S","effective":1}}`))
	f.Add([]byte(`{"opened":[{"rank":-1,"erased":"2017"}],"departures":[{"rank":9,"on":"","ground":""}]}`))
	b, err := lang.NewBook(Phrases)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := Decode(bytes.NewReader(raw))
		if err != nil {
			if len(fault.Of(err)) == 0 {
				t.Fatalf("a bad file is a refusal, not %v", err)
			}
			return
		}
		again, err := Decode(bytes.NewReader(encoded(p)))
		if err != nil {
			t.Fatalf("what was read is not read again: %v", err)
		}
		_, one := Verify(p)
		_, two := Verify(again)
		if (one == nil) != (two == nil) {
			t.Fatalf("two verdicts: %v, %v", one, two)
		}
		var out bytes.Buffer
		if err := VerifyFile(bytes.NewReader(raw), &out, b.In(lang.French)); (err == nil) != (one == nil) {
			t.Fatalf("the command says %v, the rule %v", err, one)
		}
		if strings.ContainsAny(out.String(), "\x00\x1b\u202e") {
			t.Fatal("signs of the file reach the screen unseen")
		}
	})
}

// codesInSource lists the refusals that the room's files speak of.
func codesInSource(t *testing.T) (codes []string) {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	call := regexp.MustCompile(`(?:\bno\("[a-z]*", |\brefuse\((?:"[a-z]+", )?|\bwithin\()"([a-z-]+[a-z])"`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range call.FindAllSubmatch(raw, -1) {
			codes = append(codes, "sortition.refusal."+string(m[1]))
		}
	}
	for _, field := range []string{"root", "hash", "seed", "digest"} {
		codes = append(codes, "sortition.refusal.differs-"+field)
	}
	slices.Sort(codes)
	if codes = slices.Compact(codes); len(codes) < 45 {
		t.Fatalf("only %d refusals found in the sources", len(codes))
	}
	return codes
}
