package school

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"miic/internal/private"
	"miic/internal/table"
	"miic/reports/csvfile"
	"miic/reports/recipient"
)

// The files of an answer, before the roster's own name.
const (
	StudentsFile   = "students"    // each student's status, vaccine by vaccine
	NotMatchedFile = "not-matched" // whom the registry did not surely find, and why
	DosesFile      = "doses"       // the doses, split by bars, as the state's bulk query writes them
	ImportFile     = "import"      // the doses without a header, for student systems
	SummaryFile    = "summary"     // how many of each grade
	TalliesFile    = "tallies"     // the annual report, vaccine by vaccine
	LettersFile    = "letters"     // to families of students who lack an immunization
)

// An Issue is what an answer needs beside the students.
type Issue struct {
	To        *recipient.Recipient
	Roster    string                                     // what its files are named by
	Day       table.Date                                 // up to which the registry's data go
	ExcludeOn table.Date                                 // from which a student may not attend; 0: the letters name no day
	Path      func(name string) (path string, err error) // where a file is to be written
}

// Write writes all files of an answer.
func Write(list []Answer, c Config, i Issue) error {
	style := i.To.CSV.Style()
	style.Own = len(idColumns) // the school's own numbers stay as they came
	sheets := []struct {
		name   string
		header []string
		rows   func(yield func([]string) bool)
	}{
		{StudentsFile, slices.Concat(idColumns, studentColumns), func(yield func([]string) bool) {
			for n := range list {
				for _, row := range list[n].rows(i.Day) {
					if !yield(row) {
						return
					}
				}
			}
		}},
		{NotMatchedFile, slices.Concat(idColumns, notMatchedColumns), func(yield func([]string) bool) {
			for n := range list {
				if a := &list[n]; a.Class != Sure && !yield(append(a.who(), string(a.Class), a.Reason)) {
					return
				}
			}
		}},
	}
	for _, s := range sheets {
		path, err := i.Path(s.name + "-" + i.Roster + ".csv")
		if err == nil {
			err = style.Write(path, s.header, s.rows)
		}
		if err != nil {
			return err
		}
	}
	style.Own = 0
	for name, of := range map[string]func([]Answer, table.Date) ([]string, [][]string){SummaryFile: summary, TalliesFile: tallies} {
		path, err := i.Path(name + "-" + i.Roster + ".csv")
		if err == nil {
			header, rows := of(list, i.Day)
			err = style.Write(path, header, slices.Values(rows))
		}
		if err != nil {
			return err
		}
	}
	if err := i.file(DosesFile+"-"+i.Roster+".txt", func(w io.Writer) error { return writeDoses(w, list, c) }); err != nil {
		return err
	}
	if err := i.file(ImportFile+"-"+i.Roster+".csv", func(w io.Writer) error { return writeImport(w, list, c) }); err != nil {
		return err
	}
	return i.letters(list, c.Mail.Catalog)
}

func (i *Issue) file(name string, write func(io.Writer) error) error {
	path, err := i.Path(name)
	if err != nil {
		return err
	}
	return private.Write(path, write)
}

