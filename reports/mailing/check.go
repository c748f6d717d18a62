package mailing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"miic/internal/engine"
	"miic/internal/pipeline"
	"miic/internal/table"
	"miic/reports/campaign"
	"miic/reports/csvfile"
	"miic/reports/privacy"
	"miic/reports/xlsxfile"
)

// Invariant is what must be true of the files. They are read back from out/, so that what is checked is what
// people receive.
func Invariant() pipeline.Invariant {
	return pipeline.Invariant{Check: checkFiles,
		Name: privacy.Regional}
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

// filePiece is a row of a file of pieces, read back.
type filePiece struct {
	Output   string `col:"output" doc:"path under out/"`
	Folder   string `col:"folder" doc:"region of the folder, or state"`
	NoticeID string `col:"notice_id" doc:"as in the row"`
	Region   string `col:"region" doc:"as in the row; empty in files that have none"`
	People   int64  `col:"people" doc:"whom the piece is about"`
	Decoy    bool   `col:"decoy" doc:"the manifest says that it is one"`
}

// filePrinted is a file of printed mail that is there.
type filePrinted struct {
	Output string `col:"output" doc:"path under out/"`
	Folder string `col:"folder" doc:"region of the folder, or state"`
	List   string `col:"list" doc:"the folder's list of mail"`
	What   string `col:"what" doc:"mail: letters and postcards; labels"`
}

func checkFiles(ctx context.Context, r *pipeline.Run) error {
	if err := r.ViewLatest(ctx, table.Notices, table.Disclosures); err != nil {
		return err
	}
	if err := r.View(ctx, table.Clients, table.OpenNotices); err != nil {
		return err
	}
	if err := r.ViewPrior(ctx, table.Disclosures); err != nil {
		return err
	}
	if err := sameBooks(r); err != nil {
		return err
	}
	whole, err := loadFiles(ctx, r)
	if err != nil {
		return err
	}
	names := []string{"invariant_file", "invariant_undisclosed", "invariant_sum", "invariant_piece", "invariant_printed", "invariant_open",
		"invariant_cut"}
	if whole {
		names = append(names, "invariant_state")
	}
	for _, name := range names {
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

// loadFiles makes tables of the rows of all files of letters and all summaries, and reports whether the state has
// a file of mail.
func loadFiles(ctx context.Context, r *pipeline.Run) (whole bool, err error) {
	folders, err := regionFolders(r.OutDir())
	if err != nil {
		return false, err
	}
	var letters []fileLetter
	var summaries []summaryRow
	var pieces []filePiece
	var printed []filePrinted
	var opened []fileOpen
	var cuts []fileCut
	for _, region := range folders {
		for _, kind := range campaign.Kinds {
			if letters, err = readLetters(r, region, kind, letters); err != nil {
				return false, err
			}
		}
		if summaries, err = readSummary(r, region, regionSummary(region), summaries); err != nil {
			return false, err
		}
		m, err := manifestOf(r, "regions/"+region)
		if err != nil {
			return false, err
		}
		if pieces, err = readPieces(r, m, region, "regions/"+region, []*List{&house, &phones, &texts}, pieces); err != nil {
			return false, err
		}
		if printed, err = readPrinted(m, region, "regions/"+region, printed); err != nil {
			return false, err
		}
		if opened, err = readOpenFiles(r, region, opened); err != nil {
			return false, err
		}
		if cuts, err = readCuts(r, region, cuts); err != nil {
			return false, err
		}
	}
	if exists(r, stateSummary) {
		if summaries, err = readSummary(r, StateRow, stateSummary, summaries); err != nil {
			return false, err
		}
		described := []*List{&house}
		if whole = exists(r, StateRow+"/"+house.Name); !whole {
			described = nil // nobody receives the state's mail
		}
		m, err := manifestOf(r, StateRow)
		if err != nil {
			return false, err
		}
		if pieces, err = readPieces(r, m, StateRow, StateRow, described, pieces); err != nil {
			return false, err
		}
		if printed, err = readPrinted(m, StateRow, StateRow, printed); err != nil {
			return false, err
		}
	}
	if err := engine.Load(ctx, r.Engine, "file_letter", letters); err != nil {
		return false, err
	}
	if err := engine.Load(ctx, r.Engine, "file_open", opened); err != nil {
		return false, err
	}
	if err := engine.Load(ctx, r.Engine, "file_cut", cuts); err != nil {
		return false, err
	}
	if err := engine.Load(ctx, r.Engine, "file_piece", pieces); err != nil {
		return false, err
	}
	if err := engine.Load(ctx, r.Engine, "file_printed", printed); err != nil {
		return false, err
	}
	return whole, engine.Load(ctx, r.Engine, "file_summary", summaries)
}

// sameBooks holds each workbook against the list beside it: what is checked of the one is true of the other.
func sameBooks(r *pipeline.Run) error {
	for _, pattern := range []string{"regions/*/*.xlsx", "regions/*/open/*.xlsx", StateRow + "/*.xlsx", registryFolder + "/*.xlsx"} {
		paths, err := filepath.Glob(filepath.Join(r.OutDir(), filepath.FromSlash(pattern)))
		if err != nil {
			return err
		}
		for _, path := range paths {
			if err := xlsxfile.Same(path); err != nil {
				return err
			}
		}
	}
	return nil
}

func exists(r *pipeline.Run, output string) bool {
	_, err := os.Stat(filepath.Join(r.OutDir(), filepath.FromSlash(output)))
	return err == nil
}

// manifestOf reads the manifest of a folder and holds it against the files: all their bytes are read for that.
func manifestOf(r *pipeline.Run, folder string) (*Manifest, error) {
	m, err := readManifest(filepath.Join(r.OutDir(), filepath.FromSlash(folder)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", folder, err)
	}
	return m, nil
}

// readPrinted finds the printed files of a folder. Each has a page at least, as its manifest has it.
func readPrinted(m *Manifest, region, folder string, printed []filePrinted) ([]filePrinted, error) {
	for _, f := range m.Files {
		name, ok := strings.CutSuffix(f.Name, ".pdf")
		if !ok {
			continue
		}
		if f.Pages == nil || *f.Pages < 1 {
			return nil, fmt.Errorf("%s/%s has no page", folder, f.Name)
		}
		what := "mail"
		if strings.HasPrefix(name, "labels") {
			what = "labels"
		}
		printed = append(printed, filePrinted{folder + "/" + f.Name, region, folder + "/" + house.Name, what})
	}
	return printed, nil
}

// readPieces reads the files of pieces of a folder that has this manifest.
func readPieces(r *pipeline.Run, m *Manifest, region, folder string, lists []*List, pieces []filePiece) ([]filePiece, error) {
	dir := filepath.Join(r.OutDir(), filepath.FromSlash(folder))
	decoys := map[int]bool{}
	for _, d := range m.Decoys {
		decoys[d.Sequence] = true
	}
	for _, l := range lists {
		row := 0
		err := csvfile.Read(filepath.Join(dir, l.Name), l.header(), func(cells []string) error {
			at := func(name string) string {
				if i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Name == name }); i >= 0 {
					return cells[i]
				}
				return ""
			}
			row++
			p := filePiece{Output: folder + "/" + l.Name, Folder: region, NoticeID: at("notice_id"), Region: at("region"), People: 1}
			if l == &house {
				if at("sequence") != strconv.Itoa(row) {
					return fmt.Errorf("%s: the pieces are not numbered in their order", p.Output)
				}
				people, err := strconv.Atoi(at("child_count"))
				if err != nil {
					return fmt.Errorf("%s: child_count is not a number", p.Output)
				}
				p.People, p.Decoy = int64(people), decoys[row]
			}
			pieces = append(pieces, p)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return pieces, nil
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

func readLetters(r *pipeline.Run, region, kind string, letters []fileLetter) ([]fileLetter, error) {
	output := letterFile(region, kind)
	path := filepath.Join(r.OutDir(), filepath.FromSlash(output))
	err := csvfile.Read(path, LetterColumns, func(cells []string) error {
		at := func(name string) string { return cells[slices.Index(LetterColumns, name)] }
		letters = append(letters, fileLetter{Output: output, Folder: region, Kind: kind, NoticeID: at("notice_id"),
			RowKind: at("kind"), Region: at("region"), CountyFIPS: at("county_fips")})
		return nil
	})
	return letters, err
}
