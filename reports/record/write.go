package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"miic/internal/parallel"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/healthcard"
	"miic/reports/letter"
)

// A File is one file of a record, as the manifest lists it.
type File struct {
	RegistryID int64
	Name       string
	SHA256     string
	Language   string
	Code       string // verification code
	Signed     bool   // by the site's key
	Boxes      int    // letters that the fonts lack: drawn as boxes
}

// Boxes is how many letters of the records on paper are drawn as boxes, since the fonts lack them.
func Boxes(files []File) (n int64) {
	for _, f := range files {
		if strings.HasSuffix(f.Name, ".pdf") {
			n += int64(f.Boxes)
		}
	}
	return n
}

// Manifest is the name of the list of the files.
const Manifest = "manifest.csv"

// manifestColumns are those of the manifest.
var manifestColumns = []string{"registry_id", "file", "sha256", "language", "verification_code", "signed", "letters_as_boxes"}

// Write writes the files of issued records into a folder, on all cores: of each PDF, JSON and CSV, and where the site
// signs a SMART Health Card; and the manifest. Their names are record-<registry id> with the ending of each.
func (s *Settings) Write(ctx context.Context, dir string, list []*Record, catalog *letter.Catalog) ([]File, error) {
	if s.Fault != "" {
		return nil, errors.New(s.Fault)
	}
	files := make([][]File, len(list))
	err := parallel.Each(ctx, len(list), func() func(int) error {
		return func(i int) (err error) {
			files[i], err = s.writeOne(dir, list[i], catalog)
			return err
		}
	})
	if err != nil {
		return nil, err
	}
	all := slices.Concat(files...)
	rows := func(yield func([]string) bool) {
		for _, f := range all {
			if !yield([]string{strconv.FormatInt(f.RegistryID, 10), f.Name, f.SHA256, f.Language, f.Code, yesNo(f.Signed), strconv.Itoa(f.Boxes)}) {
				return
			}
		}
	}
	return all, csvfile.Write(filepath.Join(dir, Manifest), manifestColumns, rows)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func (s *Settings) writeOne(dir string, r *Record, catalog *letter.Catalog) ([]File, error) {
	var out []File
	base := "record-" + strconv.FormatInt(r.RegistryID, 10)
	put := func(ending string, text []byte) error {
		sum := sha256.Sum256(text)
		out = append(out, File{RegistryID: r.RegistryID, Name: base + ending, SHA256: hex.EncodeToString(sum[:]), Language: r.Language,
			Code: r.Code})
		return os.WriteFile(filepath.Join(dir, base+ending), text, 0o600)
	}
	card, err := s.Card(r)
	if err != nil {
		return nil, err
	}
	var squares []Square
	if card != "" {
		codes, err := healthcard.Codes(card)
		if err != nil {
			return nil, fmt.Errorf("record of %d: %w", r.RegistryID, err)
		}
		for _, c := range codes {
			squares = append(squares, c)
		}
		file, err := healthcard.File(card)
		if err == nil {
			err = put(".smart-health-card", file)
		}
		if err != nil {
			return nil, err
		}
	}
	var paper bytes.Buffer
	missing, err := r.Draw(&paper, catalog, squares)
	if err == nil {
		err = put(".pdf", paper.Bytes())
	}
	if err != nil {
		return nil, err
	}
	boxes := 0
	for _, m := range missing {
		boxes += m.Count
	}
	document, err := r.JSON()
	if err == nil {
		err = put(".json", document)
	}
	if err != nil {
		return nil, err
	}
	var rows bytes.Buffer
	err = csvfile.Style{}.WriteTo(&rows, Columns, slices.Values(r.Rows()))
	if err == nil {
		err = put(".csv", rows.Bytes())
	}
	for i := range out {
		out[i].Signed, out[i].Boxes = card != "", boxes
	}
	return out, err
}

// Card is the record's SMART Health Card; empty where the site has no key, or where there is no name or birth date, without
// which a card would be anybody's.
func (s *Settings) Card(r *Record) (string, error) {
	if s.Key == nil || r.LastName == "" || r.BirthDate == 0 {
		return "", nil
	}
	c := healthcard.Card{Issuer: s.Issuer, Issued: time.Unix(int64(table.Date(r.IssuedOn).UnixDay())*86400, 0).UTC(),
		Family: r.LastName, Given: strings.Fields(r.FirstName + " " + r.MiddleName), Birth: table.Date(r.BirthDate).String()}
	for _, d := range r.Doses {
		if d.On < r.BirthDate { // wrong, as the other forms say
			continue
		}
		c.Doses = append(c.Doses, healthcard.Dose{CVX: d.CVX, On: table.Date(d.On).String()})
	}
	return s.Key.Sign(&c)
}
