package care

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/privacy"
	"miic/reports/xlsxfile"
)

// Invariant is what must be true of the lists. They are read back from out/, so that what is checked is what people
// receive.
func Invariant() pipeline.Invariant {
	return pipeline.Invariant{Check: checkFiles, Name: privacy.Lists}
}

// listed is a person in a file.
type listed struct {
	Output   string `col:"output" doc:"path under out/"`
	Folder   string `col:"folder" doc:"the clinic or state"`
	File     string `col:"file" doc:"name of the file"`
	ClientID int64  `col:"client_id" doc:"the person"`
}

func checkFiles(ctx context.Context, r *pipeline.Run) error {
	err := r.View(ctx, table.Clients, table.Restrictions, table.DeathMatches, table.PatientStatuses, table.Disclosures)
	if err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.Disclosures); err != nil {
		return err
	}
	people, err := readLists(r.OutDir())
	if err != nil {
		return err
	}
	if err := engine.Load(ctx, r.Engine, "listed", people); err != nil {
		return err
	}
	for _, folder := range folders {
		books, err := filepath.Glob(filepath.Join(r.OutDir(), folder, "*", "*.xlsx"))
		if err != nil {
			return err
		}
		for _, path := range books {
			if err := xlsxfile.Same(path); err != nil {
				return err
			}
		}
	}
	n, err := r.Engine.Int(ctx, "SELECT count(*) FROM ("+queries.Get("invariant_listed")+") AS breaches")
	if err == nil && n > 0 {
		err = fmt.Errorf("broken by %d people in lists", n)
	}
	return err
}

// readLists reads who is in each list that names people by their registry_id. A plan's answer has the plan's numbers
// alone.
func readLists(out string) ([]listed, error) {
	paths, err := filepath.Glob(filepath.Join(out, "clinics", "*", "*.csv"))
	if err != nil {
		return nil, err
	}
	states, err := filepath.Glob(filepath.Join(out, "states", "*", "*.csv"))
	if err != nil {
		return nil, err
	}
	schools, err := filepath.Glob(filepath.Join(out, "schools", "*", "students-*.csv"))
	if err != nil {
		return nil, err
	}
	var list []listed
	for _, path := range slices.Concat(paths, states, schools) {
		rel, err := filepath.Rel(out, path)
		if err != nil {
			return nil, err
		}
		one := listed{Output: filepath.ToSlash(rel), Folder: filepath.Base(filepath.Dir(path)), File: filepath.Base(path)}
		if list, err = readList(path, one, list); err != nil {
			return nil, fmt.Errorf("%s: %w", rel, err)
		}
	}
	return list, nil
}

func readList(path string, one listed, list []listed) ([]listed, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csvfile.Reader(f)
	header, err := r.Read()
	at := slices.Index(header, "registry_id")
	if err != nil || at < 0 {
		return list, err
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		if cells[at] == "" && strings.HasPrefix(one.Output, "schools/") {
			continue // a student whom the registry has not surely found
		}
		if one.ClientID, err = strconv.ParseInt(cells[at], 10, 64); err != nil {
			return nil, errors.New("a row has no registry_id")
		}
		if len(list) == 0 || list[len(list)-1] != one {
			list = append(list, one)
		}
	}
}
