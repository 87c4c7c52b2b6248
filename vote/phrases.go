package vote

import "embed"

// Phrases is this room's catalogue in French, Dutch and English.
//
//go:embed lang/fr.json lang/nl.json lang/en.json
var Phrases embed.FS
