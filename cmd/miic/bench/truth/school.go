package truth

import (
	"context"
	"fmt"
	"path/filepath"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/linkage/standard"
	"miic/reports/school"
)

// Schools is how the answer to the roster of all students compares with the truth.
type Schools struct {
	Students int   `json:"students"`
	Sure     Share `json:"surely_matched"`                 // of the students who may be shown
	Right    Share `json:"matched_to_the_right_person"`    // of the surely matched
	Statuses Share `json:"every_status_right"`             // of the surely matched
	Hidden   int   `json:"restricted_or_dead_but_matched"` // must be none
}

// Schools answers the roster by the newest night, and compares each student's statuses with those by the doses that
// were really given, as far as any delivery tells them.
func (m *Measurement) Schools(ctx context.Context, e *engine.Engine, c school.Config, roster []table.RosterEntry) (*Schools, error) {
	s, l := m.state, m.options.Lake
	who := map[string]*person{}
	if err := standard.ReadCSV(filepath.Join(m.options.Truth, "students.csv"), []string{"id_1", "person_id"}, func(line *standard.Line) error {
		who[line.Get("id_1")] = s.of(line)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("the state's truth: %w", err)
	}
	night, err := l.Head()
	if err != nil {
		return nil, err
	}
	asOf, err := night.Date()
	if err != nil {
		return nil, err
	}
	if err := school.View(ctx, e, l.FilesOf(night)); err != nil {
		return nil, err
	}
	answers, err := school.Find(ctx, e, c, school.Roster{Place: school.ForSchool, Students: roster}, nil, asOf)
	if err != nil {
		return nil, err
	}
	r, _, err := readClients(func(t *table.Table) []string { return l.Files(night, t.Name) }, s)
	if err != nil {
		return nil, err
	}
	out := &Schools{Students: len(answers)}
	for i := range answers {
		a := &answers[i]
		p := who[a.Entry.ListID1]
		if p == nil || p.on(night.AsOf) == nil { // no delivery has told of the child
			if a.Class == school.Sure {
				out.Right.add(false)
				out.Statuses.add(false)
			}
			continue
		}
		facts := p.on(night.AsOf)
		hidden := facts.optedOut != "" || facts.locked != "" || facts.died != ""
		if hidden {
			if a.Class == school.Sure {
				out.Hidden++
			}
			continue
		}
		out.Sure.add(a.Class == school.Sure)
		if a.Class != school.Sure {
			continue
		}
		out.Right.add(r.clients[a.ClientID].records[p] > 0)
		out.Statuses.add(same(a, p, night.AsOf, asOf))
	}
	return out, nil
}

// varicella is the code of a past chickenpox in the truth.
const varicella = "38907003"

// same reports whether each status of an answer is that by the truth.
func same(a *school.Answer, p *person, night string, asOf table.Date) bool {
	var doses []school.Dose
	for i := range p.doses {
		if on, cvx, ok := p.doses[i].known(night); ok {
			doses = append(doses, school.Dose{On: on, CVX: cvx})
		}
	}
	var evidence []school.Evidence
	for _, s := range p.said {
		if s.night <= night && !s.refusal && s.code == varicella {
			evidence = append(evidence, school.Evidence{Group: "Varicella", Immune: true})
		}
	}
	student := a.Student()
	student.Born = p.birth
	for i, v := range a.Law.Judge(&student, true, doses, evidence, asOf) {
		if a.Verdicts[i].Status != v.Status {
			return false
		}
	}
	return true
}
