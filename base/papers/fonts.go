package papers

import (
	"embed"
	"fmt"
	"sync"
)

// The faces of the papers, under the SIL Open Font License (texts beside the files): Atkinson Hyperlegible Next for
// reading, its Mono for what is compared sign by sign, Bricolage Grotesque for heads.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

// font names a face of the papers.
type font int

const (
	body    font = iota // running text
	strong              // what stands out
	italic              // emphasis
	figure              // as body, with figures of one width
	total               // as strong, with figures of one width
	mono                // hashes
	display             // heads
	fonts               // how many there are
)

// faces reads all faces once.
var faces = sync.OnceValue(func() [fonts]*face {
	var all [fonts]*face
	for f, of := range map[font]struct {
		file    string
		tabular bool
	}{
		body: {"atkinson-regular", false}, strong: {"atkinson-semibold", false}, italic: {"atkinson-italic", false},
		figure: {"atkinson-regular", true}, total: {"atkinson-semibold", true}, mono: {"atkinson-mono", false},
		display: {"bricolage-semibold", false},
	} {
		file, err := fontFiles.ReadFile("fonts/" + of.file + ".ttf")
		if err == nil {
			all[f], err = readFace(file, of.tabular)
		}
		if err != nil {
			panic(fmt.Sprintf("assertion: face %s: %v", of.file, err)) // the files are our own
		}
	}
	return all
})
