// Package schedule keeps the forecaster's supporting data as data.
//
// ReadXML takes a release of CDC's CDSi supporting data as it is published: a folder of antigen files and the
// schedule file. Write and Read use our own text form, made for diffs: one fact a line, sorted, without CDC's
// prose. Default is the release built into the program in that form.
//
// All three readers end in the same checks: what cannot be evaluated is refused with file, place and
// reason; what is odd but harmless is tolerated and named in a note.
package schedule

import (
	"embed"
	"io/fs"
	"sync"

	"miic/forecast/cdsi"
)

//go:embed data
var builtin embed.FS

// Default returns the built-in schedule: CDC supporting data 4.64. Callers must not change it.
var Default = sync.OnceValues(func() (*cdsi.Schedule, error) {
	sub, err := fs.Sub(builtin, "data")
	if err != nil {
		return nil, err
	}
	return Read(sub)
})