// People are those of whom something is shown.
func People(list []Answer) []int64 {
	var ids []int64
	for i := range list {
		if list[i].ClientID != 0 {
			ids = append(ids, list[i].ClientID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

var (
	idColumns         = []string{"id_1", "id_2", "id_3", "id_4", "id_5", "id_6"}
	whoColumns        = []string{"last_name", "first_name", "birth_date", "grade"}
	notMatchedColumns = slices.Concat(whoColumns, []string{"match", "reason"})
	studentColumns    = slices.Concat(whoColumns, []string{"match", "registry_id", "vaccine", "status", "why", "doses",
		"complete_by", "next_dose_on", "check_again_on"})
)

func (a *Answer) ids() []string {
	e := a.Entry
	return []string{e.ListID1, e.ListID2, e.ListID3, e.ListID4, e.ListID5, e.ListID6}
}

// who is the student in the school's own words.
func (a *Answer) who() []string {
	e := a.Entry
	return append(a.ids(), e.LastName, e.FirstName, e.BirthDate.String(), e.Grade)
}

// rows are the student's rows of the sheet: one for each vaccine that the law asks for, or a single one.
func (a *Answer) rows(day table.Date) [][]string {
	var list [][]string
	id, again := "", ""
	if a.ClientID != 0 {
		id = fmt.Sprint(a.ClientID)
	}
	row, _ := a.row(day)
	if row != nil && !row.Recheck.zero() {
		again = row.Recheck.after(day).String()
	}
	for _, v := range a.Verdicts {
		if v.Status == NotRequired {
			continue
		}
		doses := ""
		if a.Class == Sure {
			doses = fmt.Sprint(v.Doses)
		}
		list = append(list, append(a.who(), string(a.Class), id, a.Law.vaccine(v.Vaccine).Name, string(v.Status), v.Reason, doses,
			v.Deadline.String(), v.NextOn.String(), again))
	}
	if len(list) == 0 {
		list = append(list, append(a.who(), string(a.Class), id, "", string(NotRequired), "the law asks for nothing", "", "", "", again))
	}
	return list
}

func (a *Answer) row(day table.Date) (*Row, string) {
	if a.Law == nil {
		return nil, "there are no rules for this state and place"
	}
	return a.Law.row(&Student{Grade: a.Entry.Grade, Born: a.Entry.BirthDate}, day)
}

var doseColumns = slices.Concat(idColumns, []string{"miic_client_id", "first_name", "last_name", "birth_date", "sex_code",
	"race_code", "ethnicity_code", "immunization_id", "vaccine_group_name", "cpt_code", "cvx_code", "trademark_name",
	"vaccination_date", "administration_route_code", "body_site_code", "manufacturer_code", "historical_ind",
	"historical_lot_number"})

// writeDoses writes the doses of those who are surely matched, with a bar between two values. A school's own number is
// written as it came, but for a bar or a line's end, which no value of this form can hold.
func writeDoses(w io.Writer, list []Answer, c Config) error {
	line := func(cells []string) error {
		for i, cell := range cells {
			if strings.ContainsAny(cell, "|\r\n") {
				cells[i] = strings.NewReplacer("|", " ", "\r", " ", "\n", " ").Replace(cell)
			}
		}
		_, err := io.WriteString(w, strings.Join(cells, "|")+"\n")
		return err
	}
	if err := line(slices.Clone(doseColumns)); err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		for _, d := range a.Doses {
			historical, p := "N", &a.Person
			if d.CPT == "" { // nobody reported one: where the product has one code only, it is that
				d.CPT = c.CPT[d.CVX]
			}
			if d.Historical {
				historical = "Y"
			}
			if err := line(append(a.ids(), fmt.Sprint(a.ClientID), csvfile.Cell(p.FirstName), csvfile.Cell(p.LastName),
				p.BirthDate.String(), p.Sex, strings.ReplaceAll(p.Race, "|", ";"), p.Ethnicity, d.ID,
				strings.Join(c.Products[d.CVX], ";"), d.CPT, fmt.Sprintf("%02d", d.CVX), csvfile.Cell(d.Trade), d.On.String(),
				csvfile.Cell(d.Route), csvfile.Cell(d.Site), d.MVX, historical, csvfile.Cell(d.Lot))); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeImport writes a row for each dose and vaccine group: the school's two numbers, the group, and the day as
// MM/DD/YYYY. A product of several groups has a row for each.
func writeImport(w io.Writer, list []Answer, c Config) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for i := range list {
		a := &list[i]
		for _, d := range a.Doses {
			y, m, day := d.On.YMD()
			for _, group := range c.Products[d.CVX] {
				if err := out.Write([]string{a.Entry.ListID1, a.Entry.ListID2, group, fmt.Sprintf("%02d/%02d/%04d", m, day, y)}); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}
