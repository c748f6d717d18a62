package privacy

import "miic/internal/pipeline"

// Invariants returns what must be true of people in the tables before a night may be committed.
func Invariants() []pipeline.Invariant {
	return []pipeline.Invariant{
		pipeline.MustBeEmpty("nobody who is opted out, locked or sealed appears in forecasts or reports", queries.Get("invariant_hidden")),
		pipeline.MustBeEmpty("nobody who wants no notices, has died or may have, gets one", queries.Get("invariant_contact")),
		pipeline.MustBeEmpty("every notice is disclosed once, in the file of the person's region", queries.Get("invariant_disclosed")),
	}
}
