package register

import (
	"archive/zip"
	"bytes"
	"cmp"
	"crypto/md5" // the format asks for it; nothing is protected by it
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/money"
	"lieux/base/store"
	"lieux/people"
)

// OCF is the Open Cap Format of the Open Cap Table Coalition: a zip of JSON files, which tells the life of shares as
// securities that are issued, transferred, converted, repurchased. What it has no place for (what is paid later, which
// decision admitted, beside its day, quality, restriction, the cap on votes) stands in comments or not at all; mistakes
// and their corrections are told as what stands.
const OCF Format = "ocf"

// ocfVersion is the version of the format that the files follow.
const ocfVersion = "1.2.0"

// WriteOCF writes the register up to a day, as known on another, as an Open Cap Format package.
func WriteOCF(w io.Writer, r store.Reader, p *lang.Printer, day, known civil.Date) error {
	through, err := Through(r, known)
	if err != nil {
		return err
	}
	o := &ocf{p: p, day: day.Last(), through: through, held: map[place][]security{}, classes: map[ClassID]ShareClass{},
		agreed: map[people.DecisionID]obj{}}
	if err := o.read(r); err != nil {
		return err
	}
	if err := o.tell(r); err != nil {
		return err
	}
	return o.pack(w, r)
}

// obj is an object of the format.
type obj map[string]any

// security is what one issuance of the format made: shares of a lot in somebody's hands.
type security struct {
	id     string
	shares int64
}

// ocf gathers a package.
type ocf struct {
	p       *lang.Printer
	day     civil.Date
	through MovementNumber
	classes map[ClassID]ShareClass
	nominal worth
	held    map[place][]security
	agreed  map[people.DecisionID]obj // the day of each decision that is known to the day
	made    int                       // securities, numbered
	split   civil.Date

	issuer       obj
	stakeholders []obj
	stock        []obj
	transactions []obj
}

// euros is money as the format writes it.
func euros(c money.Cents) obj { return obj{"amount": c.String(), "currency": "EUR"} }

func whole(n int64) string { return fmt.Sprint(n) }

func (o *ocf) stakeholder(n Number) string { return "stakeholder-" + n.String() }
func (o *ocf) class(c ClassID) string      { return "class-" + string(c) }

// read tells who issues, who holds and what.
func (o *ocf) read(r store.Reader) (err error) {
	if o.nominal, err = worthOf(r, o.through); err != nil {
		return err
	}
	classes, err := store.List(r, qClasses, scanClass)
	if err != nil {
		return err
	}
	begins := o.day
	for _, c := range classes {
		o.classes[c.ID] = c
		if c.Since.Before(begins) {
			begins = c.Since
		}
		one := obj{"object_type": "STOCK_CLASS", "id": o.class(c.ID), "name": c.Letter + ", " + c.Name,
			"class_type": "COMMON", "default_id_prefix": c.Letter + "-", "initial_shares_authorized": "UNLIMITED",
			"votes_per_share": whole(c.Votes), "par_value": euros(c.Nominal), "price_per_share": euros(c.Nominal),
			"seniority": "1"}
		var comments []string
		for _, words := range []string{c.Profit, restriction(c), c.Quality} {
			if words != "" {
				comments = append(comments, words)
			}
		}
		if len(comments) > 0 {
			one["comments"] = comments
		}
		o.stock = append(o.stock, one)
	}
	if err := o.house(r, begins); err != nil {
		return err
	}
	return o.holders(r)
}

// house is the cooperative itself.
func (o *ocf) house(r store.Reader, begins civil.Date) error {
	o.issuer = obj{"object_type": "ISSUER", "id": "issuer", "legal_name": o.p.T("register.ocf.issuer"),
		"formation_date": begins.String(), "country_of_formation": "BE"}
	house, found, err := people.TheHouse(r)
	if err != nil || !found {
		return err
	}
	itself, err := people.Get(r, house.Person)
	o.issuer["legal_name"] = itself.Full()
	if itself.Enterprise != "" {
		o.issuer["tax_ids"] = []obj{{"tax_id": itself.Enterprise, "country": "BE"}}
	}
	return err
}

