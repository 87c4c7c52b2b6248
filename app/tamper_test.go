package app

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"lieux/base/programs"
	"lieux/base/store"
)

// harmless are the columns that a hand may change without the check finding it, each with the reason why nothing is lost.
var harmless = map[string]string{
	"assembly_minutes.frozen_at":  "the journal's own line says when",
	"assembly_minutes.frozen_by":  "the journal's own line says who",
	"assembly_item.position":      "the order is sealed; a higher last place changes none",
	"assembly_matter_person.rank": "the order is sealed; a higher last place changes none",
	"bylaws_article.position":     "the order is sealed; a higher last place changes none",
	"bylaws_change.position":      "the order is sealed; a higher last place changes none",
	"bylaws_rule.position":        "the order is sealed; a higher last place changes none",
	"payment_rest.words":          "only what one searches by",
	"journal_seal.position":       "the order is what the line commits to; a higher last place changes none",
}

// A hand that alters any column of any table that the law looks at is found, but for those that are harmless.
func TestEveryColumnThatTheLawLooksAtIsGuarded(t *testing.T) {
	for _, column := range probe(t) {
		if harmless[column] == "" {
			t.Errorf("%s was altered, and lieux check did not find it", column)
		}
	}
}

// probe alters the last row of each column in turn, asks the check, and puts the value back.
func probe(t *testing.T) (quiet []string) {
	t.Helper()
	program := programs.Need(t, "sqlite3")
	folder := demoFolder(t)
	file := filepath.Join(folder, store.FileName)
	ask := func(sql string) string {
		out, err := exec.Command(program, file, "PRAGMA foreign_keys=off; PRAGMA ignore_check_constraints=on;"+sql).CombinedOutput()
		if err != nil {
			return "error: " + string(out)
		}
		return strings.TrimSpace(string(out))
	}
	for _, table := range []string{"register_movement", "register_nominal", "register_cooperator", "register_class", "bylaws_version", "bylaws_article", "bylaws_rule",
		"bylaws_amendment", "bylaws_change", "bylaws_deed", "assembly", "assembly_item", "assembly_matter", "assembly_matter_person", "assembly_retained",
		"assembly_minutes", "assembly_minutes_name", "payment_account", "payment_rule", "payment_due", "payment_plan",
		"payment_end", "payment_file", "payment_receipt", "payment_credit", "payment_entry", "payment_letter", "payment_standing", "payment_rest",
		"certificate", "offer_figure", "offer_setting", "offer_paper", "offer_campaign", "offer_extension", "offer_closing", "subscription_step", "leaving_exit", "leaving_lot", "leaving_step", "leaving_test", "leaving_heir", "leaving_paper", "leaving_passing",
		"leaving_stand", "leaving_lot_fact", "leaving_outcome", "concession_concession", "concession_fact", "concession_withdrawal", "concession_paper", "concession_charter", "concession_adoption", "concession_evaluation", "concession_entry", "works_line", "works_line_fact", "works_site", "works_site_fact", "works_lot", "works_cost", "works_reversal",
		"works_kind", "works_duty", "works_duty_end", "works_inspection", "works_remark", "works_lifting",
		"allocation_practice", "allocation_rules", "allocation_step", "allocation_wish", "allocation_pair", "allocation_run", "allocation_plan",
		"allocation_choice", "allocation_departure", "allocation_effect", "allocation_undoing", "journal", "journal_seal"} {
		for _, line := range strings.Split(ask("SELECT name||' '||type FROM pragma_table_info('"+table+"')"), "\n") {
			column, kind, _ := strings.Cut(line, " ")
			change := map[string]string{"TEXT": "coalesce(" + column + ",'')||'x'", "INTEGER": "coalesce(" + column + ",0)+1", "BLOB": "randomblob(32)"}[kind]
			row := ask("SELECT max(rowid) FROM " + table)
			if row == "" {
				continue
			}
			before := ask("SELECT quote(" + column + ") FROM " + table + " WHERE rowid=" + row)
			if out := ask("UPDATE " + table + " SET " + column + "=" + change + " WHERE rowid=" + row); strings.HasPrefix(out, "error") {
				continue // the database itself refuses it: a key that is taken
			}
			if _, _, clean := run(t, "check", "--data", folder); clean {
				quiet = append(quiet, table+"."+column)
			}
			where := " WHERE rowid=" + row
			if out := ask("UPDATE " + table + " SET " + column + "=" + before + where); strings.HasPrefix(out, "error") || kind == "INTEGER" && column == "number" {
				folder = demoFolder(t)
				file = filepath.Join(folder, store.FileName)
			}
		}
	}
	return quiet
}
