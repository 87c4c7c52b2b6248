package assembly

import (
	"slices"

	"lieux/bylaws"
)

// Kind is what a matter is; it brings its rule.
type Kind string

// The kinds of matter.
const (
	EarlierMinutes Kind = "minutes"        // the minutes of an earlier assembly are approved
	Information    Kind = "information"    // the situation of a place; nothing is decided
	Accounts       Kind = "accounts"       // the yearly accounts
	Discharge      Kind = "discharge"      // to the directors, by a vote of its own after the accounts
	FinancialPlan  Kind = "financial-plan" // the plan, as updated
	BylawsChange   Kind = "bylaws-change"  // pending until its deed (CSA 6:85)
	// object, purpose, finality or values: justified by a report of the board, without which it is null (CSA 6:86)
	PurposeChange Kind = "purpose-change"
	ClassRights   Kind = "class-rights-change" // the rights of share classes, decided class by class too (CSA 6:87)

	Charter    Kind = "charter"    // what managers of the places respect
	Note       Kind = "note"       // a paper that is presented, not voted
	Election   Kind = "election"   // opens mandates
	Draw       Kind = "draw"       // by lot; opens mandates
	Resolution Kind = "resolution" // any other decision
	Outlook    Kind = "outlook"    // what is to come; nothing is decided
)

// Kinds lists them in the order of screens.
var Kinds = []Kind{EarlierMinutes, Information, Accounts, Discharge, FinancialPlan, BylawsChange, PurposeChange,
	ClassRights, Charter, Note, Election, Draw, Resolution, Outlook}

// Valid says whether this is one of the kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds, k) }

// Voted says whether a vote for and against decides it.
func (k Kind) Voted() bool {
	return k.Valid() && !slices.Contains([]Kind{Information, Note, Election, Draw, Outlook}, k)
}

// Changes says whether it changes the text of the bylaws once its deed is recorded.
func (k Kind) Changes() bool { return k == BylawsChange || k == PurposeChange || k == ClassRights }

// Fills says whether it gives mandates in a body.
func (k Kind) Fills() bool { return k == Election || k == Draw }

// rule is the kind of decision whose quorum and majority hold for the matter.
func (k Kind) rule() bylaws.Kind {
	switch k {
	case BylawsChange:
		return bylaws.Amendment
	case PurposeChange:
		return bylaws.Purpose
	case ClassRights:
		return bylaws.ClassRights
	}
	return bylaws.Ordinary
}
