// Package recipient knows who receives what: each organisation is a file of the site, recipients/<id>.yaml, with its
// kind, what it may receive, the law and the purpose, the agreement and its end, a contact and its public keys.
//
// An output about persons has exactly one recipient, of a kind that may have it, under an agreement that has not ended
// by the night's date; else it is not written. A file with a mistake is refused, with the line, and takes nobody else's
// file with it.
package recipient

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"miic/internal/table"
	"miic/reports/csvfile"
)

// What may be received: folders below out/, each of one region, clinic, plan or state, and what commands write on demand.
const (
	Regions     = "regions"  // regions/<region>: a region's letters and lists
	State       = "state"    // the whole state's
	Clinics     = "clinics"  // clinics/<sender>: a clinic's own patients
	Plans       = "plans"    // plans/<sender>: a health plan's current members
	States      = "states"   // states/<postal code>: residents of another state
	Schools     = "schools"  // schools/<sender>: a school's own students
	Students    = "students" // a roster that is answered on demand
	Newborns    = "newborns" // whose families get the notification with the birth packet
	Susceptible = "susceptible"
	Lot         = "lot"
	Records     = "records"   // of single persons, on demand
	Extract     = "extract"   // of a night's data without names, for a study
	Coverage    = "coverage"  // figures of any size, on demand
	Addresses   = "addresses" // that will be mailed, for an address vendor, on demand
)

// The kinds of organisation that Minn. Stat. 144.3351 names, other states' registries, and who works for the registry.
const (
	provider     = "provider"
	plan         = "group purchaser"
	school       = "school"
	childCare    = "child care"
	postSecond   = "post-secondary institution"
	board        = "community health board"
	action       = "community action agency"
	commissioner = "commissioner of health"
	otherState   = "other state's registry"
	contractor   = "contractor of the registry" // such as a mailing house
)

// permitted are the kinds that may have an output.
var permitted = map[string][]string{
	Regions:     {board, commissioner, contractor},
	State:       {commissioner, contractor},
	Clinics:     {provider, commissioner},
	Plans:       {plan, commissioner},
	States:      {otherState},
	Schools:     {school, childCare, postSecond, commissioner},
	Students:    {school, childCare, postSecond, commissioner},
	Newborns:    {commissioner, contractor},
	Susceptible: {board, commissioner, provider, school, childCare, postSecond},
	Lot:         {board, commissioner, provider},
	Extract:     {commissioner, board},
	Coverage:    {board, commissioner},
	Addresses:   {contractor},
	Records:     {provider, plan, school, childCare, postSecond, board, action, commissioner},
}

