package extract

import (
	"cmp"
	"context"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"miic/internal/engine"
)

// fixedNames are what people's codes stand for: race by CDC's hierarchical codes.
var fixedNames = []nameRow{
	{"race", "1002-5", "American Indian or Alaska Native"},
	{"race", "2028-9", "Asian"},
	{"race", "2054-5", "Black or African American"},
	{"race", "2076-8", "Native Hawaiian or other Pacific Islander"},
	{"race", "2106-3", "White"},
	{"race", "2131-1", "Other race"},
	{"ethnicity", "H", "Hispanic or Latino"},
	{"ethnicity", "N", "Not Hispanic or Latino"},
}

// loadNames makes extract_name: what the codes that occur stand for. A language has its English name.
func (x *Extract) loadNames(ctx context.Context) error {
	type codeRow struct {
		Code string `col:"code" doc:"language"`
	}
	list := append([]nameRow(nil), fixedNames...)
	err := engine.Stream(ctx, x.engine, x.queries.Get("language"), func(r *codeRow) error {
		name := ""
		if tag, err := language.Parse(r.Code); err == nil {
			name = display.English.Languages().Name(tag)
		}
		list = append(list, nameRow{"language", r.Code, cmp.Or(name, r.Code)})
		return nil
	})
	if err != nil {
		return err
	}
	return engine.Load(ctx, x.engine, "extract_name", list)
}