// holders are those whom a movement by the day concerns: names, and nothing that the law's print would not show.
func (o *ocf) holders(r store.Reader) error {
	var numbers []Number
	err := store.Each(r, qJournalHolders, func(row store.Row) error {
		var n Number
		var first civil.Date
		err := row.Scan(&n, &first)
		numbers = append(numbers, n)
		return err
	}, o.day.String(), int64(o.through))
	if err != nil {
		return err
	}
	slices.Sort(numbers)
	names, err := NamesOf(r, func(n Number) bool { _, there := slices.BinarySearch(numbers, n); return there })
	for _, n := range numbers {
		kind := "INDIVIDUAL"
		if names[n].Kind == people.Legal {
			kind = "INSTITUTION"
		}
		name := names[n].Full()
		if name == "" {
			name = names[n].Words(o.p)
		}
		o.stakeholders = append(o.stakeholders, obj{"object_type": "STAKEHOLDER", "id": o.stakeholder(n),
			"name": obj{"legal_name": name}, "stakeholder_type": kind, "issuer_assigned_id": n.String()})
	}
	return err
}

// tell goes through the movements as they stand, day by day, each after what it takes its shares from.
func (o *ocf) tell(r store.Reader) error {
	standing, err := o.standing(r)
	if err == nil {
		err = o.decisions(r, standing)
	}
	if err != nil {
		return err
	}
	for len(standing) > 0 {
		n := slices.IndexFunc(standing, func(m Movement) bool { return m.Day != standing[0].Day })
		if n < 0 {
			n = len(standing)
		}
		o.splits(standing[0].Day)
		o.tellDay(slices.Clone(standing[:n]))
		standing = standing[n:]
	}
	o.splits(o.day)
	return nil
}

// decisions are the days on which the board, or the assembly, agreed to movements. The format knows whole days only.
func (o *ocf) decisions(r store.Reader, ms []Movement) error {
	fields := map[people.BodyKind]string{people.Board: "board_approval_date",
		people.Assembly: "stockholder_approval_date"}
	for _, m := range ms {
		if _, read := o.agreed[m.Decision]; read || m.Decision == "" {
			continue
		}
		d, err := people.GetDecision(r, m.Decision)
		if err != nil {
			return err
		}
		body, err := people.GetBody(r, d.Body)
		if err != nil {
			return err
		}
		o.agreed[m.Decision] = obj{}
		if field := fields[body.Kind]; field != "" && d.On.IsDay() {
			o.agreed[m.Decision][field] = d.On.String()
		}
	}
	return nil
}

// standing are the movements with what corrections made of them: halves that take follow those that give.
func (o *ocf) standing(r store.Reader) (list []Movement, err error) {
	at := map[MovementNumber]int{}
	var mended []Movement
	err = store.Each(r, qJournal, func(row store.Row) error {
		m, err := scanMovement(row)
		switch {
		case err != nil:
			return err
		case m.Corrects != 0:
			mended = append(mended, m)
		case !m.Kind.splits():
			list = append(list, m)
		}
		return nil
	}, o.day.String(), int64(o.through))
	for i, m := range list {
		at[m.Number] = i
	}
	for _, m := range mended {
		if i, there := at[m.Corrects]; there {
			list[i].Shares += m.Shares
			list[i].Paid += m.Paid
		}
	}
	return slices.DeleteFunc(list, func(m Movement) bool { return m.Shares == 0 }), err
}

