package register

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
)

// ocfFacts are what the format says of its objects, types and files: see testdata/ocf-1.2.0.json.
type ocfFacts struct {
	Version               string
	Types, Objects, Files map[string]ocfForm
}

// ocfForm is what the format says of one: the fields that it must have and those that it may have, or what a text may be.
type ocfForm struct {
	Required []string
	Fields   map[string]string
	Pattern  string
	Layout   string // of a day or a moment
	Words    []string
}

func ocfPublished(t testing.TB) (f ocfFacts) {
	t.Helper()
	raw, err := os.ReadFile("testdata/ocf-" + ocfVersion + ".json")
	if err == nil {
		err = json.Unmarshal(raw, &f)
	}
	if err != nil || f.Version != ocfVersion {
		t.Fatalf("the format's facts: version %q, %v", f.Version, err)
	}
	return f
}

// holds says how a value is not of a type: a name of one, [one], [one]+, one|other, "object KIND", text, any.
func (f ocfFacts) holds(at, kind string, v any) []string {
	no := []string{fmt.Sprintf("%s: %v is no %s", at, v, kind)}
	name, isObject := strings.CutPrefix(kind, "object ")
	switch {
	case kind == "any":
		return nil
	case strings.Contains(kind, "|"):
		for _, one := range strings.Split(kind, "|") {
			if len(f.holds(at, one, v)) == 0 {
				return nil
			}
		}
		return no
	case strings.HasPrefix(kind, "["):
		return f.each(at, kind, v)
	case isObject:
		o, _ := v.(map[string]any)
		is, _ := o["object_type"].(string)
		form, known := f.Objects[is]
		if !known || !strings.HasPrefix(is, name) {
			return no
		}
		return f.fits(at+" "+is, form, o)
	}
	text, isText := v.(string)
	form, known := f.Types[kind]
	switch {
	case form.Fields != nil:
		o, is := v.(map[string]any)
		if !is {
			return no
		}
		return f.fits(at, form, o)
	case !isText || !known && kind != "text":
		return no
	case form.Pattern != "" && !regexp.MustCompile(form.Pattern).MatchString(text),
		form.Words != nil && !slices.Contains(form.Words, text):
		return no
	case form.Layout != "":
		if _, err := time.Parse(form.Layout, text); err != nil {
			return no
		}
	}
	return nil
}

func (f ocfFacts) each(at, kind string, v any) (wrong []string) {
	list, is := v.([]any)
	least := strings.HasSuffix(kind, "+")
	if !is || least && len(list) == 0 {
		return []string{fmt.Sprintf("%s: %v is no %s", at, v, kind)}
	}
	kind = strings.TrimSuffix(strings.TrimSuffix(kind, "+")[1:], "]")
	for i, one := range list {
		wrong = append(wrong, f.holds(fmt.Sprintf("%s[%d]", at, i), kind, one)...)
	}
	return wrong
}

