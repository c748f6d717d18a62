// Package healthcard makes SMART Health Cards: a person's vaccinations, signed by the registry so that anybody can check
// them without it, as a file and as QR codes; and it checks them.
//
// It promises that a card holds no more than name, birth date, and the day and product of each dose; that the same person
// and key give the same bytes; and that Verify refuses a card of which anything was changed.
package healthcard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/flate"
)

// A Card is what is signed.
type Card struct {
	Issuer string    `json:"issuer"` // URL; the public keys are at .well-known/jwks.json below it
	Issued time.Time `json:"issued"` // it is valid from then on
	Family string    `json:"family,omitempty"`
	Given  []string  `json:"given,omitempty"`
	Birth  string    `json:"birth_date,omitempty"` // YYYY-MM-DD
	Doses  []Dose    `json:"doses"`
}

// A Dose is one dose on a card.
type Dose struct {
	CVX int16  `json:"cvx"`
	On  string `json:"date"` // YYYY-MM-DD
}

// The parts of a card, in FHIR's names: only what the specification lets in.
type (
	payload struct {
		Issuer    string     `json:"iss"`
		NotBefore int64      `json:"nbf"`
		VC        credential `json:"vc"`
	}
	credential struct {
		Type    []string `json:"type"`
		Subject subject  `json:"credentialSubject"`
	}
	subject struct {
		Version string `json:"fhirVersion"`
		Bundle  bundle `json:"fhirBundle"`
	}
	bundle struct {
		ResourceType string  `json:"resourceType"`
		Type         string  `json:"type"`
		Entry        []entry `json:"entry"`
	}
	entry struct {
		FullURL  string   `json:"fullUrl"`
		Resource resource `json:"resource"`
	}
	resource struct { // a Patient or an Immunization
		ResourceType string     `json:"resourceType"`
		Name         []nameFHIR `json:"name,omitempty"`
		BirthDate    string     `json:"birthDate,omitempty"`
		Status       string     `json:"status,omitempty"`
		VaccineCode  *concept   `json:"vaccineCode,omitempty"`
		Patient      *reference `json:"patient,omitempty"`
		Occurrence   string     `json:"occurrenceDateTime,omitempty"`
	}
	nameFHIR struct {
		Family string   `json:"family,omitempty"`
		Given  []string `json:"given,omitempty"`
	}
	concept struct {
		Coding []coded `json:"coding"`
	}
	coded struct {
		System string `json:"system"`
		Code   string `json:"code"`
	}
	reference struct {
		Reference string `json:"reference"`
	}
)

const (
	cvxSystem = "http://hl7.org/fhir/sid/cvx"
	fhir      = "4.0.1"
)

var cardTypes = []string{"https://smarthealth.cards#health-card", "https://smarthealth.cards#immunization"}

// payload is the card as it is signed, before it is compressed: JSON without blanks.
func (c *Card) payload() ([]byte, error) {
	person := resource{ResourceType: "Patient", BirthDate: c.Birth}
	if c.Family != "" || len(c.Given) > 0 {
		person.Name = []nameFHIR{{c.Family, c.Given}}
	}
	b := bundle{ResourceType: "Bundle", Type: "collection", Entry: []entry{{"resource:0", person}}}
	for i, d := range c.Doses {
		b.Entry = append(b.Entry, entry{"resource:" + strconv.Itoa(i+1), resource{ResourceType: "Immunization", Status: "completed",
			VaccineCode: &concept{[]coded{{cvxSystem, fmt.Sprintf("%02d", d.CVX)}}}, Patient: &reference{"resource:0"}, Occurrence: d.On}})
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	err := e.Encode(payload{c.Issuer, c.Issued.Unix(), credential{cardTypes, subject{fhir, b}}})
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), err
}

// read is the card of a payload. What a card of another issuer has beside is passed over.
func read(text []byte) (*Card, error) {
	var p payload
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, errors.New("what is signed is no SMART Health Card")
	}
	c := &Card{Issuer: p.Issuer, Issued: time.Unix(p.NotBefore, 0).UTC(), Doses: []Dose{}}
	for _, e := range p.VC.Subject.Bundle.Entry {
		r := e.Resource
		switch r.ResourceType {
		case "Patient":
			c.Birth = r.BirthDate
			if len(r.Name) > 0 {
				c.Family, c.Given = r.Name[0].Family, r.Name[0].Given
			}
		case "Immunization":
			if r.VaccineCode == nil {
				continue
			}
			for _, code := range r.VaccineCode.Coding {
				if n, err := strconv.ParseInt(code.Code, 10, 16); err == nil && code.System == cvxSystem {
					c.Doses = append(c.Doses, Dose{int16(n), r.Occurrence})
				}
			}
		}
	}
	return c, nil
}

// packers are kept from card to card: a new one takes a megabyte.
var packers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestCompression)
	if err != nil {
		panic("healthcard: " + err.Error()) // the level is one that the library has
	}
	return w
}}

// packed is a text deflated, without a head of any kind.
func packed(text []byte) ([]byte, error) {
	var out bytes.Buffer
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(&out)
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

// most is how large a payload may be: larger ones are no cards.
const most = 1 << 20

func unpacked(data []byte) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(data)), most+1))
	if err != nil || len(text) > most {
		return nil, errors.New("what is signed is not compressed as a SMART Health Card is")
	}
	return text, nil
}

// File is a card as a .smart-health-card file has it.
func File(jws string) ([]byte, error) {
	text, err := json.Marshal(map[string][]string{"verifiableCredential": {jws}})
	return append(text, '\n'), err
}

// Cards finds the cards in what somebody hands over: a .smart-health-card file, or the text of a card or of its QR codes,
// one a line and in any order.
func Cards(text string) ([]string, error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	if strings.HasPrefix(text, "{") {
		var file struct {
			Cards []string `json:"verifiableCredential"`
		}
		if err := json.Unmarshal([]byte(text), &file); err != nil || len(file.Cards) == 0 {
			return nil, errors.New("this is no SMART Health Card: the file has no verifiableCredential")
		}
		return file.Cards, nil
	}
	lines := strings.Fields(text)
	if len(lines) == 0 {
		return nil, errors.New("there is nothing to check")
	}
	if strings.HasPrefix(strings.ToLower(lines[0]), scheme) {
		card, err := join(lines)
		return []string{card}, err
	}
	return lines, nil
}