func (o *ocf) tellDay(ms []Movement) {
	for len(ms) > 0 {
		i := slices.IndexFunc(ms, func(m Movement) bool {
			return m.Kind != TransferIn && m.Kind != ConvertedIn &&
				(m.Shares > 0 || o.total(place{m.Cooperator, m.Class, m.Lot})+m.Shares >= 0)
		})
		if i < 0 {
			o.circle(ms)
			return
		}
		m := ms[i]
		ms = slices.Delete(ms, i, i+1)
		var in Movement
		if j := slices.IndexFunc(ms, func(n Movement) bool { return m.Pair != 0 && n.Pair == m.Pair }); j >= 0 {
			in = ms[j]
			ms = slices.Delete(ms, j, j+1)
		}
		if m.Shares > 0 {
			o.issue(m, nil)
			continue
		}
		o.give(m, in)
	}
}

func (o *ocf) total(p place) (n int64) {
	for _, s := range o.held[p] {
		n += s.shares
	}
	return n
}

// issue tells a security that comes into being, and gives its id.
func (o *ocf) issue(m Movement, comments []string) string {
	o.made++
	id := fmt.Sprintf("security-%06d", o.made)
	p := place{m.Cooperator, m.Class, m.Lot}
	o.held[p] = append(o.held[p], security{id, m.Shares})
	tx := o.transaction("TX_STOCK_ISSUANCE", m, obj{"security_id": id, "custom_id": string(m.Class) + "-" + m.Lot.String(),
		"stakeholder_id": o.stakeholder(m.Cooperator), "stock_class_id": o.class(m.Class),
		"share_price": euros(o.nominal[m.Class].on(m.Day)), "quantity": whole(m.Shares), "stock_legend_ids": []string{},
		"security_law_exemptions": []obj{}})
	maps.Copy(tx, o.agreed[m.Decision])
	if m.Kind == Issued {
		comments = append(comments, o.p.T("register.ocf.paid", "paid", m.Paid))
	}
	if len(comments) > 0 {
		tx["comments"] = comments
	}
	return id
}

// transaction appends one to the list.
func (o *ocf) transaction(kind string, m Movement, more obj) obj {
	tx := obj{"object_type": kind, "id": fmt.Sprintf("tx-%06d", len(o.transactions)+1), "date": m.Day.String()}
	for k, v := range more {
		tx[k] = v
	}
	o.transactions = append(o.transactions, tx)
	return tx
}

// give takes shares out of the securities of a place, the oldest first: a security that is not used up closes, and its
// rest is issued again, as the format wants it.
func (o *ocf) give(m, in Movement) {
	p := place{m.Cooperator, m.Class, m.Lot}
	left, taken := -m.Shares, int64(0)
	for left > 0 {
		s := o.held[p][0]
		o.held[p] = o.held[p][1:]
		n := min(left, s.shares)
		left -= n
		more := obj{"security_id": s.id, "quantity": whole(n)}
		tx := o.transaction(map[Kind]string{TransferOut: "TX_STOCK_TRANSFER", ConvertedOut: "TX_STOCK_CONVERSION",
			Redeemed: "TX_STOCK_REPURCHASE"}[m.Kind], m, more)
		switch m.Kind {
		case Redeemed:
			tx["price"] = euros(o.nominal[m.Class].on(m.Day))
		case ConvertedOut:
			tx["quantity_converted"] = tx["quantity"]
			delete(tx, "quantity")
		}
		if s.shares > n {
			rest := m
			rest.Kind, rest.Shares, rest.Decision = TransferIn, s.shares-n, ""
			tx["balance_security_id"] = o.issue(rest, nil)
			last := len(o.held[p]) - 1 // the rest stays the oldest
			o.held[p] = append([]security{o.held[p][last]}, o.held[p][:last]...)
		}
		if in.Number == 0 {
			continue
		}
		part := in
		part.Shares = n * in.Shares / -m.Shares
		if taken += part.Shares; left == 0 {
			part.Shares += in.Shares - taken
		}
		tx["resulting_security_ids"] = []string{o.issue(part, nil)}
		if m.Cause != "" {
			tx["comments"] = []string{o.p.T(m.Cause.Code())}
		}
	}
}

