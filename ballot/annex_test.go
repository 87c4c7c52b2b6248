package ballot

import (
	"errors"
	"strings"
	"testing"

	"lieux/base/lang"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/vote"
)

// annex draws the annex of a poll as text, its spaces plain; empty when it has none.
func (h *house) annex(id PollID) (text string) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		m, _, err := meeting.ByID(v, h.ag)
		if err != nil {
			return err
		}
		paper, names, has, err := Annex(v, words.In(lang.French), m, h.poll(id))
		if err != nil || !has {
			return err
		}
		if _, err := papers.Encode(paper); err != nil {
			return err
		}
		var out strings.Builder
		err = papers.Text(&out, paper, names)
		text = strings.Join(strings.Fields(out.String()), " ")
		return err
	})
	return text
}

func TestTheAnnexSaysWhoVotedWhatWithTheirVotes(t *testing.T) {
	both(t, func(h *house) {
		h.open("Agathe", "Bram", "Dirk")
		h.carry(3, "Chloé", "Agathe", "")
		poll := h.put("Budget", Phone)
		if got := h.annex(poll); got != "" {
			t.Errorf("an open vote has the annex %q", got)
		}
		_, err := h.cast(poll, "Agathe", vote.For, vote.NamedVote{Holder: 3, Choice: vote.Against})
		h.must(err)
		_, err = h.cast(poll, "Dirk", vote.For)
		h.must(err)
		h.must(h.close("Bram", poll))
		got := h.annex(poll)
		for _, want := range []string{"point 1", "Budget", "Agathe Essai Agathe Essai n° 1, ses parts 10 10 Pour",
			"Agathe Essai Chloé Essai n° 3, procuration 30 30 Contre", "Bram Essai Bram Essai n° 2, ses parts 20 20 Sans vote",
			"Dirk Essai Le Foyer ASBL n° 4, représentant 40 40 Pour", "Somme 55 Pour", "Somme 30 Contre",
			h.poll(poll).Tally.Digest} {
			if !strings.Contains(got, want) {
				t.Errorf("the annex does not say %q:\n%s", want, got)
			}
		}
		h.act("ballot.void", func(tx *store.Tx) error { return Void(tx, poll, "Mauvais texte.") })
		hands := h.put("Budget", Hands)
		h.must(h.count("Bram", hands, "A", 20, 0, 0))
		h.must(h.close("Bram", hands))
		if h.annex(poll) != "" || h.annex(hands) != "" {
			t.Error("a void vote or a show of hands has an annex")
		}
	})
}

func TestTheMinutesLearnWhatWasTakenBack(t *testing.T) {
	both(t, func(h *house) {
		h.lottery(1, 1, "Agathe", "Bram", "Chloé")
		first := h.put("Budget", Phone)
		h.must(h.by("Agathe", "ballot.void", func(tx *store.Tx) error { return Void(tx, first, "Mauvais texte.") }))
		asked := h.put("Budget", Unanimity)
		h.must(h.by("Bram", "ballot.demand", func(tx *store.Tx) error { return DemandCount(tx, asked) }))
		h.put("Budget", Phone) // stands: nothing of it was taken back
		draw, err := h.freeze(PoolCall{From: Present})
		h.must(err)
		h.must(h.by("Agathe", "ballot.void-draw", func(tx *store.Tx) error { return VoidDraw(tx, draw, "Il manquait Dirk.") }))
		var list []Voiding
		h.view(func(v *store.View) (err error) {
			list, err = VoidOf(v, h.ag)
			return err
		})
		at, chair := h.evening(), h.who["Agathe"]
		want := []Voiding{
			{Matter: h.matters["Budget"], Poll: first, Number: 1, OpenedAt: at, At: at, By: chair, Why: "Mauvais texte."},
			{Matter: h.matters["Budget"], Poll: asked, Number: 2, OpenedAt: at, At: at, By: h.who["Bram"], CountDemanded: true},
			{Matter: h.matters["Tirage"], Draw: draw, OpenedAt: at, At: at, By: chair, Why: "Il manquait Dirk."}}
		if len(list) != len(want) {
			t.Fatalf("taken back: %+v", list)
		}
		for i := range want {
			if list[i] != want[i] {
				t.Errorf("taken back: %+v, want %+v", list[i], want[i])
			}
		}
	})
}

// paper draws the printed ballots of a matter as text, its spaces plain.
func (h *house) paper(matter string, blanks int) (text string) {
	h.t.Helper()
	h.view(func(v *store.View) error {
		m, _, err := meeting.ByID(v, h.ag)
		if err != nil {
			return err
		}
		x, _, _ := m.Matter(h.matters[matter])
		paper, names, err := Papers(v, words.In(lang.French), m, x, blanks)
		if err != nil {
			return err
		}
		var out, pdf strings.Builder
		err = papers.Text(&out, paper, names)
		text = strings.Join(strings.Fields(strings.ReplaceAll(out.String(), "─", " ")), " ")
		return errors.Join(err, papers.PDF(&pdf, paper, names, papers.Meta{Made: evening}))
	})
	return text
}

func TestPrintedBallotsOfAnElectionListItsCandidates(t *testing.T) {
	elections(t, vote.ElectionTerms{Method: vote.ByPlurality, Ties: []vote.TieRule{vote.TieLot}}, func(h *house) {
		h.seats(2)
		h.open("Agathe", "Bram", "Dirk")
		h.carry(3, "Chloé", "Agathe", "")
		h.stand("Agathe", "Bram", "Chloé", "Édith")
		got := h.paper("Élection", 1)
		for _, want := range []string{"Agathe Essai 10 voix. Cochez 2 noms au plus.", "1. Bram Essai", "2. Chloé Essai",
			"3. Édith Essai", "Agathe Essai (Chloé Essai) 30 voix.", "Dirk Essai (Le Foyer ASBL) 40 voix."} {
			if !strings.Contains(got, want) {
				t.Errorf("the ballots do not say %q:\n%s", want, got)
			}
		}
		if n := strings.Count(got, "1. Bram Essai"); n != 6 { // five holders in the room and one blank ballot
			t.Errorf("%d ballots name Bram, want 6", n)
		}
		poll, err := h.round(Paper, 0)
		h.must(err)
		if h.poll(poll).Terms.Race.Seats != 2 || !strings.Contains(h.paper("Élection", 0), "Cochez 2 noms au plus.") {
			t.Error("the ballots of the open round are others")
		}
	})
	half := vote.MustMajority(vote.MajorityTerms{Threshold: vote.MoreThan(vote.Half), Base: vote.OfVoting})
	elections(t, vote.ElectionTerms{Method: vote.ByMajority, Majority: half}, func(h *house) {
		h.open("Agathe")
		h.stand("Agathe", "Bram")
		if got := h.paper("Élection", 0); !strings.Contains(got, "Candidat Pour Contre Abstention") {
			t.Errorf("where each candidate is voted apart the ballot says:\n%s", got)
		}
	})
}
