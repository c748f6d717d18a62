package number

import (
	"fmt"
	"slices"

	"miic/internal/table"
)

// A Request is one version of what a family asks for, under a number that may have been another family's.
type Request struct {
	GivenID   string     `col:"given_id" doc:"sender/ the number as sent"`
	RequestID string     `col:"request_id" doc:"the id under which it is stored; of tonight's as sent"`
	FirstName string     `col:"first_name,null" doc:"given name"`
	LastName  string     `col:"last_name,null" doc:"surname"`
	BirthDate table.Date `col:"birth_date" doc:"birth date"`
	File      int32      `col:"file_no" doc:"file of the night; 0 for earlier nights"`
	Unit      int64      `col:"unit" doc:"unit"`
}

// A RenumberedRequest is a request of tonight whose number was another person's.
type RenumberedRequest struct {
	File  int32  `col:"file_no" doc:"file of the night"`
	Unit  int64  `col:"unit" doc:"unit"`
	NewID string `col:"new_id" doc:"the id under which it is kept"`
}

// IdentifyRequests finds those of one number that are about another person than before: lists begin anew each year, and
// the wish of one family must not take the place of another's. Requests come as they were made.
func IdentifyRequests(requests []Request) []RenumberedRequest {
	known := map[string][]*Request{}
	for i := range requests {
		if r := &requests[i]; r.File == 0 {
			known[r.RequestID] = append(known[r.RequestID], r)
		}
	}
	var out []RenumberedRequest
	for i := range requests {
		r := &requests[i]
		if r.File == 0 {
			continue
		}
		id := r.GivenID
		for n := 2; len(known[id]) > 0 && !slices.ContainsFunc(known[id], r.same); n++ {
			id = fmt.Sprintf("%s~%02d", r.GivenID, n)
		}
		known[id] = append(known[id], r)
		if id != r.GivenID {
			out = append(out, RenumberedRequest{r.File, r.Unit, id})
		}
	}
	return out
}

// same reports two versions about one person: of given name, surname and birth date two agree, and a birth date or name
// that one of them lacks says nothing.
func (r *Request) same(other *Request) bool {
	a := &Version{FirstName: r.FirstName, LastName: r.LastName, BirthDate: r.BirthDate}
	b := &Version{FirstName: other.FirstName, LastName: other.LastName, BirthDate: other.BirthDate}
	differ := 0
	for _, d := range []bool{givenDiffer(a, b), surnamesDiffer(a, b), a.facts().Contradicts(b.facts())} {
		if d {
			differ++
		}
	}
	return differ < 2 && !(differ == 1 && (r.BirthDate == 0 || other.BirthDate == 0))
}
