// Package layouts holds the senders' formats as data: one YAML file for each, named after its id.
// What a layout may say is in docs/formats.md; internal checks are in ingest/read.
package layouts

import "embed"

// Files are the layouts that come with the program.
//
//go:embed *.yaml
var Files embed.FS
