package recipient

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/privacy"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Invariant is what must be true of everything that the night discloses or puts into a folder of somebody's.
func (b *Book) Invariant() pipeline.Invariant {
	return pipeline.Invariant{Name: privacy.Received, Check: b.check}
}

// disclosedTo is an output of tonight and what the accounting says of who receives it.
type disclosedTo struct {
	Output    string `col:"output" doc:"path under out/"`
	Recipient string `col:"recipient,null" doc:"its name"`
	Kind      string `col:"recipient_kind,null" doc:"its kind"`
	Basis     string `col:"legal_basis,null" doc:"the law"`
	Purpose   string `col:"purpose,null" doc:"what for"`
}

func (b *Book) check(ctx context.Context, r *pipeline.Run) error {
	for _, view := range []func(context.Context, ...*table.Table) error{r.View, r.ViewPrior} {
		if err := view(ctx, table.Disclosures); err != nil {
			return err
		}
	}
	rows, err := engine.Rows[disclosedTo](ctx, r.Engine, queries.Get("tonight_disclosed"))
	if err != nil {
		return err
	}
	for _, d := range rows {
		to, why := b.For(folderOf(d.Output), r.AsOf)
		switch {
		case to == nil:
			return fmt.Errorf("%s: %s", d.Output, why)
		case d != disclosedTo{d.Output, to.Name, to.Kind, to.Basis, to.Purpose}:
			return fmt.Errorf("%s is disclosed to another than %s.yaml says", d.Output, to.ID)
		case !slices.Contains(permitted[strings.Split(d.Output, "/")[0]], to.Kind):
			return fmt.Errorf("%s: a %s may not have it", d.Output, to.Kind)
		case to.Agreement.ID == "" || to.Basis == "" || to.Purpose == "":
			return fmt.Errorf("%s: %s.yaml lacks agreement, law or purpose", d.Output, to.ID)
		}
	}
	for _, output := range []string{Clinics, Plans, Schools, States} { // a region's counts are nobody's data
		entries, err := os.ReadDir(filepath.Join(r.OutDir(), output))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, e := range entries {
			if folder := Folder(output, e.Name()); e.IsDir() {
				if to, why := b.For(folder, r.AsOf); to == nil {
					return fmt.Errorf("%s: %s", folder, why)
				}
			}
		}
	}
	return nil
}

// folderOf is the output, as an entry names it, that a file below out/ is of.
func folderOf(file string) string {
	parts := strings.Split(file, "/")
	if scoped(parts[0]) && len(parts) > 1 {
		return path.Join(parts[0], parts[1])
	}
	return parts[0]
}
