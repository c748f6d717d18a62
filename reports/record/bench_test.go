package record

import (
	"fmt"
	"testing"

	"miic/internal/table"
)

// BenchmarkTenThousandRecords writes the files of 10,000 children with 24 doses each, signed: PDF, CSV, JSON and card.
func BenchmarkTenThousandRecords(b *testing.B) {
	c := catalog(b)
	s := Settings{Issuer: "https://example.org/iis", Key: aKey(b)}
	groups := []string{"HepB", "DTaP/Tdap/Td", "Polio", "MMR", "Varicella", "Hib", "Pneumococcal", "Rotavirus"}
	var list []*Record
	for i := range 10_000 {
		r := &Record{RegistryID: int64(i + 1), FirstName: fmt.Sprint("Child", i), LastName: "Ñúñez", BirthDate: Day(born - table.Date(i%3000)), Facts: []Fact{}}
		for k := range 24 {
			r.Doses = append(r.Doses, Dose{On: r.BirthDate + Day(30*k), CVX: int16(8 + k), TradeName: "ENGERIX-B", Source: "given",
				Counts: []Count{{groups[k%len(groups)], Yes, nil}}})
		}
		r.Next = []Next{{"MMR", Day(asOf), Day(asOf + 9), Day(asOf + 60)}}
		if err := r.Issue(issue(c, "en")); err != nil {
			b.Fatal(err)
		}
		list = append(list, r)
	}
	for b.Loop() {
		if _, err := s.Write(b.Context(), b.TempDir(), list, c); err != nil {
			b.Fatal(err)
		}
	}
}
