package sitting

import (
	"slices"

	"lieux/assembly"
	"lieux/attendance"
	"lieux/ballot"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/store"
	"lieux/meeting"
	"lieux/people"
)

// Officer is somebody who holds a charge at a meeting, from one instant to another.
type Officer struct {
	ID     string
	Person people.PersonID
	Charge assembly.Charge
	From   civil.Instant
	Until  civil.Instant // 0 while it is held
	Why    string        // of a change
}

// Held says whether the charge is held now.
func (o Officer) Held() bool { return o.Until == 0 }

func (b Bureau) officers() (list []Officer) {
	add := func(who people.PersonID, charge assembly.Charge) {
		if who != "" {
			list = append(list, Officer{Person: who, Charge: charge})
		}
	}
	add(b.Chair, assembly.Chair)
	add(b.Secretary, assembly.Secretary)
	for _, t := range b.Tellers {
		add(t, assembly.Teller)
	}
	return list
}

// check refuses a bureau without a chair or a secretary, one person in charges that exclude each other, and at a
// general assembly somebody who takes part from afar.
func (b Bureau) check(r store.Reader, m meeting.Meeting) error {
	var rs fault.Refusals
	if b.Chair == "" {
		rs = append(rs, fault.Refuse("sitting.refusal.no-chair").At("chair"))
	}
	if b.Secretary == "" {
		rs = append(rs, fault.Refuse("sitting.refusal.no-secretary").At("secretary"))
	}
	if len(b.Tellers) > MaxTellers {
		rs = append(rs, fault.Refuse("sitting.refusal.tellers", "limit", MaxTellers).At("tellers"))
	}
	if b.Chair != "" && b.Chair == b.Secretary && m.Kind == people.Assembly {
		rs = append(rs, fault.Refuse("sitting.refusal.two-charges").At("secretary"))
	}
	seen := map[people.PersonID]bool{}
	for _, t := range b.Tellers {
		if seen[t] || t == b.Chair {
			rs = append(rs, fault.Refuse("sitting.refusal.two-charges").At("tellers"))
		}
		seen[t] = true
	}
	if err := rs.Err(); err != nil {
		return err
	}
	for _, o := range b.officers() {
		if err := mayHold(r, m, o.Person, o.Charge); err != nil {
			return err
		}
	}
	return nil
}

// mayHold refuses for a charge who is no natural person, and at a general assembly who takes part from afar: the bureau
// sits in the room (CSA 6:75). Somebody who is no cooperator, as a notary's clerk, may be secretary without being on
// the list of those who are there.
func mayHold(r store.Reader, m meeting.Meeting, who people.PersonID, charge assembly.Charge) error {
	p, err := people.Get(r, who)
	if err != nil {
		return err
	}
	if p.Kind != people.Natural || !p.Erased.IsZero() {
		return fault.Refuse("sitting.refusal.person").At(string(charge))
	}
	if m.Kind != people.Assembly || charge == assembly.NoteTaker {
		return nil
	}
	voice, there, err := attendance.VoiceOf(r, m.ID, who)
	if err == nil && there && voice.Channel == attendance.Afar {
		err = fault.Refuse("sitting.refusal.from-afar", "who", p.Full()).At(string(charge)).By("CSA 6:75")
	}
	return err
}

