package payment

import (
	"strings"
	"unicode/utf8"

	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/people"
)

// MaxBeneficiary is how many signs of a beneficiary a payment code takes.
const MaxBeneficiary = epcName

// Account is the bank account on which the cooperative is paid, from a day on.
type Account struct {
	ID          string
	From        civil.Date
	IBAN        IBAN
	BIC         string // may be empty
	Beneficiary string
	At          civil.Instant
	By          people.PersonID
}

// SetAccount says on which account the cooperative is paid from a day on. Earlier accounts stay in the record: each
// letter says which one it asked for.
func SetAccount(tx *store.Tx, a Account) error {
	a.Beneficiary = strings.TrimSpace(a.Beneficiary)
	var right bool
	a.BIC, right = ReadBIC(a.BIC)
	var rs fault.Refusals
	if !a.IBAN.Right() {
		rs = append(rs, fault.Refuse("payment.refusal.iban").At("iban"))
	}
	if a.BIC != "" && !right {
		rs = append(rs, fault.Refuse("payment.refusal.bic").At("bic"))
	}
	if a.Beneficiary == "" || utf8.RuneCountInString(a.Beneficiary) > MaxBeneficiary {
		rs = append(rs, fault.Refuse("payment.refusal.beneficiary", "limit", MaxBeneficiary).At("beneficiary"))
	}
	if !a.From.IsDay() {
		rs = append(rs, fault.Refuse("payment.refusal.from").At("from"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	a.ID, a.At, a.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	if _, err := tx.Exec(qInsertAccount, a.ID, a.From, string(a.IBAN), a.BIC, a.Beneficiary, int64(a.At),
		string(a.By)); err != nil {
		return err
	}
	tx.Record(store.Line{Args: map[string]any{"iban": a.IBAN.String(), "from_on": a.From.String()}})
	return tx.Seal("payment-account", a.ID, canonical(a))
}

// AccountOn is the account of a day; false while none was set.
func AccountOn(r store.Reader, day civil.Date) (a Account, found bool, err error) {
	all, err := Accounts(r)
	for _, one := range all { // the latest first
		if !one.From.After(day) {
			return one, true, err
		}
	}
	return a, false, err
}

// Accounts are all accounts, the latest first.
func Accounts(r store.Reader) ([]Account, error) { return store.List(r, qAccounts, scanAccount) }

// Rule says when an unpaid due is reminded, and when it lapses, from a day on.
type Rule struct {
	ID      string
	From    civil.Date
	First   int // days after an instalment's last day
	Between int // days between two reminders
	Count   int // reminders; 0: none
	Lapse   int // days after the last reminder; 0: nothing lapses by itself
	At      civil.Instant
	By      people.PersonID
}

// Limits of a rule.
const (
	MaxRuleDays  = 365
	MaxReminders = 5
)

// usual is the rule while none was set: two reminders, and nothing lapses by itself.
var usual = Rule{First: 7, Between: 14, Count: 2}

// SetRule sets the rule from a day on.
func SetRule(tx *store.Tx, u Rule) error {
	var rs fault.Refusals
	if !u.From.IsDay() {
		rs = append(rs, fault.Refuse("payment.refusal.from").At("from"))
	}
	bounds := []struct {
		field           string
		n, least, limit int
	}{{"first", u.First, 1, MaxRuleDays}, {"between", u.Between, 1, MaxRuleDays}, {"count", u.Count, 0, MaxReminders},
		{"lapse", u.Lapse, 0, MaxRuleDays}}
	for _, b := range bounds {
		if b.n < b.least || b.n > b.limit {
			rs = append(rs, fault.Refuse("payment.refusal.bounds", "least", b.least, "limit", b.limit).At(b.field))
		}
	}
	if u.Count == 0 && u.Lapse > 0 {
		rs = append(rs, fault.Refuse("payment.refusal.lapse-unreminded").At("lapse"))
	}
	if err := rs.Err(); err != nil {
		return err
	}
	u.ID, u.At, u.By = tx.ID(), tx.Now(), people.PersonID(tx.Actor())
	if _, err := tx.Exec(qInsertRule, u.ID, u.From, int64(u.First), int64(u.Between), int64(u.Count), int64(u.Lapse),
		int64(u.At), string(u.By)); err != nil {
		return err
	}
	tx.Record(store.Line{Args: map[string]any{"n": u.Count, "days": u.Lapse, "from_on": u.From.String()}})
	return tx.Seal("payment-rule", u.ID, canonical(u))
}

// RuleOn is the rule of a day.
func RuleOn(r store.Reader, day civil.Date) (Rule, error) {
	all, err := Rules(r)
	for _, one := range all {
		if !one.From.After(day) {
			return one, err
		}
	}
	return usual, err
}

// Rules are all rules, the latest first.
func Rules(r store.Reader) ([]Rule, error) { return store.List(r, qRules, scanRule) }
