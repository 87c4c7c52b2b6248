package pages

import (
	"net/http"
	"strings"
	"testing"

	"lieux/assembly"
	"lieux/base/civil"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
	"lieux/vote"
)

func TestAnExtractAndTheOtherFormsOfFrozenMinutes(t *testing.T) {
	h := newHouse(t)
	h.takeIn(assembly2017(t))
	b := h.open(maite)
	has(t, b.Get("/assemblies/ag-2017/extract.pdf?items=1&signers=x"), http.StatusUnprocessableEntity, "n’est pas figé")
	h.act("assembly.freeze", func(tx *store.Tx) error {
		a, _, err := assembly.ByName(tx, "ag-2017")
		if err == nil {
			_, err = assembly.Freeze(tx, a.ID, h.pages.Book)
		}
		return err
	})
	a := b.Get("/assemblies/ag-2017/extract")
	has(t, a, http.StatusOK, "Extrait certifié", "5. Statuts, pour la reconnaissance", "Clémence Jadot")
	_, rest, _ := strings.Cut(a.Body, `name="signers" value="`)
	signer, _, _ := strings.Cut(rest, `"`)
	for path, head := range map[string]string{"extract.pdf?items=5&signers=" + signer: "%PDF", "extract.odt?items=5&signers=" + signer: "PK",
		"minutes.odt": "PK", "minutes.pdf": "%PDF", "minutes.txt?version=public": "Dynamo Coop"} {
		if file := b.Get("/assemblies/ag-2017/" + path); file.StatusCode != http.StatusOK || !strings.HasPrefix(file.Body, head) {
			t.Errorf("%s: %d, %.40q", path, file.StatusCode, file.Body)
		}
	}
	has(t, b.Get("/assemblies/ag-2017/extract.pdf?signers="+signer), http.StatusUnprocessableEntity, "au moins un point")
	has(t, h.open(jeanne).Get("/assemblies/ag-2017/extract"), http.StatusForbidden)
}

// What the board decided is read by the board and by who looks after the cooperative; what a vote tells of persons, by
// the latter alone.
func TestTheMinutesOfTheBoardAreNotForEverybody(t *testing.T) {
	h := newHouse(t)
	var inBoard, leaver people.PersonID
	h.act("assembly.write", func(tx *store.Tx) error {
		board, err := people.TheBody(tx, people.Board)
		if err != nil {
			return err
		}
		for i, who := range []*people.PersonID{&inBoard, &leaver} {
			c, err := register.CooperatorNumbered(tx, register.Number(i+1))
			if err != nil {
				return err
			}
			*who = c.Person
		}
		if _, err := people.OpenMandate(tx, people.Mandate{Body: board.ID, Person: inBoard, Role: people.Member, From: civil.MustParse("2018-01-01")}); err != nil {
			return err
		}
		there := assembly.Presence{Present: vote.Both(2, 0), Represented: vote.Both(0, 0), Total: vote.Both(2, 0), Issued: vote.Both(3, 0)}
		_, err = assembly.Write(tx, assembly.Assembly{ID: "m1", Name: "ca-2020", Body: board.ID, Title: "Conseil de février", HeldOn: civil.MustParse("2020-02-01"),
			Language: lang.French, Attendance: assembly.Attendance{Present: there.Present, Total: there.Total, Issued: there.Issued},
			Items: []assembly.Item{{ID: "i1", Number: "1", Title: "Bail", Matters: []assembly.Matter{{ID: "x1", Kind: assembly.Resolution, Title: "Bail",
				Lived: &assembly.Lived{Heard: 1, Polls: []assembly.Balloting{{Method: assembly.ByHands, OpenedAt: 1, ClosedAt: 2, Presence: there,
					Left: []people.PersonID{leaver}}}}}}}},
			Retained: []assembly.Retained{{ID: "r1", Assembly: "m1", Item: "i1", ItemNumber: "1", Title: "Renégocier le bail"}},
			Session:  &assembly.Session{OpenedAt: 1, ClosedAt: 3, Opening: there, Closing: there}}, nil)
		return err
	})
	director := web.Who{Person: string(inBoard), Name: "Alix"}
	all = append(all, director)
	defer func() { all = all[:len(all)-1] }()
	office, member, board := h.open(maite), h.open(jeanne), h.open(director)
	has(t, member.Get("/assemblies/ca-2020"), http.StatusNotFound)
	has(t, member.Get("/assemblies/ca-2020/minutes.pdf"), http.StatusNotFound)
	lacks(t, member.Get("/assemblies"), "Conseil de février")
	has(t, member.Get("/retained/r1"), http.StatusNotFound)
	lacks(t, member.Get("/retained"), "Renégocier")
	has(t, board.Get("/retained"), http.StatusOK, "Renégocier")
	has(t, board.Get("/assemblies"), http.StatusOK, "Conseil de février")
	has(t, office.Get("/assemblies/ca-2020/minutes"), http.StatusOK, "Une personne est sortie", "Sorties", "Alix Bodart", "version publique")
	lacks(t, office.Get("/assemblies/ca-2020/minutes?version=public"), "Alix Bodart")
	a := board.Get("/assemblies/ca-2020/minutes")
	has(t, a, http.StatusOK, "Une personne est sortie", "2 membres ont été présents ou représentés")
	lacks(t, a, "Alix Bodart", "version publique")
}
