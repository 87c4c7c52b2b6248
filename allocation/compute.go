package allocation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"

	"lieux/allocation/solver"
	"lieux/base/civil"
	"lieux/base/fault"
	"lieux/base/jobs"
	"lieux/base/lang"
	"lieux/base/store"
	"lieux/people"
)

// RunID is the id of a run.
type RunID string

// Ref names the run in the journal.
func (id RunID) Ref() store.Ref { return store.Ref{Kind: "calculation", ID: string(id)} }

// PlanKind is by which weights a plan is best.
type PlanKind string

// The kinds.
const (
	MostPeople   PlanKind = "people"
	LeastWaiting PlanKind = "waiting"
	MostSharing  PlanKind = "sharing"
	LeastWorks   PlanKind = "works"
	OwnWeights   PlanKind = "own"
	ByWishes     PlanKind = "wishes" // of single workshops: deferred acceptance
)

// PlanKinds lists them in the order in which they stand side by side: A, B, C, D, E.
var PlanKinds = []PlanKind{MostPeople, LeastWaiting, MostSharing, LeastWorks, OwnWeights, ByWishes}

// Words names the kind.
func (k PlanKind) Words() lang.Phrase { return lang.Say("allocation.plan." + string(k)) }

// weightsOf are those of a kind.
func (s Setup) weightsOf(k PlanKind) solver.Weights {
	switch k {
	case LeastWaiting:
		return solver.LeastWaiting
	case MostSharing:
		return solver.MostSharing
	case LeastWorks:
		return solver.LeastWorks
	case OwnWeights:
		return *s.Own
	}
	return solver.MostPeople
}

// Orders are what beside the inputs a calculation depends on.
type Orders struct {
	Setup int64   `json:"setup"` // the version of the setup
	Seed  string  `json:"seed"`
	Steps int64   `json:"steps"`
	Prove int64   `json:"prove"`
	Plans []Order `json:"plans"`
	Pins  []Pin   `json:"pins"`
}

// Order is one plan to calculate.
type Order struct {
	Kind    PlanKind       `json:"kind"`
	Weights solver.Weights `json:"weights"`
}

// Options are those of the solver: its seed is made from the words of ours.
func (o Orders) Options() solver.Options {
	sum := sha256.Sum256([]byte(o.Seed))
	return solver.Options{Seed: binary.BigEndian.Uint64(sum[:8]), Steps: o.Steps, Prove: o.Prove}
}

// Ending is how a calculation ended.
type Ending string

// The endings; empty while it is under way.
const (
	Done      Ending = "done"
	Cancelled Ending = "cancelled"
	Failed    Ending = "failed"
)

// Run is a calculation with all that it depends on.
type Run struct {
	ID       RunID
	Round    RoundID
	Position int64
	Frozen   string // the inputs
	Hash     []byte
	Orders   Orders
	At       civil.Instant
	By       people.PersonID

	orders string
	// What follows is no part of the seal.
	Ended   Ending
	Reached int64 // applicants explained, over all plans
	Of      int64
	Trouble string // code of the refusal for which it failed
}

// Inputs are the frozen inputs.
func (n Run) Inputs() (in Inputs, err error) { return in, decode(n.Frozen, &in) }

func (n Run) canonical() []byte {
	return encode([]any{n.ID, n.Round, n.Position, n.Frozen, n.Hash, n.orders, n.At, n.By})
}

// PlanID is the id of a plan.
type PlanID string

// Plan is one plan of a run, as it was calculated.
type Plan struct {
	ID      PlanID
	Run     RunID
	Kind    PlanKind
	Content string
	At      civil.Instant
}

func (p Plan) canonical() []byte { return encode([]any{p.ID, p.Run, p.Kind, p.Content, p.At}) }

// Result reads what was calculated.
func (p Plan) Result() (res Result, err error) { return res, decode(p.Content, &res) }

// Result is a plan with the reasons for everyone. Indices are those of the inputs.
type Result struct {
	Plan    solver.Plan     `json:"plan"`
	Reasons []solver.Reason `json:"reasons"`
}

// errStopped ends a calculation that somebody cancelled.
var errStopped = errors.New("allocation: the calculation was stopped")