// circle tells movements of one day that wait for one another as what they come to: what is lost is cancelled, what is
// gained issued.
func (o *ocf) circle(ms []Movement) {
	sums := map[place]int64{}
	for _, m := range ms {
		sums[place{m.Cooperator, m.Class, m.Lot}] += m.Shares
	}
	places := make([]place, 0, len(sums))
	for p := range sums {
		places = append(places, p)
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(sums[a], sums[b]), cmp.Compare(a.holder, b.holder), cmp.Compare(a.lot, b.lot))
	})
	for _, p := range places {
		m := Movement{Cooperator: p.holder, Class: p.class, Lot: p.lot, Day: ms[0].Day, Shares: sums[p]}
		for m.Shares < 0 {
			s := o.held[p][0]
			o.held[p] = o.held[p][1:]
			o.transaction("TX_STOCK_CANCELLATION", m, obj{"security_id": s.id, "quantity": whole(s.shares),
				"reason_text": o.p.T("register.ocf.circle")})
			m.Shares += s.shares
		}
		if m.Shares > 0 {
			o.issue(m, []string{o.p.T("register.ocf.circle")})
		}
	}
}

// splits tells the splits and consolidations that took effect by a day.
func (o *ocf) splits(until civil.Date) {
	type change struct {
		class ClassID
		step
		before money.Cents
	}
	var due []change
	for class, all := range o.nominal {
		for i, s := range all[1:] {
			if s.since.After(o.split) && !s.since.After(until) {
				due = append(due, change{class, s, all[i].nominal})
			}
		}
	}
	o.split = until
	slices.SortFunc(due, func(a, b change) int {
		return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.class, b.class))
	})
	for _, c := range due {
		o.transaction("TX_STOCK_CLASS_SPLIT", Movement{Day: c.since}, obj{"stock_class_id": o.class(c.class),
			"split_ratio": obj{"numerator": c.before.String(), "denominator": c.nominal.String()}})
		for p, list := range o.held {
			for i := range list {
				if p.class == c.class {
					list[i].shares = list[i].shares * int64(c.before) / int64(c.nominal)
				}
			}
		}
	}
}

// pack writes the zip: the files, and a manifest that names them with their checksums.
func (o *ocf) pack(w io.Writer, r store.Reader) error {
	z := zip.NewWriter(w)
	manifest := obj{"ocf_version": ocfVersion, "file_type": "OCF_MANIFEST_FILE", "issuer": o.issuer,
		"as_of": o.day.String(), "generated_at": r.Now().Time().UTC().Format(time.RFC3339),
		"comments": []string{o.p.T("register.ocf.note")}, "stock_plans_files": []obj{}, "vesting_terms_files": []obj{},
		"valuations_files": []obj{}, "stock_legend_templates_files": []obj{}}
	for _, f := range []struct {
		name, kind, key string
		items           []obj
	}{
		{"Stakeholders.ocf.json", "OCF_STAKEHOLDERS_FILE", "stakeholders_files", o.stakeholders},
		{"StockClasses.ocf.json", "OCF_STOCK_CLASSES_FILE", "stock_classes_files", o.stock},
		{"Transactions.ocf.json", "OCF_TRANSACTIONS_FILE", "transactions_files", o.transactions},
	} {
		if f.items == nil {
			f.items = []obj{}
		}
		sum, err := put(z, f.name, obj{"file_type": f.kind, "items": f.items})
		if err != nil {
			return err
		}
		manifest[f.key] = []obj{{"filepath": f.name, "md5": sum}}
	}
	if _, err := put(z, "Manifest.ocf.json", manifest); err != nil {
		return err
	}
	return z.Close()
}

func put(z *zip.Writer, name string, content obj) (md5sum string, err error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetIndent("", " ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(content); err != nil {
		return "", fmt.Errorf("register: %s: %w", name, err)
	}
	f, err := z.Create(name)
	if err != nil {
		return "", err
	}
	sum := md5.Sum(b.Bytes())
	_, err = f.Write(b.Bytes())
	return hex.EncodeToString(sum[:]), err
}
