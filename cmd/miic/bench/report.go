package bench

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"miic/internal/machine"
	"miic/internal/table"
	"miic/reports/letter"
)

// ReportReport is how fast people are selected, and pieces of mail are written: from people with notices to files that a
// printer takes.
type ReportReport struct {
	Stage     string          `json:"stage"`
	Cores     int             `json:"cores"`
	Selection SelectionReport `json:"selection"`
	Rows      []ReportRow     `json:"rows"`
	Coverage  *CoverageReport `json:"coverage,omitempty"`
}

// ReportRow is one kind of piece. The pages of records are not counted.
type ReportRow struct {
	Piece   string  `json:"piece"`
	Pieces  int     `json:"pieces"`
	Pages   int     `json:"pages"`
	Files   int     `json:"files"`
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
	CPU     float64 `json:"processor_seconds"`
	Rate    float64 `json:"pieces_per_second"`
	PeakMiB int64   `json:"peak_mib"`
}

// Report writes n tagged letters to made-up households of one to five children, in the languages of the built-in texts,
// then as many postcards and labels, and a tenth as many official records.
func Report(ctx context.Context, work string, n int, seed uint64, progress Progress) (*ReportReport, error) {
	mail, err := madeUpMail()
	if err != nil {
		return nil, err
	}
	piece := func(i int, channel string) *letter.Piece {
		p := mail.Catalog.Piece(madeUpDay, madeUpHousehold(seed, i, channel))
		return &p
	}
	out := &ReportReport{Stage: "report", Cores: runtime.NumCPU()}
	progress("report", "selection", 0, 0, "")
	if out.Selection, err = selectPeople(PeopleALetter*n, seed); err != nil {
		return nil, err
	}
	debug.FreeOSMemory() // the peak of what follows is its own
	for _, kind := range []struct {
		name  string
		write func(path func(int) string) ([]letter.Drawn, error)
	}{
		{"letters", func(path func(int) string) ([]letter.Drawn, error) {
			return letter.WriteFiles(ctx, n, func(i int) (*letter.Letter, error) {
				l, err := piece(i, "mail").Letter(mail, i+1, madeUpBars)
				return &l, err
			}, path, "Letters", letter.DrawLetters)
		}},
		{"postcards", func(path func(int) string) ([]letter.Drawn, error) {
			return letter.WriteFiles(ctx, n, func(i int) (*letter.Postcard, error) {
				c, err := piece(i, letter.PiecePostcard).Postcard(mail, i+1, madeUpBars)
				return &c, err
			}, path, "Postcards", letter.DrawPostcards)
		}},
		{"labels", func(path func(int) string) ([]letter.Drawn, error) {
			return letter.WriteFiles(ctx, n, func(i int) (*letter.Label, error) {
				return &letter.Label{Sequence: i + 1, Lines: piece(i, "mail").Address()}, nil
			}, path, "Labels", letter.DrawLabels)
		}},
		{"records", func(path func(int) string) ([]letter.Drawn, error) {
			return writeRecords(ctx, filepath.Dir(path(0)), n/lettersARecord, seed, mail)
		}},
	} {
		progress("report", kind.name, 0, 0, "")
		row := ReportRow{Piece: kind.name}
		dir := filepath.Join(work, kind.name)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, err
		}
		runtime.GC()
		machine.ResetPeak()
		start, cpu := time.Now(), ProcessorSeconds()
		files, err := kind.write(func(file int) string { return filepath.Join(dir, fmt.Sprint(file)) })
		if err != nil {
			return nil, err
		}
		row.Seconds, row.CPU = time.Since(start).Seconds(), ProcessorSeconds()-cpu
		row.PeakMiB = machine.PeakMiB()
		for _, f := range files {
			info, err := os.Stat(f.File)
			if err != nil {
				return nil, err
			}
			row.Files, row.Pieces, row.Pages, row.Bytes = row.Files+1, row.Pieces+f.Pieces, row.Pages+f.Pages, row.Bytes+info.Size()
		}
		row.Rate = float64(row.Pieces) / max(row.Seconds, 1e-9)
		out.Rows = append(out.Rows, row)
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Print prints the report.
func (r *ReportReport) Print(p Printer) {
	r.Selection.print(p)
	p.Say("pieces of mail, from people with notices to tagged PDF in files of at most %s, and signed official records in files "+
		"of their own: %d cores", thousands(letter.PerFile), r.Cores)
	lines := [][]string{{"piece", "pieces", "pages", "files", "MB", "seconds", "processor s", "pieces/s", "peak MiB"}}
	for _, x := range r.Rows {
		lines = append(lines, []string{x.Piece, thousands(int64(x.Pieces)), thousands(int64(x.Pages)), fmt.Sprint(x.Files),
			thousands(x.Bytes / 1e6), fmt.Sprintf("%.2f", x.Seconds), fmt.Sprintf("%.2f", x.CPU), thousands(int64(x.Rate)),
			thousands(x.PeakMiB)})
	}
	p.Table(lines)
	if r.Coverage != nil {
		r.Coverage.print(p)
	}
}

var madeUpDay = table.NewDate(2026, 3, 2)

// Night is the day of the nights that are measured.
func Night() table.Date { return madeUpDay }

// madeUpBars are 65 bars; whose they are does not matter here.
const madeUpBars = "ADFTAFDTTFDAATFDADFTAFDTTFDAATFDADFTAFDTTFDAATFDADFTAFDTTFDAATFDA"

// madeUpMail is a site's mail with every built-in text approved.
func madeUpMail() (*letter.Mail, error) {
	catalog, err := letter.AllApproved()
	if err != nil {
		return nil, err
	}
	m := &letter.Mail{Catalog: catalog, Offices: map[string]letter.Office{letter.StateOffice: {Name: "State Immunization Registry",
		Address: []string{"625 Example Street North", "Saint Paul, MN 55101"}, Phone: "6515550199"}}}
	for i, street := range []string{"Lake Street", "Plato Boulevard", "Selby Avenue"} {
		m.Clinics = append(m.Clinics, letter.LowCost{Name: fmt.Sprint("Community Clinic ", i+1), Address: "120 " + street,
			City: "Saint Paul", ZIP: "55101", Phone: "6515550188", Note: "sliding fee"})
	}
	return m, nil
}

// madeUpHousehold is the n-th one: one to five children, most of them one.
func madeUpHousehold(seed uint64, n int, channel string) []letter.Person {
	x := (seed + uint64(n)*2654435761) * 0x9E3779B97F4A7C15
	pick := func(list []string) string {
		x ^= x >> 29
		x *= 0xBF58476D1CE4E5B9
		return list[(x>>33)%uint64(len(list))]
	}
	given := []string{"Ana", "Nkauj Hnub", "Abdirahman", "José", "Maximiliana", "Liam", "Xeng", "Hodan", "Eleanor", "Mai"}
	last := pick([]string{"Vang", "Hassan", "Nuñez", "Olson", "Wolfeschlegelsteinhausen", "Anderson-Thao", "Lee", "Ali"})
	language := pick([]string{"en", "en", "en", "es", "so", "hmn"})
	zip, children := pick([]string{"55101", "55104", "55901"}), len(pick([]string{"1", "1", "1", "22", "333", "55555"}))
	var people []letter.Person
	for k := range children {
		people = append(people, letter.Person{ClientID: int64(8*n + k + 1), First: given[(n+3*k)%len(given)], Last: last,
			Birth: madeUpDay.AddMonths(-15 - 25*k - n%11), GuardianFirst: "Pa", GuardianLast: last,
			Address1: fmt.Sprint(100+n%900, " Wolverton Avenue NW"), City: "Saint Paul", State: "MN", ZIP: zip, CountyFIPS: "27123",
			Clinic: "Lakes Family Clinic", ClinicPhone: "6515550100",
			Notice: table.Notice{NoticeID: fmt.Sprintf("n%08d%d", n, k), ClientID: int64(8*n + k + 1), Kind: "recall", Channel: channel,
				Language: language, Region: "metro", VaccineGroups: "DTaP/Tdap/Td|MMR|Polio|Varicella", EarliestDueOn: madeUpDay - 40}})
	}
	return people
}