// Calculate makes one plan with its reasons. It depends on its arguments alone; stop ends it early.
func Calculate(in Inputs, w solver.Weights, o solver.Options, stop func() bool) (res Result, err error) {
	stopped := false
	until := func() bool {
		stopped = stopped || stop != nil && stop()
		return stopped
	}
	if until() {
		return res, errStopped
	}
	if in.Kind == Singles {
		res, err = in.match(until)
	} else if res.Plan, err = solver.Solve(in.Round, w, o); err == nil {
		res.Reasons = solver.Explain(in.Round, w, o, res.Plan, until)
		adviser{in, w, o, res.Plan}.advise(res.Reasons, until)
	}
	if errors.Is(err, solver.ErrPins) {
		err = fault.Refuse("allocation.refusal.pins")
	}
	if err == nil && stopped {
		err = errStopped
	}
	return res, err
}

// Begin freezes the inputs of a round and asks for its plans; they are calculated by [Work].
func Begin(tx *store.Tx, id RoundID) (Run, error) {
	round, err := RoundByID(tx, id)
	if err != nil {
		return Run{}, err
	}
	if _, applied, err := Applied(tx, id); err != nil || applied {
		if err == nil {
			err = fault.Refuse("allocation.refusal.applied", "number", round.Number)
		}
		return Run{}, err
	}
	setup, version, err := SetupOf(tx, id)
	if err != nil {
		return Run{}, err
	}
	if err := setup.built(tx); err != nil {
		return Run{}, err
	}
	in, err := Gather(tx, round, setup)
	if err == nil {
		err = in.Ready()
	}
	if err != nil {
		return Run{}, err
	}
	last, found, err := LatestRun(tx, id)
	if err != nil {
		return Run{}, err
	}
	if found && last.Ended == "" {
		return Run{}, fault.Refuse("allocation.refusal.under-way")
	}
	hash := in.Hash()
	n := Run{ID: RunID(tx.ID()), Round: id, Position: last.Position + 1, Frozen: string(in.Canonical()), Hash: hash[:],
		At: tx.Now(), By: people.PersonID(tx.Actor()), Orders: Orders{Setup: version, Seed: setup.Seed, Steps: in.steps(),
			Prove: solver.Usual.Prove, Pins: setup.Pins}}
	n.Orders.Plans = setup.orders(round.Kind)
	n.Of = int64(len(n.Orders.Plans) * len(in.People))
	tx.Answer(string(n.ID))
	tx.Record(store.Line{About: []store.Ref{id.Ref(), n.ID.Ref()}, Args: map[string]any{"title": setup.Title,
		"number": round.Number}})
	if err := insertRun(tx, n); err != nil {
		return n, err
	}
	_, err = jobs.Enqueue(tx, JobCompute, computing{n.ID})
	return n, err
}

// Steps that a search takes for each pair of an applicant and a space that is offered, and at least.
const (
	stepsForPair = 2_000
	leastSteps   = 20_000
)

// steps is how long a plan is sought: small rounds are proven best by the exact method, and need no long search.
func (in Inputs) steps() int64 {
	asking, offered := int64(0), int64(0)
	for _, f := range in.People {
		if f.Application != "" {
			asking++
		}
	}
	for _, s := range in.Spaces {
		if s.Offered {
			offered++
		}
	}
	return min(max(stepsForPair*asking*offered, leastSteps), solver.Usual.Steps)
}

// orders are the plans that a round asks for.
func (s Setup) orders(kind RoundKind) (list []Order) {
	if kind == Singles {
		return []Order{{ByWishes, solver.MostPeople}}
	}
	for _, k := range []PlanKind{MostPeople, LeastWaiting, MostSharing, LeastWorks} {
		list = append(list, Order{k, s.weightsOf(k)})
	}
	if s.Own != nil {
		list = append(list, Order{OwnWeights, *s.Own})
	}
	return list
}

// JobCompute is the kind of the jobs that calculate.
const JobCompute = "allocation.compute"

type computing struct {
	Run RunID `json:"run"`
}

