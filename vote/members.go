package vote

import (
	"slices"

	"lieux/base/fault"
	"lieux/base/lang"
)

// Voters says who the heads of a rule are. The zero value is the cooperators of the general assembly.
type Voters string

// Members are the heads of any other body: the board, a committee, a working group.
const Members Voters = "members"

// Word puts a sentence of the rule or of its computation into the words of those who vote: members and a second meeting
// where a body other than the general assembly decides.
func (r Rule) Word(p lang.Phrase) lang.Phrase {
	if r.Who != Members {
		return p
	}
	if code, found := ofMembers[p.Code]; found {
		p.Code = code
	}
	var args fault.Args
	for name, v := range p.Args {
		if inner, is := v.(lang.Phrase); is {
			v = r.Word(inner)
		}
		if args == nil {
			args = make(fault.Args, len(p.Args))
		}
		args[name] = v
	}
	p.Args = args
	return p
}

// word does the same with a whole outcome.
func (r Rule) word(o *Outcome) {
	if r.Who != Members {
		return
	}
	o.Missing, o.Against, o.Reckoning = slices.Clone(o.Missing), slices.Clone(o.Against), slices.Clone(o.Reckoning)
	for _, list := range []List{o.Missing, o.Against} {
		for i, p := range list {
			list[i] = r.Word(p)
		}
	}
	for i, l := range o.Reckoning {
		o.Reckoning[i].Say, o.Reckoning[i].Finding = r.Word(l.Say), r.Word(l.Finding)
	}
}

// ofMembers are the sentences that name cooperators or the assembly, and those that say the same of members.
var ofMembers = map[string]string{
	"vote.abstentions.unknown.heads":    "vote.abstentions.unknown.heads.members",
	"vote.found.quorum-short.heads":     "vote.found.quorum-short.heads.members",
	"vote.missing.abstentions.heads":    "vote.missing.abstentions.heads.members",
	"vote.missing.against.heads":        "vote.missing.against.heads.members",
	"vote.missing.available.heads":      "vote.missing.available.heads.members",
	"vote.missing.for.heads":            "vote.missing.for.heads.members",
	"vote.missing.issued-heads":         "vote.missing.issued-heads.members",
	"vote.missing.present-heads":        "vote.missing.present-heads.members",
	"vote.missing.took-part-heads":      "vote.missing.took-part-heads.members",
	"vote.of.cast.heads":                "vote.of.cast.heads.members",
	"vote.of.present.heads":             "vote.of.present.heads.members",
	"vote.of.voting.heads":              "vote.of.voting.heads.members",
	"vote.quorum.issued.heads":          "vote.quorum.issued.heads.members",
	"vote.quorum.issued.heads.nothing":  "vote.quorum.issued.heads.nothing.members",
	"vote.quorum.issued.heads.only":     "vote.quorum.issued.heads.only.members",
	"vote.quorum.issued.heads.part":     "vote.quorum.issued.heads.part.members",
	"vote.quorum.issued.heads.whole":    "vote.quorum.issued.heads.whole.members",
	"vote.quorum.present.heads":         "vote.quorum.present.heads.members",
	"vote.quorum.present.heads.nothing": "vote.quorum.present.heads.nothing.members",
	"vote.quorum.present.heads.only":    "vote.quorum.present.heads.only.members",
	"vote.quorum.present.heads.part":    "vote.quorum.present.heads.part.members",
	"vote.quorum.present.heads.whole":   "vote.quorum.present.heads.whole.members",
	"vote.quorum.second":                "vote.quorum.second.members",
	"vote.rule.quorum.issued.heads":     "vote.rule.quorum.issued.heads.members",
	"vote.rule.quorum.present.heads":    "vote.rule.quorum.present.heads.members",
	"vote.rule.quorum.second-free":      "vote.rule.quorum.second-free.members",
	"vote.rule.quorum.second-same":      "vote.rule.quorum.second-same.members",
	"vote.weight.head":                  "vote.weight.head.members",
	"vote.weight.heads":                 "vote.weight.heads.members",
}
