package mailing

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"miic/internal/pipeline"
	"miic/reports/campaign"
	"miic/reports/letter"
)

// ManifestName is the file of a folder that says what is in it.
const ManifestName = "manifest.json"

// A Manifest is what a mailing house checks before it prints: how much there is, and that it has all of it.
type Manifest struct {
	RunID      string         `json:"run_id"`
	DataCutoff string         `json:"data_cutoff_date"`
	Region     string         `json:"region"`
	Pieces     int            `json:"pieces"` // of mail, decoys among them
	People     int            `json:"people"` // whom they are about, without decoys
	Sequence   *[2]int        `json:"sequence"`
	ByKind     map[string]int `json:"pieces_by_kind"`
	ByTemplate map[string]int `json:"pieces_by_template"`
	ByLanguage map[string]int `json:"pieces_by_language"`        // es+en: in both
	BySpoken   map[string]int `json:"pieces_by_family_language"` // in English where no text in it is approved
	ByRegion   map[string]int `json:"pieces_by_region"`
	ByPeople   map[string]int `json:"pieces_by_people"` // by how many they are about

	Moves campaign.Moves `json:"pieces_by_move_update"` // by when an address vendor held their addresses against moves; without decoys

	Decoys []DecoyRow  `json:"decoys"`
	Files  []FileEntry `json:"files"`
}

// A DecoyRow is the place of a row that is the registry's own.
type DecoyRow struct {
	Sequence int    `json:"sequence"`
	NoticeID string `json:"notice_id"`
}

// A FileEntry is a file beside the manifest.
type FileEntry struct {
	Name   string `json:"name"`
	Rows   *int   `json:"rows,omitempty"`  // below the header
	Pages  *int   `json:"pages,omitempty"` // of a document
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`

	Missing map[string]int `json:"signs_without_glyph,omitempty"` // of a document: how often a sign that its fonts lack is a box
}

func (b *Batch) manifest(r *pipeline.Run) *Manifest {
	m := &Manifest{RunID: runID(r.AsOf), DataCutoff: r.AsOf.String(), Region: b.Region, Pieces: len(b.Mail),
		ByKind: map[string]int{}, ByTemplate: map[string]int{}, ByLanguage: map[string]int{}, BySpoken: map[string]int{}, ByRegion: map[string]int{},
		ByPeople: map[string]int{}, Decoys: []DecoyRow{}, Files: []FileEntry{}}
	for i := range b.Mail {
		p := &b.Mail[i]
		m.ByKind[p.kind()]++
		m.ByTemplate[p.Words.Template]++
		m.ByLanguage[p.Words.Languages()]++
		m.BySpoken[p.Words.Wanted]++
		m.ByRegion[p.first().Notice.Region]++
		m.ByPeople[strconv.Itoa(len(p.Chosen))]++
		if p.Decoy != "" {
			m.Decoys = append(m.Decoys, DecoyRow{p.Sequence, p.ID()})
		} else {
			m.People += len(p.Chosen)
			m.Moves.Add(p.first().Checked.On, r.AsOf)
		}
	}
	if len(b.Mail) > 0 {
		m.Sequence = &[2]int{1, len(b.Mail)}
	}
	return m
}

// writeManifests writes what is in the folder of each region and of the state, when all their files are there. Drawn are
// documents, by their path under out/.
func writeManifests(r *pipeline.Run, batches []Batch, drawn map[string]letter.Drawn) error {
	for i := range batches {
		b := &batches[i]
		m := b.manifest(r)
		files, err := entries(filepath.Join(r.OutDir(), filepath.FromSlash(b.Folder)))
		if err != nil {
			return err
		}
		for i := range files {
			d, ok := drawn[b.Folder+"/"+files[i].Name]
			if !ok {
				continue
			}
			files[i].Pages = &d.Pages
			for _, m := range d.Missing {
				if files[i].Missing == nil {
					files[i].Missing = map[string]int{}
				}
				files[i].Missing[fmt.Sprintf("%U", m.Rune)] = m.Count
			}
		}
		m.Files = files
		text, err := json.MarshalIndent(m, "", "  ")
		if err != nil {
			return err
		}
		path, err := r.OutPath(b.Folder + "/" + ManifestName)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// entries are the files of a folder but its manifest, in the order of their names.
func entries(dir string) ([]FileEntry, error) {
	list, rows := []FileEntry{}, map[string]*int{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path == filepath.Join(dir, "open") {
			return fs.SkipDir // it has a manifest of its own
		}
		if err != nil || d.IsDir() || path == filepath.Join(dir, ManifestName) {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		e, err := entry(path)
		if err == nil {
			e.Name = filepath.ToSlash(name)
			if csv, ok := strings.CutSuffix(e.Name, ".xlsx"); ok {
				e.Rows = rows[csv+".csv"] // of the same list: an invariant
			}
			rows[e.Name] = e.Rows
			list = append(list, *e)
		}
		return err
	})
	return list, err
}

// entry counts and hashes a file. The rows of a CSV file are its lines, since no cell has more than one.
func entry(path string) (*FileEntry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hash, lines := sha256.New(), new(lineCounter)
	n, err := io.Copy(io.MultiWriter(hash, lines), f)
	if err != nil {
		return nil, err
	}
	e := &FileEntry{Bytes: n, SHA256: hex.EncodeToString(hash.Sum(nil))}
	if strings.HasSuffix(path, ".csv") {
		rows := int(*lines) - 1
		e.Rows = &rows
	}
	return e, nil
}

type lineCounter int

func (c *lineCounter) Write(p []byte) (int, error) {
	*c += lineCounter(bytes.Count(p, []byte{'\n'}))
	return len(p), nil
}

// readManifest reads a folder's manifest and holds it against the files: all are there, as they were written, and no
// other.
func readManifest(dir string) (*Manifest, error) {
	text, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		return nil, err
	}
	m := &Manifest{}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("%s: %w", ManifestName, err)
	}
	now, err := entries(dir)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(m.Files, now, func(a, b FileEntry) bool {
		return a.Name == b.Name && a.Bytes == b.Bytes && a.SHA256 == b.SHA256
	}) {
		return nil, fmt.Errorf("%s is not about the files beside it", ManifestName)
	}
	return m, nil
}