// Appoint gives somebody a charge during the meeting. Chair and secretary are held by one person each: who held it
// leaves it. A reason is asked then.
func Appoint(tx *store.Tx, id meeting.ID, o Officer) error {
	m, _, err := writable(tx, id)
	if err != nil {
		return err
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	charges := []assembly.Charge{assembly.Chair, assembly.Secretary, assembly.Teller, assembly.NoteTaker}
	if !slices.Contains(charges, o.Charge) {
		return fault.Refuse("sitting.refusal.charge").At("charge")
	}
	if err := mayHold(tx, m, o.Person, o.Charge); err != nil {
		return err
	}
	all, err := Officers(tx, id)
	if err != nil {
		return err
	}
	if err := o.fits(all, m); err != nil {
		return err
	}
	single := o.Charge == assembly.Chair || o.Charge == assembly.Secretary
	for _, other := range all {
		if single && other.Held() && other.Charge == o.Charge {
			if o.Why, err = words("why", o.Why, MaxWords); err != nil {
				return err
			}
			if err := endOfficer(tx, other.ID, tx.Now(), o.Why); err != nil {
				return err
			}
		}
	}
	o.ID, o.From = tx.ID(), tx.Now()
	tx.Record(store.Line{About: []store.Ref{id.Ref(), o.Person.Ref()},
		Args: map[string]any{"charge": chargeWords(o.Charge)}})
	return insertOfficer(tx, id, o)
}

// fits refuses a charge that the person holds already or that another charge excludes, and one too many.
func (o Officer) fits(all []Officer, m meeting.Meeting) error {
	count := 0
	for _, other := range all {
		if !other.Held() {
			continue
		}
		if other.Charge == o.Charge {
			count++
		}
		if other.Person != o.Person {
			continue
		}
		pair := []assembly.Charge{other.Charge, o.Charge}
		excluded := slices.Contains(pair, assembly.Chair) && !slices.Contains(pair, assembly.NoteTaker) &&
			m.Kind == people.Assembly
		if other.Charge == o.Charge || excluded {
			return fault.Refuse("sitting.refusal.two-charges").At("person")
		}
	}
	switch {
	case len(all) >= MaxOfficers:
		return fault.Refuse("sitting.refusal.officers", "limit", MaxOfficers)
	case o.Charge == assembly.Teller && count >= MaxTellers:
		return fault.Refuse("sitting.refusal.tellers", "limit", MaxTellers).At("person")
	case o.Charge == assembly.NoteTaker && count >= MaxNotes:
		return fault.Refuse("sitting.refusal.officers", "limit", MaxNotes).At("person")
	}
	return nil
}

// Relieve ends a charge. A chair and a secretary are replaced ([Appoint]), not only relieved.
func Relieve(tx *store.Tx, id meeting.ID, officer, why string) error {
	m, _, err := writable(tx, id)
	if err != nil {
		return err
	}
	if err := mayRun(tx, m); err != nil {
		return err
	}
	all, err := Officers(tx, id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(o Officer) bool { return o.ID == officer && o.Held() })
	switch {
	case i < 0:
		return fault.Refuse("sitting.refusal.officer")
	case all[i].Charge == assembly.Chair || all[i].Charge == assembly.Secretary:
		return fault.Refuse("sitting.refusal.replace")
	}
	if len(why) > MaxWords {
		return fault.Refuse("sitting.refusal.words", "limit", MaxWords).At("why")
	}
	tx.Record(store.Line{About: []store.Ref{id.Ref(), all[i].Person.Ref()},
		Args: map[string]any{"charge": chargeWords(all[i].Charge)}})
	return endOfficer(tx, officer, tx.Now(), why)
}

// Charge is what a person is charged with at a meeting, as the room ballot asks: the app fills its hook with it. The
// secretary and the office proclaim what the chair says aloud; a tie is decided by the chair alone, who is asked on
// their own device.
func Charge(r store.Reader, id meeting.ID, who people.PersonID) (ballot.Charges, error) {
	var c ballot.Charges
	all, err := Officers(r, id)
	if err != nil || who == "" {
		return c, err
	}
	for _, o := range all {
		if !o.Held() || o.Person != who {
			continue
		}
		switch o.Charge {
		case assembly.Chair:
			c.Chair = true
		case assembly.Secretary:
			c.Secretary, c.Chair = true, true
		case assembly.Teller:
			c.Teller = true
		}
	}
	office, err := looksAfter(r, who)
	if office {
		c.Secretary, c.Chair = true, true
	}
	return c, err
}

// Presides says whether a person is the chair now, and nobody else in their place.
func Presides(r store.Reader, id meeting.ID, who people.PersonID) (bool, error) {
	return holds(r, id, who, assembly.Chair)
}

// TakesNotes says whether a person may write notes: the bureau, the note-takers, and who looks after the cooperative.
func TakesNotes(r store.Reader, id meeting.ID, who people.PersonID) (bool, error) {
	office, err := looksAfter(r, who)
	if err != nil || office {
		return office, err
	}
	return holds(r, id, who, assembly.Chair, assembly.Secretary, assembly.Teller, assembly.NoteTaker)
}

// OfBureau says whether a person holds a charge of the bureau.
func OfBureau(r store.Reader, id meeting.ID, who people.PersonID) (bool, error) {
	return holds(r, id, who, assembly.Chair, assembly.Secretary, assembly.Teller)
}

// MayRun says whether a person may run the console: chair, secretary, and who looks after the cooperative.
func MayRun(r store.Reader, id meeting.ID, who people.PersonID) (bool, error) {
	office, err := looksAfter(r, who)
	if err != nil || office {
		return office, err
	}
	return holds(r, id, who, assembly.Chair, assembly.Secretary)
}

func holds(r store.Reader, id meeting.ID, who people.PersonID, charges ...assembly.Charge) (bool, error) {
	all, err := Officers(r, id)
	return who != "" && slices.ContainsFunc(all, func(o Officer) bool {
		return o.Held() && o.Person == who && slices.Contains(charges, o.Charge)
	}), err
}

// looksAfter says whether a person has the access of the office or of the administrators today.
func looksAfter(r store.Reader, who people.PersonID) (bool, error) {
	if who == "" {
		return false, nil
	}
	roles, err := people.AccessOn(r, who, r.Today())
	return slices.Contains(roles, people.ForOffice) || slices.Contains(roles, people.ForAdmin), err
}

// mayRun refuses an actor who may not run the console. The system itself, which lives the demonstration, may.
func mayRun(tx *store.Tx, m meeting.Meeting) error {
	return allowed(tx, m, MayRun, "run")
}

// mayWrite refuses an actor who takes no notes.
func mayWrite(tx *store.Tx, m meeting.Meeting) error {
	return allowed(tx, m, TakesNotes, "write")
}

func allowed(tx *store.Tx, m meeting.Meeting,
	may func(store.Reader, meeting.ID, people.PersonID) (bool, error), code string) error {
	if tx.Actor() == "" {
		return nil
	}
	ok, err := may(tx, m.ID, people.PersonID(tx.Actor()))
	if err == nil && !ok {
		err = fault.Refuse("sitting.refusal.may." + code)
	}
	return err
}

// ChairOf is who presides now; empty when nobody holds the chair.
func ChairOf(r store.Reader, id meeting.ID) (people.PersonID, error) {
	all, err := Officers(r, id)
	for _, o := range all {
		if o.Held() && o.Charge == assembly.Chair {
			return o.Person, err
		}
	}
	return "", err
}
