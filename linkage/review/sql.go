package review

import (
	"embed"

	"miic/internal/engine"
	"miic/internal/overlay"
	"miic/linkage/standard"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// $turns and $notes are LIKE the evidence of questions that are not about two records.
var queries = engine.LoadQueries(sqlFiles).With("turns", overlay.TurnPrefix+"%", "notes", standard.NotePrefix+"%",
	"note", standard.NotePrefix)
