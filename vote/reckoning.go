package vote

import "lieux/base/lang"

// Line is one line of a computation, set like an account: sentence, finding and article, figure.
type Line struct {
	Say       lang.Phrase `json:"say"`
	Finding   lang.Phrase `json:"finding,omitzero"`    // "Quorum atteint"; none when Code is empty
	Article   string      `json:"article,omitempty"`   // "CSA, art. 6:85", as the rule gives it
	Figure    lang.Phrase `json:"figure,omitzero"`     // 57,1 % · − 42 · manquent 48; none when Code is empty
	Candidate int64       `json:"candidate,omitempty"` // the candidate that the line is about: names stay outside what is frozen
}

// Reckoning is a computation in words, line by line, as the minutes print it. It prints the same after having been stored as JSON.
type Reckoning []Line

func percentPhrase(hundredths int64) lang.Phrase {
	return lang.Say("vote.figure.percent-whole", "whole", hundredths/100)
}
