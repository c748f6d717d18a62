// Package record makes the official immunization record of a person: as rows (CSV), as a document for programs (JSON), on
// paper (PDF), and as a SMART Health Card that anybody can check.
//
// It promises that the same data gives the same bytes, but for a signature; that each dose says whether it counts and, if
// not, why in plain words; that what is recommended stands apart from what was given; and that no record is in a
// language whose words the site has not approved.
package record

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"strings"

	"miic/internal/table"
)

// A Day is a date as a record writes it: YYYY-MM-DD.
type Day table.Date

// MarshalText writes the day.
func (d Day) MarshalText() ([]byte, error) { return []byte(table.Date(d).String()), nil }

// UnmarshalText reads it.
func (d *Day) UnmarshalText(text []byte) error {
	on, err := table.ParseDate(string(text))
	*d = Day(on)
	return err
}

// A Record is what a person's record says. Its JSON form is the record for programs.
type Record struct {
	Issuer      Issuer    `json:"issuer"`
	IssuedOn    Day       `json:"issued_on"`
	AsOf        Day       `json:"as_of"`
	Language    string    `json:"language"`
	RegistryID  int64     `json:"registry_id"`
	FirstName   string    `json:"first_name,omitempty"`
	MiddleName  string    `json:"middle_name,omitempty"`
	LastName    string    `json:"last_name,omitempty"`
	Suffix      string    `json:"suffix,omitempty"`
	BirthDate   Day       `json:"birth_date,omitzero"`
	Doses       []Dose    `json:"doses"`
	Facts       []Fact    `json:"immunity_and_reasons_not_to_vaccinate"`
	HistoryOnly bool      `json:"history_only,omitempty"` // nothing is recommended in it
	KeptApart   bool      `json:"kept_apart,omitempty"`   // opted out or locked: no dose is judged
	Next        []Next    `json:"recommended,omitempty"`
	Required    *Required `json:"required_by_law,omitempty"` // what a school's or child care's copy has
	Limits      string    `json:"limits"`
	Corrections string    `json:"corrections"`
	Code        string    `json:"verification_code"`

	preferred string // language of the household
	deceased  bool
}

// An Issuer is who issues records.
type Issuer struct {
	Name    string   `json:"name"`
	Address []string `json:"address"`
	Phone   string   `json:"phone,omitempty"`
}

// A Dose is one dose that was given.
type Dose struct {
	On        Day      `json:"date"`
	CVX       int16    `json:"cvx"`
	MVX       string   `json:"mvx,omitempty"`
	TradeName string   `json:"trade_name,omitempty"`
	Lot       string   `json:"lot,omitempty"`
	Vaccines  []string `json:"vaccines,omitempty"` // that are in it, by the keys of the files of vaccines
	Source    string   `json:"source"`             // given: the clinic that gave it reports it; or reported
	Counts    []Count  `json:"counts"`             // one for each vaccine group that the dose is of
}

// A Count is whether a dose counts in a vaccine group. A product that is not known is of the group "".
type Count struct {
	Group   string   `json:"vaccine_group"`
	Counts  string   `json:"counts"`            // yes, no, in part or not judged
	Reasons []string `json:"reasons,omitempty"` // why not, by the keys of the words
}

// What a count can be.
const (
	Yes       = "yes"
	No        = "no"
	InPart    = "in_part"
	NotJudged = "not_judged"
)

// A Fact is an immunity, a contraindication, a reaction or an exemption: of a vaccine group as the forecast has it, or as it
// was reported.
type Fact struct {
	Kind  string `json:"kind"`
	Group string `json:"vaccine_group,omitempty"`
	Code  string `json:"code,omitempty"` // as reported, with its system
	CVX   int16  `json:"cvx,omitempty"`
	On    Day    `json:"date,omitzero"`
}

// A Next is a dose that is recommended.
type Next struct {
	Group    string `json:"vaccine_group"`
	Earliest Day    `json:"earliest,omitzero"`
	From     Day    `json:"from"`
	LateFrom Day    `json:"late_after,omitzero"`
}

// JSON is the record for programs.
func (r *Record) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	return append(text, '\n'), err
}

// codeLetters leave out letters that are taken for digits, or for each other, on the telephone.
var codeLetters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// CodeOf works out a record's verification code from all else that the record says: 80 bits of a hash.
func CodeOf(r *Record) (string, error) {
	bare := *r
	bare.Code = ""
	text, err := bare.JSON()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	code := codeLetters.EncodeToString(sum[:10])
	return strings.Join([]string{code[:4], code[4:8], code[8:12], code[12:]}, "-"), nil
}

// Deceased reports whether the person has died.
func (r *Record) Deceased() bool { return r.deceased }

// FullName is the name in the order in which it is said.
func (r *Record) FullName() string {
	return strings.Join(strings.Fields(strings.Join([]string{r.FirstName, r.MiddleName, r.LastName, r.Suffix}, " ")), " ")
}