// fits holds an object against its form: nothing lacks, nothing is there that the format does not know.
func (f ocfFacts) fits(at string, form ocfForm, o map[string]any) (wrong []string) {
	for _, key := range form.Required {
		if _, there := o[key]; !there {
			wrong = append(wrong, at+" has no "+key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		kind, known := form.Fields[key]
		if !known {
			wrong = append(wrong, at+" has a "+key)
			continue
		}
		wrong = append(wrong, f.holds(at+"."+key, kind, o[key])...)
	}
	return wrong
}

// ocfPackage writes the register in the format and reads it back: file by file, checked against the manifest.
func ocfPackage(t testing.TB, h *house, on, known civil.Date) map[string]map[string]any {
	t.Helper()
	book, err := lang.NewBook(Phrases, people.Phrases, bylaws.Phrases)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	h.view(func(v *store.View) error { return WriteOCF(&b, v, book.In(lang.French), on, known) })
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files, sums := map[string]map[string]any{}, map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		sum := md5.Sum(raw)
		sums[f.Name] = hex.EncodeToString(sum[:])
		var content map[string]any
		if err := json.Unmarshal(raw, &content); err != nil {
			t.Fatal(err)
		}
		files[f.Name] = content
	}
	manifest := files["Manifest.ocf.json"]
	named := 1
	for _, key := range []string{"stakeholders_files", "stock_classes_files", "transactions_files"} {
		for _, f := range manifest[key].([]any) {
			f := f.(map[string]any)
			if name := f["filepath"].(string); sums[name] == "" || sums[name] != f["md5"] {
				t.Errorf("%s: %v, its sum is %q", key, f, sums[name])
			}
			named++
		}
	}
	if named != len(files) {
		t.Errorf("%d files, %d of them named", len(files), named)
	}
	return files
}

// ocfCheck holds every file against the published form, and every id against what there is.
func ocfCheck(t testing.TB, files map[string]map[string]any) {
	t.Helper()
	facts := ocfPublished(t)
	ids, securities := map[string]bool{}, map[string]bool{}
	objects := []any{files["Manifest.ocf.json"]["issuer"]}
	for _, name := range []string{"Manifest.ocf.json", "Stakeholders.ocf.json", "StockClasses.ocf.json",
		"Transactions.ocf.json"} {
		kind, _ := files[name]["file_type"].(string)
		form, known := facts.Files[kind]
		if !known {
			t.Errorf("%s is a %q", name, kind)
		}
		for _, wrong := range facts.fits(name, form, files[name]) {
			t.Error(wrong)
		}
		if items, there := files[name]["items"].([]any); there {
			objects = append(objects, items...)
		}
	}
	for _, o := range objects {
		o := o.(map[string]any)
		if id := o["id"].(string); ids[id] {
			t.Errorf("%s stands twice", id)
		} else {
			ids[id] = true
		}
		if s, there := o["security_id"]; there && o["object_type"] == "TX_STOCK_ISSUANCE" {
			securities[s.(string)] = true
		}
		for _, key := range []string{"stakeholder_id", "stock_class_id"} {
			if v, there := o[key]; there && !ids[v.(string)] {
				t.Errorf("%v: who or what is %v?", o["id"], v)
			}
		}
	}
	for _, o := range files["Transactions.ocf.json"]["items"].([]any) {
		o := o.(map[string]any)
		wanted := []any{o["security_id"], o["balance_security_id"]}
		if list, there := o["resulting_security_ids"].([]any); there {
			wanted = append(wanted, list...)
		}
		for _, id := range wanted {
			if id != nil && !securities[id.(string)] {
				t.Errorf("%v: no security %v was ever issued", o["id"], id)
			}
		}
	}
}

// ocfHoldings computes who holds what from the transactions alone, as another program would.
func ocfHoldings(t testing.TB, files map[string]map[string]any) map[string]int64 {
	t.Helper()
	type held struct {
		by, class string
		shares    int64
	}
	open := map[string]*held{}
	number := func(v any) int64 {
		n, err := strconv.ParseInt(v.(string), 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	cents := func(v any) int64 {
		n, err := strconv.ParseFloat(v.(string), 64)
		if err != nil {
			t.Fatal(err)
		}
		return int64(n*100 + 0.5)
	}
	for _, o := range files["Transactions.ocf.json"]["items"].([]any) {
		o := o.(map[string]any)
		switch o["object_type"] {
		case "TX_STOCK_ISSUANCE":
			open[o["security_id"].(string)] = &held{o["stakeholder_id"].(string), o["stock_class_id"].(string), number(o["quantity"])}
		case "TX_STOCK_CLASS_SPLIT":
			ratio := o["split_ratio"].(map[string]any)
			for _, s := range open {
				if s.class == o["stock_class_id"] {
					s.shares = s.shares * cents(ratio["numerator"]) / cents(ratio["denominator"])
				}
			}
		default:
			delete(open, o["security_id"].(string)) // what is left of it was issued again
		}
	}
	sums := map[string]int64{}
	for _, s := range open {
		sums[s.by+" "+s.class] += s.shares
	}
	return sums
}

// ocfAgrees writes a package and holds what it says against the roll.
func ocfAgrees(t testing.TB, h *house, on string) {
	t.Helper()
	files := ocfPackage(t, h, day(on), civil.Date{})
	ocfCheck(t, files)
	want := map[string]int64{}
	for _, holder := range h.roll(on, "").Holders {
		for _, held := range holder.ByClass {
			want["stakeholder-"+holder.Number.String()+" class-"+string(held.Class)] = held.Shares
		}
	}
	if got := ocfHoldings(t, files); !equal(got, want) {
		t.Errorf("on %s the package comes to %v, the roll to %v", on, got, want)
	}
}

func TestAnOpenCapPackageSaysWhatTheRollSays(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		eventful(h)
		h.act("register.convert", func(tx *store.Tx) error {
			_, err := Convert(tx, Conversion{Cooperator: 3, Class: h.a, To: h.b, Lot: 3, Shares: 4, Detail: Detail{Effective: day("2018-01-05")}})
			return err
		})
		h.act("register.split", func(tx *store.Tx) error {
			_, err := SplitShares(tx, Splitting{Class: h.a, From: 1, Into: 10, Detail: Detail{Effective: day("2018-01-10")}})
			return err
		})
		for _, on := range []string{"2015-01-01", "2016-01-10", "2016-03-01", "2018-01-05", "2018-01-10", "2020-01-01"} {
			ocfAgrees(t, h, on)
		}
	})
}

// What the format does not allow is found: a field that it does not know, one that lacks, a word, a number, a day, an
// empty list where there must be one.
func TestTheFormOfAnOpenCapPackageIsHeld(t *testing.T) {
	facts := ocfPublished(t)
	issuance := func() map[string]any {
		return map[string]any{"id": "tx-1", "object_type": "TX_STOCK_ISSUANCE", "date": "2026-01-31", "security_id": "s-1",
			"custom_id": "A-1", "stakeholder_id": "1", "security_law_exemptions": []any{}, "stock_class_id": "A",
			"share_price": map[string]any{"amount": "250.00", "currency": "EUR"}, "quantity": "4", "stock_legend_ids": []any{}}
	}
	if wrong := facts.holds("tx", "object TX_", issuance()); len(wrong) > 0 {
		t.Fatalf("before anything is altered: %v", wrong)
	}
	for _, c := range []struct {
		told  string
		alter func(o map[string]any)
	}{
		{"has a price", func(o map[string]any) { o["price"] = "1" }},
		{"has no quantity", func(o map[string]any) { delete(o, "quantity") }},
		{"four is no Numeric", func(o map[string]any) { o["quantity"] = "four" }},
		{"4 is no Numeric", func(o map[string]any) { o["quantity"] = 4.0 }},
		{"2026-02-30 is no Date", func(o map[string]any) { o["board_approval_date"] = "2026-02-30" }},
		{"euro is no Currency", func(o map[string]any) {
			o["share_price"] = map[string]any{"amount": "1", "currency": "euro"}
		}},
		{"is no object TX_", func(o map[string]any) { o["object_type"] = "STOCK_CLASS" }},
		{"is no [text]", func(o map[string]any) { o["stock_legend_ids"] = "none" }},
		{"is no [text]+", func(o map[string]any) {
			for _, key := range []string{"custom_id", "stakeholder_id", "security_law_exemptions", "stock_class_id", "share_price",
				"stock_legend_ids"} {
				delete(o, key)
			}
			o["object_type"], o["resulting_security_ids"] = "TX_STOCK_TRANSFER", []any{}
		}},
	} {
		o := issuance()
		c.alter(o)
		if wrong := strings.Join(facts.holds("tx", "object TX_", o), "; "); !strings.HasSuffix(wrong, c.told) {
			t.Errorf("want %q, told is %q", c.told, wrong)
		}
	}
}

// The day on which the board admitted stands with the shares, where it is known to the day; a decision of the assembly
// stands beside.
func TestAnOpenCapPackageTellsWhoApproved(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		board, assembly := governed(t, h)
		ada := h.person("Ada")
		for i, decision := range []people.DecisionID{board, assembly, ""} {
			h.act("register.issue", func(tx *store.Tx) error {
				_, err := Issue(tx, Issuance{Person: ada, Class: h.a, Shares: int64(1 + i), Detail: Detail{
					Effective: day("2015-05-15"), Decision: decision}})
				return err
			})
		}
		files := ocfPackage(t, h, day("2016-01-01"), civil.Date{})
		ocfCheck(t, files)
		var got []string
		for _, o := range files["Transactions.ocf.json"]["items"].([]any) {
			o := o.(map[string]any)
			got = append(got, fmt.Sprint(o["quantity"], " ", o["board_approval_date"], " ", o["stockholder_approval_date"]))
		}
		want := []string{"1 2015-04-30 <nil>", "2 <nil> 2015-04-30", "3 <nil> <nil>"}
		if !slices.Equal(got, want) {
			t.Errorf("approved: %v, want %v", got, want)
		}
	})
}
