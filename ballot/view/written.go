package view

import "lieux/ballot"

// DecisionsPath is the list of decisions in writing.
const DecisionsPath = "/decisions"

// DecisionPath is the page of one of them.
func DecisionPath(id ballot.WrittenID) string { return DecisionsPath + "/" + string(id) }
