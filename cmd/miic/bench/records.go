package bench

import (
	"context"
	"fmt"
	"path/filepath"

	"miic/internal/table"
	"miic/reports/healthcard"
	"miic/reports/letter"
	"miic/reports/record"
)

// lettersARecord is how many letters are measured for each official record: 10,000 records for 100,000 letters.
const lettersARecord = 10

// writeRecords issues the official records of n made-up children of 24 doses each, signed, as all their files: on paper, as
// rows, as a document and as a SMART Health Card.
func writeRecords(ctx context.Context, dir string, n int, seed uint64, mail *letter.Mail) ([]letter.Drawn, error) {
	key, err := healthcard.NewKey()
	if err != nil {
		return nil, err
	}
	site := record.Settings{Issuer: "https://registry.example/card", Key: key}
	list := make([]*record.Record, n)
	for i := range list {
		list[i] = madeUpRecord(seed, i)
		if err := list[i].Issue(record.Issue{Mail: mail, On: madeUpDay, AsOf: madeUpDay - 1, Language: letter.English}); err != nil {
			return nil, err
		}
	}
	written, err := site.Write(ctx, dir, list, mail.Catalog)
	files := make([]letter.Drawn, len(written))
	for i, f := range written {
		files[i].File = filepath.Join(dir, f.Name)
		if filepath.Ext(f.Name) == ".pdf" {
			files[i].Pieces = 1
		}
	}
	return files, err
}

// madeUpRecord is the n-th child's.
func madeUpRecord(seed uint64, n int) *record.Record {
	x := (seed + uint64(n)*2654435761) * 0x9E3779B97F4A7C15
	born := madeUpDay - table.Date(800+x>>33%5000)
	groups := []string{"HepB", "DTaP/Tdap/Td", "Polio", "MMR", "Varicella", "Hib", "Pneumococcal", "Rotavirus"}
	r := &record.Record{RegistryID: int64(n + 1), FirstName: fmt.Sprint("Child", n), LastName: "Ñúñez", BirthDate: record.Day(born),
		Facts: []record.Fact{}}
	for k := range 24 {
		r.Doses = append(r.Doses, record.Dose{On: record.Day(born + table.Date(30*k)), CVX: int16(8 + k), TradeName: "ENGERIX-B",
			Lot: fmt.Sprint("L", n%97, k), Source: "given", Counts: []record.Count{{Group: groups[k%len(groups)], Counts: record.Yes}}})
	}
	r.Next = []record.Next{{Group: "MMR", Earliest: record.Day(madeUpDay), From: record.Day(madeUpDay + 9), LateFrom: record.Day(madeUpDay + 60)}}
	return r
}