// kinds are all kinds.
func kinds() []string {
	var list []string
	for _, of := range permitted {
		list = append(list, of...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// outputs are all outputs, as an entry writes them.
func outputs() string {
	return "regions/REGION, state, clinics/SENDER, plans/SENDER, schools/SENDER, states/CODE, newborns, students, susceptible, lot, records, coverage or addresses"
}

// scoped reports whether an output is one of several: of which, the word after the slash is.
func scoped(output string) bool {
	return output == Regions || output == Clinics || output == Plans || output == States || output == Schools
}

// Nightly reports that an output, as an entry names it, is a folder that nights write: not what commands write on demand.
func Nightly(output string) bool {
	what, _, of := strings.Cut(output, "/")
	return output == State || output == Newborns || of && scoped(what)
}

// Folder is where below out/ the files of an output lie, and how an entry names it.
func Folder(output, of string) string { return path.Join(output, of) }

// A Recipient is one entry.
type Recipient struct {
	ID        string    `yaml:"-"` // the file's name without .yaml: it names the recipient's bundle
	Name      string    `yaml:"name"`
	Kind      string    `yaml:"kind"`
	Receives  []string  `yaml:"receives"` // as Folder names them
	Basis     string    `yaml:"basis"`    // the law that permits it
	Purpose   string    `yaml:"purpose"`
	Agreement Agreement `yaml:"agreement"`
	Contact   Contact   `yaml:"contact"`
	Keys      []string  `yaml:"keys"`  // age recipients: its bundle is encrypted to all of them
	Plain     bool      `yaml:"plain"` // it may be handed the plain folder: on a medium or a share that the site protects
	CSV       CSV       `yaml:"csv"`
	XLSX      bool      `yaml:"xlsx"` // lists for programs (of plans and other states) come as workbooks too
	Cuts      Cuts      `yaml:"cuts"`
}

// Cuts are lists that a recipient of regions gets beside those of the whole region: of single counties, and of people
// whom its clinics care for and who live elsewhere.
type Cuts struct {
	Counties []string `yaml:"counties"` // by name or FIPS code; read: FIPS codes
	Clinics  []string `yaml:"clinics"`  // sender ids
}

// Agreement is what permits to hand data over.
type Agreement struct {
	ID     string     `yaml:"id"`
	EndsOn string     `yaml:"ends"` // as it is written
	Ends   table.Date `yaml:"-"`    // the last day on which it holds
}

// Contact is whom to ask at the recipient.
type Contact struct {
	Name  string `yaml:"name"`
	Phone string `yaml:"phone"`
	Email string `yaml:"email"`
}

// CSV is how the recipient's programs want CSV files.
type CSV struct {
	BOM       bool   `yaml:"bom"`       // begins with a byte-order mark, as spreadsheets want it
	Separator string `yaml:"separator"` // a comma where it is empty; or a semicolon or a tab
}

// Style is how files for the recipient are written.
func (c CSV) Style() csvfile.Style {
	return csvfile.Style{BOM: c.BOM, Comma: map[string]rune{";": ';', "tab": '\t'}[c.Separator]}
}

// ChildCare reports whether the recipient is child care: another law holds for its children.
func (r *Recipient) ChildCare() bool { return r.Kind == childCare }

// Disclose is one person in an output that the recipient gets.
func (r *Recipient) Disclose(snapshot int64, output string, clientID int64) table.Disclosure {
	return table.Disclosure{Snapshot: snapshot, Output: output, ClientID: clientID,
		Recipient: r.Name, Kind: r.Kind, Basis: r.Basis, Purpose: r.Purpose}
}

// The kinds of the notes about recipients: what nobody receives and why, and whose agreement ends soon.
const (
	NotReceived = "not received"
	EndsSoon    = "agreement ends"
)

// endsSoon is how many days before its end an agreement is named.
const endsSoon = 60

// A Book is all entries of a site, and what is wrong with those that were refused.
type Book struct {
	Folder     string `json:"-"` // of the entries
	Recipients []Recipient
	Faults     []string // recipients/<file>:<line>: what, and what to do
}

// By returns the entry of an id.
func (b *Book) By(id string) *Recipient {
	for i := range b.Recipients {
		if b.Recipients[i].ID == id {
			return &b.Recipients[i]
		}
	}
	return nil
}

// For returns who receives an output, as Folder names it, on a day; or why nobody does.
func (b *Book) For(output string, asOf table.Date) (*Recipient, string) {
	for i := range b.Recipients {
		if r := &b.Recipients[i]; slices.Contains(r.Receives, output) {
			if why := r.barred(asOf); why != "" {
				return nil, why
			}
			return r, ""
		}
	}
	return nil, "no recipient's entry names " + output
}

// May returns the recipient of an id for what a command writes on demand; or an error that says why it may not have it.
func (b *Book) May(id, output string, asOf table.Date) (*Recipient, error) {
	r := b.By(id)
	if r == nil {
		for _, f := range b.Faults {
			if strings.HasPrefix(f, id+".yaml:") {
				return nil, fmt.Errorf("recipient %s was refused: %s", id, f)
			}
		}
		return nil, fmt.Errorf("there is no recipient %s: an entry %s.yaml in %s makes it one", id, id, b.Folder)
	}
	if !slices.Contains(r.Receives, output) {
		return nil, fmt.Errorf("recipient %s may not have it: its entry does not receive %s", id, output)
	}
	if why := r.barred(asOf); why != "" {
		return nil, fmt.Errorf("recipient %s may not have it: %s", id, why)
	}
	return r, nil
}

// barred is why a recipient gets no file on a day.
func (r *Recipient) barred(asOf table.Date) string {
	switch {
	case r.Agreement.Ends < asOf:
		return fmt.Sprintf("agreement %s with %s ended on %s", r.Agreement.ID, r.Name, r.Agreement.Ends)
	case len(r.Keys) == 0 && !r.Plain:
		return fmt.Sprintf("%s has no key, and its entry does not allow the plain folder", r.Name)
	}
	return ""
}

// Notes are what, beside Faults, a person must know of the recipients on a day: what nobody receives and why, among these
// the outputs that every night makes; and whose agreement ends within 60 days.
func (b *Book) Notes(asOf table.Date, nightly []string) (notReceived, endSoon []string) {
	for i := range b.Recipients {
		r := &b.Recipients[i]
		if why := r.barred(asOf); why != "" {
			notReceived = append(notReceived, fmt.Sprintf("%s.yaml: %s", r.ID, why))
		} else if days := int(r.Agreement.Ends - asOf); days <= endsSoon {
			endSoon = append(endSoon, fmt.Sprintf("agreement %s with %s ends on %s", r.Agreement.ID, r.Name,
				r.Agreement.Ends))
		}
	}
	for _, output := range nightly {
		if !slices.ContainsFunc(b.Recipients, func(r Recipient) bool { return slices.Contains(r.Receives, output) }) {
			notReceived = append(notReceived, "no recipient's entry names "+output)
		}
	}
	return notReceived, endSoon
}
