package extract

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"miic/internal/engine"
)

// direct are columns that no table of an extract has: they are in the lake, and say who somebody is.
var direct = []string{"client_id", "record_id", "immunization_id", "event_id", "notice_id", "first_name", "last_name", "birth_date", "ssn",
	"medicaid_id", "address_1", "address_2", "zip", "phone", "email", "judged_on", "administered_on", "shift"}

// check reads the files that were written, and refuses an extract that gives somebody away: a column that names people, a
// description that too few share, a fact about nobody in it, a person who may not be shown, or a pseudonym that is an id.
func (x *Extract) check(ctx context.Context, dir string) error {
	x.engine.Define("written_person", "SELECT * FROM "+engine.Quote(filepath.Join(dir, "dim_person.parquet")))
	for i := range Tables {
		for _, c := range Tables[i].Columns {
			if slices.Contains(direct, c.Name) {
				return fmt.Errorf("%s has a column %s", Tables[i].Name, c.Name)
			}
		}
	}
	for _, must := range []struct{ why, count string }{
		{"people share a description with too few others", x.queries.Get("check_class")},
		{"pseudonyms are not those of the study's key", x.queries.Get("check_pseudonym")},
	} {
		n, err := x.engine.Int(ctx, must.count)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%d %s: nothing was written", n, must.why)
		}
	}
	for _, id := range x.People {
		if !x.options.Shown(id) {
			return fmt.Errorf("client %d may be in no output: nothing was written", id)
		}
	}
	return nil
}
