// Package record makes rows of the units of a delivered file: client records, doses, observations, requests, deaths
// and entries of rosters, whatever layout or message they come in.
//
// It promises that every unit is accepted or refused by a rule, with its line and byte offset; that a value is checked
// and normalised in one place, by declared forms and tables, and never guessed; and that the same file gives the same
// rows in however many parts it is read. It looks at one file at a time: what a record means beside others is the
// night's business. Read file.go first (a file), then unit.go (one unit).
package record
