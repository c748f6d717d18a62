// Package outbreak finds, on demand, who may catch a disease and who was given a lot of a vaccine: by a night's tables, and
// by nothing else, so that the same question about a night always has the same answer. Who may not be shown is the
// caller's to decide: each person is asked about before anything about that person is returned.
package outbreak

import (
	"embed"

	"miic/internal/engine"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Shown reports whether a person, by the night's id, may be in an output.
type Shown func(client int64) bool

// What is known about whether somebody is protected.
const (
	TwoDoses = "two valid doses" // or more
	OneDose  = "one valid dose"
	NoDose   = "no valid dose" // though doses of some vaccine are on record
	Immune   = "immunity recorded"
	Unknown  = "unknown" // no dose of any vaccine, or no birth date, is on record; or the registry does not know the person
)

// Kinds of evidence, in the order of a summary.
var Kinds = []string{TwoDoses, OneDose, NoDose, Immune, Unknown}

// facts are what the registry has about one person and a vaccine group.
type facts struct {
	immune bool // the forecast of the group is Immune
	born   bool // the birth date is known: doses can be judged
	doses  int  // of any vaccine
	valid  int  // of the group: of several antigens, the fewest
}

// evidence is the kind of it. Recorded immunity counts before doses, which it makes unnecessary.
func (f facts) evidence() string {
	switch {
	case f.immune:
		return Immune
	case f.valid >= 2:
		return TwoDoses
	case f.valid == 1:
		return OneDose
	case !f.born || f.doses == 0:
		return Unknown
	}
	return NoDose
}

// susceptible reports whether somebody with this evidence may catch the disease.
func susceptible(kind string) bool { return kind == OneDose || kind == NoDose || kind == Unknown }
