package vote

// Choice is what one holder answers.
type Choice string

// The choices.
const (
	For     Choice = "for"
	Against Choice = "against"
	Abstain Choice = "abstain"
)

// Counts are a result as tellers or minutes give it; each may be unknown.
type Counts struct {
	For         Known `json:"for,omitzero"`
	Against     Known `json:"against,omitzero"`
	Abstentions Known `json:"abstentions,omitzero"`
}

// Counted are three known counts.
func Counted(votesFor, against, abstentions int64) Counts {
	return Counts{Count(votesFor), Count(against), Count(abstentions)}
}

// BallotKind is how the room answered.
type BallotKind string

// The kinds of ballot. The zero value is "nothing is told".
const (
	ByCounts  BallotKind = "counts"    // votes for, against, abstentions, as far as they are given
	ByName    BallotKind = "named"     // the choice of each holder on the roll
	Unanimous BallotKind = "unanimous" // told: nobody against; the number of votes and abstentions is not told
	// told: accepted by the room, without counting and without saying that nobody was against
	ByAcclamation BallotKind = "acclamation"
)

// NamedVote is the choice made for one holder by the voter who holds that mandate. Who is on the roll without a
// choice took no part.
type NamedVote struct {
	Holder int64  `json:"holder"`
	Choice Choice `json:"choice"`
}

// Ballot is what is known of the answers.
type Ballot struct {
	Kind  BallotKind  `json:"kind,omitempty"`
	Votes Counts      `json:"votes,omitzero"` // in votes, after the cap
	Heads Counts      `json:"heads,omitzero"` // the same in heads, when known
	Named []NamedVote `json:"named,omitempty"`
	// how the chair votes; asked only where the bylaws let the chair decide a tie
	Chair Choice `json:"chair,omitempty"`
}

// sum is how many took part; unknown when one count is.
func (c Counts) sum() Known { return c.For.plus(c.Against).plus(c.Abstentions) }

// least is how many took part at least: the counts that are known.
func (c Counts) least() Known { return Known{c.For.n + c.Against.n + c.Abstentions.n, true} }
