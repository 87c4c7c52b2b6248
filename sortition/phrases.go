package sortition

import "embed"

// Phrases are the room's words, for [lang.NewBook].
//
//go:embed lang/*.json
var Phrases embed.FS
