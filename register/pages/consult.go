package pages

import (
	"lieux/base/store"
	"lieux/base/web"
	"lieux/people"
	"lieux/register"
)

// errNoHolder is the answer to who holds no share.
type errNoHolder struct{}

func (errNoHolder) Error() string { return "holds no share" }

// orNotHolder leads who holds no share to the page that says who may read.
func orNotHolder(q *web.Request, err error) error {
	if err == (errNoHolder{}) {
		return q.SeeOther("/my/register")
	}
	return err
}

// mayConsult is the holder as whom somebody may read the register: the body for which they act, they themselves, or
// another that they represent (CSA 6:25). It is nobody for the office and the board, who read it for their work.
func mayConsult(q *web.Request, r store.Reader) (holder people.PersonID, err error) {
	if q.Who.May(web.Staff) {
		return "", nil
	}
	me := people.PersonID(q.Who.Person)
	parties, err := people.Parties(r, me, r.Today())
	if err != nil {
		return "", err
	}
	for _, id := range append([]people.PersonID{people.PersonID(q.Who.For.ID), me}, parties...) {
		if id == "" {
			continue
		}
		if holds, err := register.IsCooperator(r, id); err != nil || holds {
			return id, err
		}
	}
	return "", errNoHolder{}
}

// consulted lets a holder read and notes it in the journal first: one line for each holder, day and part of the
// register, whatever the address, however often and in however many browsers it is opened.
func (s *screens) consulted(q *web.Request, what register.Reading) error {
	holder, err := read(q, s.DB, func(v *store.View) (people.PersonID, error) { return mayConsult(q, v) })
	if err != nil || holder == "" {
		return err
	}
	mark := q.Who.Person + " " + string(holder) + " " + s.DB.Today().String()
	if q.Recall(string(what)) == mark {
		return nil
	}
	_, err = s.DB.Act(q.Context(), store.By(q.Who.Person, string(what)).Once(mark), func(tx *store.Tx) error {
		register.Consult(tx, holder)
		return nil
	})
	if err == nil {
		q.Remember(string(what), mark)
	}
	return err
}
