package register

import (
	"embed"

	"lieux/base/store"
)

//go:embed schema/*.sql
var schema embed.FS

// Phrases are the room's catalogues.
//
//go:embed lang/*.json
var Phrases embed.FS

// Room is what the store needs to know of the register. Snapshots are derived and rebuilt, uploads wait for a day:
// neither holds acts.
var Room = store.Room{
	Name: "register", Schema: schema, Ephemeral: []string{"register_snapshot", "register_upload"},
	Witnesses: []store.Witness{{Kind: "class", Each: classWitness}, {Kind: "cooperator", Each: cooperatorWitness},
		{Kind: "movement", Each: witness}, {Kind: "nominal", Each: nominalWitness}},
	Checks: []func(store.Reader, func(store.Finding)) error{checks},
}

// Counters of the legal numbers.
const (
	cooperatorCounter = "cooperator"
	movementCounter   = "movement"
)
