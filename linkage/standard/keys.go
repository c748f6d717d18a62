package standard

import (
	"hash/fnv"
	"strconv"

	"miic/internal/table"
)

// A KeyPart is one part of a blocking key.
type KeyPart struct {
	Fields  string                             // columns of standard_record that it is made of, joined by blanks
	Value   func(*table.StandardRecord) string // empty where the record lacks it
	Refines bool                               // it may refine a key that too many records have
}

// KeyPartOf returns the part of that name; false if there is none.
func KeyPartOf(name string) (KeyPart, bool) {
	p, ok := keyParts[name]
	return p, ok
}

// keyParts are the parts that a model's blocking rules may name.
var keyParts = map[string]KeyPart{
	"first":        {"first", func(r *table.StandardRecord) string { return r.First }, true},
	"first_code":   {"first", func(r *table.StandardRecord) string { return r.FirstCode }, false},
	"first_3":      {"first", func(r *table.StandardRecord) string { return r.First[:min(3, len(r.First))] }, true},
	"last":         {"last", func(r *table.StandardRecord) string { return r.Last }, true},
	"last_3":       {"last", func(r *table.StandardRecord) string { return r.Last[:min(3, len(r.Last))] }, true},
	"last_code":    {"last", func(r *table.StandardRecord) string { return r.LastCode }, false},
	"names_sorted": {"first last", func(r *table.StandardRecord) string { return sorted(r.First, r.Last) }, false},
	"starts_sorted": {"first last", func(r *table.StandardRecord) string {
		return sorted(r.First[:min(3, len(r.First))], r.Last[:min(3, len(r.Last))])
	}, false},
	"birth_date":    {"birth_iso", func(r *table.StandardRecord) string { return r.BirthISO }, true},
	"birth_year":    {"birth_iso", func(r *table.StandardRecord) string { return cut(r.BirthISO, 0, 4) }, true},
	"birth_month":   {"birth_iso", func(r *table.StandardRecord) string { return cut(r.BirthISO, 0, 7) }, true},
	"birth_day":     {"birth_iso", func(r *table.StandardRecord) string { return cut(r.BirthISO, 5, 10) }, true},
	"street":        {"street", func(r *table.StandardRecord) string { return r.Street }, false},
	"zip":           {"zip", func(r *table.StandardRecord) string { return r.ZIP }, true},
	"city":          {"city", func(r *table.StandardRecord) string { return r.City }, true},
	"phone":         {"phone", func(r *table.StandardRecord) string { return r.Phone }, false},
	"email":         {"email", func(r *table.StandardRecord) string { return r.Email }, false},
	"mother_first":  {"mother_first", func(r *table.StandardRecord) string { return r.MotherFirst }, false},
	"mother_maiden": {"mother_maiden", func(r *table.StandardRecord) string { return r.MotherMaiden }, false},
	"medicaid":      {"medicaid_id", func(r *table.StandardRecord) string { return r.MedicaidID }, false},
	"chart":         {"chart", func(r *table.StandardRecord) string { return r.Chart }, false},
	"birth_cert":    {"birth_cert", func(r *table.StandardRecord) string { return r.BirthCert }, false},
	"ssn":           {"ssn", func(r *table.StandardRecord) string { return r.SSN }, false},
}

// sorted puts two names in one order, so that records with swapped names meet.
func sorted(a, b string) string {
	if a == "" || b == "" {
		return ""
	}
	return min(a, b) + " " + max(a, b)
}

func cut(s string, from, to int) string {
	if len(s) < to {
		return ""
	}
	return s[from:to]
}

// SetKeys computes the key of each blocking rule.
func (s *Standardiser) SetKeys(r *table.StandardRecord) {
	for i, parts := range s.keys {
		h := fnv.New64a()
		h.Write([]byte(strconv.Itoa(i)))
		known := true
		for _, part := range parts {
			v := keyParts[part].Value(r)
			known = known && v != ""
			h.Write([]byte{0})
			h.Write([]byte(v))
		}
		if known {
			*r.At(i) = int64(h.Sum64())
		}
	}
}
