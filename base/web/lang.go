package web

import "embed"

// Phrases are the door's own words.
//
//go:embed lang
var Phrases embed.FS