// Work calculates the plans of a run that are not there yet, each kept by an act of its own. It may be called again
// after it was cut off.
func Work(ctx context.Context, db *store.DB, id RunID) error {
	var n Run
	var there []Plan
	err := db.View(ctx, func(v *store.View) (err error) {
		if n, err = RunByID(v, id); err == nil {
			there, err = PlansOf(v, id)
		}
		return err
	})
	if err != nil || n.Ended != "" {
		return err
	}
	in, err := n.Inputs()
	if err != nil {
		return err
	}
	for i, order := range n.Orders.Plans {
		if slices.ContainsFunc(there, func(p Plan) bool { return p.Kind == order.Kind }) {
			continue
		}
		res, err := Calculate(in, order.Weights, n.Orders.Options(), watch(ctx, db, n, i, len(in.People)))
		if errors.Is(err, errStopped) {
			return ctx.Err()
		}
		if rs := fault.Of(err); rs != nil {
			return finish(ctx, db, n, Failed, rs[0].Code)
		}
		if err != nil {
			return err
		}
		if err := keep(ctx, db, n, order.Kind, res, int64((i+1)*len(in.People))); err != nil {
			return err
		}
	}
	return finish(ctx, db, n, Done, "")
}

// lookEvery is after how many applicants a calculation notes how far it is, and looks whether it was cancelled.
const lookEvery = 8

// watch is asked by the calculation whether it should stop.
func watch(ctx context.Context, db *store.DB, n Run, plan, applicants int) func() bool {
	asked := 0
	return func() bool {
		if asked++; asked%lookEvery != 1 {
			return ctx.Err() != nil
		}
		ended := Ending("")
		err := db.Touch(ctx, func(tx *store.Tx) error {
			now, err := RunByID(tx, n.ID)
			if ended = now.Ended; err != nil || ended != "" {
				return err
			}
			return setProgress(tx, n.ID, "", int64(plan*applicants+min(asked-1, applicants)), n.Of, "")
		})
		return err != nil || ended != ""
	}
}

// keep writes one plan down.
func keep(ctx context.Context, db *store.DB, n Run, kind PlanKind, res Result, reached int64) error {
	_, err := db.Act(ctx, store.By(string(n.By), "allocation.plan"), func(tx *store.Tx) error {
		now, err := RunByID(tx, n.ID)
		if err != nil || now.Ended != "" {
			return err
		}
		if err := insertPlan(tx, Plan{ID: PlanID(tx.ID()), Run: n.ID, Kind: kind, Content: string(encode(res)),
			At: tx.Now()}); err != nil {
			return err
		}
		tx.Record(store.Line{About: []store.Ref{n.Round.Ref(), n.ID.Ref()}, Args: map[string]any{"kind": kind.Words(),
			"people": res.Plan.Criteria.People}})
		return setProgress(tx, n.ID, "", reached, n.Of, "")
	})
	return err
}

func finish(ctx context.Context, db *store.DB, n Run, how Ending, trouble string) error {
	_, err := db.Act(ctx, store.By(string(n.By), "allocation.computed"), func(tx *store.Tx) error {
		now, err := RunByID(tx, n.ID)
		if err != nil || now.Ended != "" {
			return err
		}
		tx.Record(store.Line{About: []store.Ref{n.Round.Ref(), n.ID.Ref()}, Args: map[string]any{
			"how": lang.Say("allocation.ended." + string(how))}})
		return setProgress(tx, n.ID, how, n.Of, n.Of, trouble)
	})
	return err
}

// Cancel stops a calculation that is under way; the plans that are there stay.
func Cancel(tx *store.Tx, id RunID) error {
	n, err := RunByID(tx, id)
	if err != nil {
		return err
	}
	if n.Ended != "" {
		return fault.Refuse("allocation.refusal.ended")
	}
	tx.Record(store.Line{About: []store.Ref{n.Round.Ref(), id.Ref()}})
	return setProgress(tx, id, Cancelled, n.Reached, n.Of, "")
}

// Replay calculates a plan again from the frozen inputs, weights and seed, and says whether the bytes are the same.
func Replay(n Run, p Plan) (same bool, err error) {
	in, err := n.Inputs()
	if err != nil {
		return false, err
	}
	hash := in.Hash()
	if !bytes.Equal(hash[:], n.Hash) {
		return false, nil
	}
	for _, order := range n.Orders.Plans {
		if order.Kind != p.Kind {
			continue
		}
		res, err := Calculate(in, order.Weights, n.Orders.Options(), nil)
		return err == nil && string(encode(res)) == p.Content, err
	}
	return false, nil
}
