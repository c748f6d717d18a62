package letter

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Mail is what a site's mail has beside the words: who sends it, and where vaccines cost little.
type Mail struct {
	Catalog *Catalog
	Offices map[string]Office // by region; the state's has the name StateOffice
	Clinics []LowCost         // in the order of the site's file
}

// StateOffice is the row of offices.csv for every region that has none of its own.
const StateOffice = "state"

// An Office sends letters, and is phoned by families without a clinic.
type Office struct {
	Name    string
	Address []string // the lines of a return address, after the name
	Phone   string
	Line    int `json:"-"` // of the site's file
}

// office is the one of a region, or else the state's. A region's office without a number has the state's.
func (m *Mail) office(region string) Office {
	state := m.Offices[StateOffice]
	o, ok := m.Offices[region]
	if !ok {
		return state
	}
	if o.Phone == "" {
		o.Phone = state.Phone
	}
	return o
}

// LowCost is a clinic that gives vaccines at low or no cost.
type LowCost struct {
	Name, Address, City, ZIP, CountyFIPS, Phone, Note string
}

// nearby are the clinics for a household, at most three: those of its ZIP code first, then those of its county.
func (m *Mail) nearby(zip, county string) []LowCost {
	zip = zip[:min(5, len(zip))]
	var same, near []LowCost
	for _, c := range m.Clinics {
		switch {
		case c.ZIP != "" && c.ZIP == zip:
			same = append(same, c)
		case c.CountyFIPS != "" && c.CountyFIPS == county:
			near = append(near, c)
		}
	}
	list := slices.Concat(same, near)
	return list[:min(3, len(list))]
}

// officeColumns of offices.csv, and clinicColumns of clinics.csv.
var (
	officeColumns = []string{"region", "name", "address_1", "address_2", "city", "state", "zip", "phone"}
	clinicColumns = []string{"name", "address", "city", "zip", "county_fips", "phone", "note"}
)

// ReadOffices reads offices.csv: who sends the letters of the state, and of regions that send their own.
func ReadOffices(r io.Reader) (map[string]Office, error) {
	offices := map[string]Office{}
	err := readRows(r, officeColumns, func(line int, v func(string) string) error {
		region := v("region")
		if _, twice := offices[region]; region == "" || twice {
			return fmt.Errorf("line %d: region is empty or there twice: it is %q, or a region's id", line, StateOffice)
		}
		if v("name") == "" || v("city") == "" || !digits(v("zip"), 5) && !digits(strings.Replace(v("zip"), "-", "", 1), 9) {
			return fmt.Errorf("line %d: a return address has a name, a city and a ZIP code of 5 or 9 digits", line)
		}
		if p := v("phone"); p != "" && !digits(p, 10) {
			return fmt.Errorf("line %d: phone is not ten digits", line)
		}
		o := Office{Name: v("name"), Phone: v("phone"), Line: line}
		for _, l := range []string{v("address_1"), v("address_2"), v("city") + ", " + v("state") + " " + v("zip")} {
			if l != "" {
				o.Address = append(o.Address, l)
			}
		}
		offices[region] = o
		return nil
	})
	if err == nil && len(offices[StateOffice].Address) == 0 {
		err = fmt.Errorf("there is no row for %q: it is the office of all who have none of their own", StateOffice)
	}
	return offices, err
}

// ReadClinics reads clinics.csv: clinics that give vaccines at low or no cost. Each has a ZIP code or a county, by which
// families near it are found.
func ReadClinics(r io.Reader) ([]LowCost, error) {
	var list []LowCost
	err := readRows(r, clinicColumns, func(line int, v func(string) string) error {
		c := LowCost{v("name"), v("address"), v("city"), v("zip"), v("county_fips"), v("phone"), v("note")}
		switch {
		case c.Name == "":
			return fmt.Errorf("line %d: the clinic has no name", line)
		case c.ZIP == "" && c.CountyFIPS == "":
			return fmt.Errorf("line %d: the clinic has neither zip nor county_fips: nobody would be near it", line)
		case c.ZIP != "" && !digits(c.ZIP, 5), c.CountyFIPS != "" && !digits(c.CountyFIPS, 5):
			return fmt.Errorf("line %d: zip and county_fips are five digits each", line)
		case c.Phone != "" && !digits(c.Phone, 10):
			return fmt.Errorf("line %d: phone is not ten digits", line)
		}
		list = append(list, c)
		return nil
	})
	return list, err
}

// readRows reads a CSV file with a header; the columns may stand in any order, and other ones are refused.
func readRows(r io.Reader, columns []string, row func(line int, value func(string) string) error) error {
	c := csv.NewReader(r)
	head, err := c.Read()
	if err != nil {
		return fmt.Errorf("wants the header %s", strings.Join(columns, ","))
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	for i, h := range head {
		if !slices.Contains(columns, h) || slices.Contains(head[:i], h) {
			return fmt.Errorf("line 1: column %q is unknown or there twice: wants %s", h, strings.Join(columns, ","))
		}
	}
	if len(head) != len(columns) {
		return fmt.Errorf("line 1: a column is missing: wants %s", strings.Join(columns, ","))
	}
	for {
		cells, err := c.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := c.FieldPos(0)
		if err := row(line, func(column string) string { return clean(cells[slices.Index(head, column)]) }); err != nil {
			return err
		}
	}
}

func digits(s string, n int) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return len(s) == n && err == nil
}

// Sends reports whether the site has said who sends its letters.
func (m *Mail) Sends() bool { return len(m.Offices) > 0 }
