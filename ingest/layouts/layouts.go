// Package layouts holds the senders' formats as data: one YAML file for each, named after its id.
// docs/formats.md has what a layout may hold; ingest/read checks it.
package layouts

import "embed"

// Files are the layouts that come with the program.
//
//go:embed *.yaml
var Files embed.FS
