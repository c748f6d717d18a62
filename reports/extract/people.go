package extract

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"

	"miic/internal/engine"
)

// KeyBytes is how long a study's key is, at least.
const KeyBytes = 32

// maxShift is by how many days, at most, all dates of a person are moved.
const maxShift = 15

// pseudonym is a person's number in a study, which is positive, and by how many days all dates of the person are moved in
// it. Without the key nobody can find out either.
func pseudonym(key []byte, client int64) (number int64, shift int32) {
	mac := hmac.New(sha256.New, key)
	var id [8]byte
	binary.BigEndian.PutUint64(id[:], uint64(client))
	mac.Write(id[:])
	sum := mac.Sum(nil)
	return int64(binary.BigEndian.Uint64(sum) >> 1), int32(binary.BigEndian.Uint64(sum[8:])%(2*maxShift+1)) - maxShift
}

// A level is how much of a person is described. Each is a coarser form of the one before, so that what is in both can be
// compared.
type level struct {
	months                                         int // of the period of birth
	sex, race, ethnicity, language, county, region bool
}

// levels are tried in their order: a person gets the first of which enough people share the description, among those who
// have got none yet.
var levels = []level{
	{1, true, true, true, true, true, true},
	{1, true, true, true, false, true, true},
	{1, true, false, false, false, true, true},
	{1, true, true, true, false, false, true},
	{1, true, false, false, false, false, true},
	{12, true, true, true, false, false, true},
	{12, true, false, false, false, false, true},
	{12, false, false, false, false, false, true},
}

type personRow struct {
	ClientID int64 `col:"client_id" doc:"the person"`
}

type pseudonymRow struct {
	ClientID int64 `col:"client_id" doc:"the person"`
	Person   int64 `col:"person" doc:"pseudonym"`
	Shift    int32 `col:"shift" doc:"days by which dates are moved"`
}

// people makes extract_person: who is in the extract, under which pseudonym, and described how coarsely.
func (x *Extract) people(ctx context.Context) error {
	e, o := x.engine, &x.options
	var rows []pseudonymRow
	seen := map[int64]bool{}
	err := engine.Stream(ctx, e, x.queries.Get("candidate"), func(r *personRow) error {
		if !o.Shown(r.ClientID) {
			return nil
		}
		p, shift := pseudonym(o.Key, r.ClientID)
		if seen[p] {
			return fmt.Errorf("two people have one pseudonym: take another key")
		}
		seen[p] = true
		rows = append(rows, pseudonymRow{r.ClientID, p, shift})
		return nil
	})
	if err != nil {
		return err
	}
	if err := engine.Load(ctx, e, "extract_pseudonym", rows); err != nil {
		return err
	}
	if err := e.Materialize(ctx, "extract_left", x.queries.Get("described")); err != nil {
		return err
	}
	var parts []string
	left := engine.Name("extract_left")
	for i, l := range levels {
		described := engine.Name(fmt.Sprintf("extract_level_%d", i))
		shown := []any{"months", l.months, "sex", l.sex, "race", l.race, "ethnicity", l.ethnicity, "language", l.language,
			"county", l.county, "region", l.region}
		if err := e.Materialize(ctx, string(described), x.queries.Get("level", append(shown, "left", left)...)); err != nil {
			return err
		}
		parts = append(parts, x.queries.Get("kept", append(shown, "described", described, "level", i)...))
		left = described
	}
	if err := e.Materialize(ctx, "extract_person", strings.Join(parts, " UNION ALL ")); err != nil {
		return err
	}
	if x.LeftOut, err = e.Int(ctx, fmt.Sprintf("SELECT count(*) FROM %s WHERE class < %d", left, o.Class)); err != nil {
		return err
	}
	type inRow struct {
		ClientID int64 `col:"client_id" doc:"the person"`
		Level    int32 `col:"level" doc:"how coarse"`
	}
	return engine.Stream(ctx, e, "SELECT client_id, level FROM extract_person ORDER BY client_id", func(r *inRow) error {
		x.Levels[int(r.Level)]++
		x.People = append(x.People, r.ClientID)
		return nil
	})
}
