package convening

import (
	"slices"

	"lieux/base/civil"
	"lieux/base/documents"
	"lieux/base/fault"
	"lieux/base/papers"
	"lieux/base/store"
	"lieux/meeting"
)

// announces says whether letters of a kind list the papers of the agenda, and so may be followed by them.
func (k Kind) announces() bool { return k != Cancelled && k != Added }

// announced are the papers that letters of a kind list at a moment, each content once; zero: those of now.
func announced(m meeting.Meeting, k Kind, at civil.Instant) (list []meeting.Paper) {
	if !k.announces() {
		return nil
	}
	for _, x := range m.Matters() {
		for _, paper := range x.Papers {
			known := slices.ContainsFunc(list, func(p meeting.Paper) bool { return p.Document == paper.Document })
			if !known && (at == 0 || paper.AddedAt <= at) {
				list = append(list, paper)
			}
		}
	}
	return list
}

// Annexes are the papers of the agenda as they are printed behind each letter by post. They are read outside of any
// act, because accounts may have 25 MB; the order names what was read.
type Annexes struct {
	list []papers.Annex
	read []string // ids of the documents
}

// Pages is how many sides they have together.
func (a Annexes) Pages() (n int) {
	for _, one := range a.list {
		n += one.Pages
	}
	return n
}

// ReadAnnexes reads the papers that letters of a kind would announce today. It refuses, by its title, a paper that
// cannot be printed behind a letter.
func ReadAnnexes(r store.Reader, m meeting.Meeting, k Kind) (Annexes, error) {
	return readAnnexes(r, announced(m, k, 0))
}

func readAnnexes(r store.Reader, list []meeting.Paper) (a Annexes, err error) {
	var rs fault.Refusals
	for _, paper := range list {
		d, found, err := documents.Find(r, paper.Document)
		if err != nil {
			return a, err
		}
		fault.Must(found, "paper %s: no document %s", paper.ID, paper.Document)
		content, err := documents.All(r, d)
		if err != nil {
			return a, err
		}
		one, err := papers.ReadAnnex(paper.Title, content)
		switch refused := fault.Of(err); {
		case len(refused) > 0:
			rs = append(rs, refused...)
			continue
		case err != nil:
			return a, err
		}
		a.list, a.read = append(a.list, one), append(a.read, paper.Document)
	}
	if err := rs.Err(); err != nil {
		return a, err
	}
	return a, papers.FitTogether(a.list)
}

// covers says whether what was read is what letters of a kind announce now.
func (a Annexes) covers(m meeting.Meeting, k Kind) bool {
	var now []string
	for _, paper := range announced(m, k, 0) {
		now = append(now, paper.Document)
	}
	return slices.Equal(slices.Sorted(slices.Values(now)), slices.Sorted(slices.Values(a.read)))
}

// AnnexesOf are those that the letters of a dispatch are followed by: the papers that it announced. None when its
// letters say where to read them.
func AnnexesOf(r store.Reader, d Dispatch) (Annexes, error) {
	if !d.Annexed {
		return Annexes{}, nil
	}
	m, found, err := meeting.ByID(r, d.Meeting)
	if err != nil {
		return Annexes{}, err
	}
	fault.Must(found, "dispatch %s: no meeting %s", d.ID, d.Meeting)
	return readAnnexes(r, announced(m, d.Kind, d.At))
}
