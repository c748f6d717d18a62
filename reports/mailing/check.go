package mailing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/privacy"
)

// Invariant is what must be true of the files. They are read back from out/, so that what is checked is what
// people receive.
func Invariant() pipeline.Invariant {
	return pipeline.Invariant{Name: "the regions' files hold what was noted and disclosed, each its own region, and add up to the state", Check: checkFiles}
}

// fileLetter is a row of a region's file, read back.
type fileLetter struct {
	Output     string `col:"output" doc:"path under out/"`
	Folder     string `col:"folder" doc:"region of the folder"`
	Kind       string `col:"kind" doc:"kind of the file"`
	NoticeID   string `col:"notice_id" doc:"as in the row"`
	RowKind    string `col:"row_kind" doc:"as in the row"`
	Region     string `col:"region" doc:"as in the row"`
	CountyFIPS string `col:"county_fips" doc:"as in the row"`
}

// fileSummary is a row of a summary, read back.
type fileSummary struct {
	Folder  string `col:"folder" doc:"region of the folder, or state"`
	Region  string `col:"region" doc:"as in the row"`
	Kind    string `col:"kind" doc:"as in the row"`
	Outcome string `col:"outcome" doc:"as in the row"`
	Reason  string `col:"reason" doc:"as in the row"`
	People  int64  `col:"people" doc:"as in the row"`
}

func checkFiles(ctx context.Context, r *pipeline.Run) error {
	if err := r.ViewLatest(ctx, table.Notices, table.Disclosures, table.Batches); err != nil {
		return err
	}
	if err := r.View(ctx, table.Clients); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.Disclosures); err != nil {
		return err
	}
	var letters []fileLetter
	var sums []fileSummary
	folders, err := regionFolders(r.OutDir())
	if err != nil {
		return err
	}
	unread, err := privacy.UnreadRequests(ctx, r)
	if err != nil {
		return err
	}
	if len(unread) > 0 {
		for _, name := range []string{"regions", "state", "coverage.csv", "coverage.parquet"} {
			if _, err := os.Lstat(filepath.Join(r.OutDir(), name)); !errors.Is(err, os.ErrNotExist) {
				return fmt.Errorf("%s is to be published although %d files of requests are unread", name, len(unread))
			}
		}
	}
	for _, region := range folders {
		for _, kind := range campaign.Kinds {
			output := "regions/" + region + "/" + kind + ".csv"
			err := csvfile.Read(filepath.Join(r.OutDir(), filepath.FromSlash(output)), LetterColumns, func(cells []string) error {
				at := func(name string) string { return cells[slices.Index(LetterColumns, name)] }
				letters = append(letters, fileLetter{output, region, kind, at("notice_id"), at("kind"), at("region"), at("county_fips")})
				return nil
			})
			if err != nil {
				return err
			}
		}
		if sums, err = readSummary(r, region, "regions/"+region+"/summary.csv", sums); err != nil {
			return err
		}
	}
	if len(folders) > 0 {
		if sums, err = readSummary(r, "state", "state/summary.csv", sums); err != nil {
			return err
		}
	}
	if err := engine.Load(ctx, r.Engine, "file_letter", letters); err != nil {
		return err
	}
	if err := engine.Load(ctx, r.Engine, "file_summary", sums); err != nil {
		return err
	}
	for _, name := range []string{"invariant_file", "invariant_undisclosed", "invariant_sum"} {
		n, err := r.Engine.Int(ctx, "SELECT count(*) FROM ("+queries.Get(name)+") AS breaches")
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%s: broken by %d rows", name, n)
		}
	}
	return nil
}

func regionFolders(out string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(out, "regions"))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, err
}

func readSummary(r *pipeline.Run, folder, output string, sums []fileSummary) ([]fileSummary, error) {
	err := csvfile.Read(filepath.Join(r.OutDir(), filepath.FromSlash(output)), summaryColumns, func(cells []string) error {
		people, err := strconv.ParseInt(cells[4], 10, 64)
		if err != nil {
			return fmt.Errorf("%s: people is not a number", output)
		}
		sums = append(sums, fileSummary{folder, cells[0], cells[1], cells[2], cells[3], people})
		return nil
	})
	return sums, err
}
