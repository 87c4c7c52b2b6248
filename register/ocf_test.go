package register

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/bylaws"
	"lieux/people"
)

// form is what the published schema of the Open Cap Format says of an object: what it must have, and what it may have
// beside that.
type form struct{ must, may []string }

var (
	ocfTransaction = []string{"id", "object_type", "date"}
	ocfForms       = map[string]form{
		"ISSUER": {[]string{"id", "object_type", "legal_name", "formation_date", "country_of_formation"},
			[]string{"tax_ids", "comments"}},
		"STAKEHOLDER": {[]string{"id", "object_type", "name", "stakeholder_type"}, []string{"issuer_assigned_id", "comments"}},
		"STOCK_CLASS": {[]string{"id", "object_type", "name", "class_type", "default_id_prefix", "initial_shares_authorized",
			"votes_per_share", "seniority"}, []string{"par_value", "price_per_share", "comments"}},
		"TX_STOCK_ISSUANCE": {slices.Concat(ocfTransaction, []string{"security_id", "custom_id", "stakeholder_id",
			"security_law_exemptions", "stock_class_id", "share_price", "quantity", "stock_legend_ids"}), []string{"comments"}},
		"TX_STOCK_TRANSFER": {slices.Concat(ocfTransaction, []string{"security_id", "quantity", "resulting_security_ids"}),
			[]string{"balance_security_id", "comments"}},
		"TX_STOCK_CONVERSION": {slices.Concat(ocfTransaction, []string{"security_id", "quantity_converted",
			"resulting_security_ids"}), []string{"balance_security_id", "comments"}},
		"TX_STOCK_REPURCHASE": {slices.Concat(ocfTransaction, []string{"security_id", "quantity", "price"}),
			[]string{"balance_security_id", "comments"}},
		"TX_STOCK_CANCELLATION": {slices.Concat(ocfTransaction, []string{"security_id", "quantity", "reason_text"}),
			[]string{"balance_security_id", "comments"}},
		"TX_STOCK_CLASS_SPLIT": {slices.Concat(ocfTransaction, []string{"stock_class_id", "split_ratio"}), []string{"comments"}},
	}
	// ocfLists are the words that a field may have, of those that we write, in version 1.2.0 of the schema.
	ocfLists = map[string][]string{"stakeholder_type": {"INDIVIDUAL", "INSTITUTION"},
		"class_type": {"COMMON", "PREFERRED"}, "initial_shares_authorized": {"NOT APPLICABLE", "UNLIMITED"}}
	ocfNumber = regexp.MustCompile(`^[+-]?[0-9]+(\.[0-9]{1,10})?$`)
	ocfDay    = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
)

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
	for _, key := range []string{"ocf_version", "file_type", "issuer", "as_of", "generated_at", "stock_plans_files",
		"stock_legend_templates_files", "stock_classes_files", "vesting_terms_files", "valuations_files", "transactions_files",
		"stakeholders_files"} {
		if manifest[key] == nil {
			t.Errorf("the manifest has no %s", key)
		}
	}
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

// ocfCheck holds every object against its form, and every id against what there is.
func ocfCheck(t testing.TB, files map[string]map[string]any) {
	t.Helper()
	ids, securities := map[string]bool{}, map[string]bool{}
	objects := []any{files["Manifest.ocf.json"]["issuer"]}
	for _, name := range []string{"Stakeholders.ocf.json", "StockClasses.ocf.json", "Transactions.ocf.json"} {
		objects = append(objects, files[name]["items"].([]any)...)
	}
	for _, o := range objects {
		o := o.(map[string]any)
		kind := o["object_type"].(string)
		f, known := ocfForms[kind]
		if !known {
			t.Errorf("what is a %s?", kind)
		}
		for _, key := range f.must {
			if o[key] == nil {
				t.Errorf("%s %v has no %s", kind, o["id"], key)
			}
		}
		for key := range maps.Keys(o) {
			if !slices.Contains(f.must, key) && !slices.Contains(f.may, key) {
				t.Errorf("%s %v has a %s, which the format does not know", kind, o["id"], key)
			}
		}
		for key, words := range ocfLists {
			if v, there := o[key]; there && !slices.Contains(words, v.(string)) {
				t.Errorf("%s %v: %s is %v", kind, o["id"], key, v)
			}
		}
		if id := o["id"].(string); ids[id] {
			t.Errorf("%s stands twice", id)
		} else {
			ids[id] = true
		}
		for _, key := range []string{"quantity", "quantity_converted", "votes_per_share", "seniority"} {
			if v, there := o[key]; there && !ocfNumber.MatchString(v.(string)) {
				t.Errorf("%s %v: %s is %v", kind, o["id"], key, v)
			}
		}
		if d, there := o["date"]; there && !ocfDay.MatchString(d.(string)) {
			t.Errorf("%s %v: on %v", kind, o["id"], d)
		}
		if s, there := o["security_id"]; there && kind == "TX_STOCK_ISSUANCE" {
			securities[s.(string)] = true
		}
		for _, key := range []string{"stakeholder_id", "stock_class_id"} {
			if v, there := o[key]; there && !ids[v.(string)] {
				t.Errorf("%s %v: who or what is %v?", kind, o["id"], v)
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
