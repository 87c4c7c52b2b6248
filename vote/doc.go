// Package vote counts.
package vote
