package linkage

import (
	"embed"
	"io/fs"

	"miic/internal/engine"
)

//go:embed review/sql/*.sql
var reviewSQLFiles embed.FS

var reviewQueries = engine.LoadQueries(func() fs.FS {
	sub, err := fs.Sub(reviewSQLFiles, "review")
	if err != nil {
		panic(err)
	}
	return sub
}())
