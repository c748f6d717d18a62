package linkage

import (
	"embed"

	"miic/internal/engine"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)
