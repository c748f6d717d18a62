package extract

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"miic/internal/engine"
	"miic/internal/table"
)

// untilDue is how many days after birth a vaccine of these states is due.
const untilDue = 42

// visit adds what was due on each day on which the newest person was given something: a vaccine untilDue days from birth, and
// one of a season that has begun on a day.
func (s *state) visit(client int64, born table.Date) {
	seen := map[table.Date]bool{}
	if client%300 == silent {
		return
	}
	for _, d := range s.doses {
		if on := d.AdministeredOn; d.ClientID == client && !seen[on] {
			seen[on] = true
			s.visits = append(s.visits, table.VisitGroup{ClientID: client, VisitedOn: on, Group: "MMR", Given: true, Schedule: "4.64"})
			for _, g := range []table.VisitGroup{{Group: "DTaP/Tdap/Td", DueSince: born + untilDue}, {Group: "Influenza", DueSince: seasonBegins, Seasonal: true}} {
				g.ClientID, g.VisitedOn, g.AllowedSince, g.Schedule = client, on, g.DueSince, "4.64"
				if g.DueSince <= on {
					s.visits = append(s.visits, g)
				}
			}
		}
	}
}

// seasonBegins is a day that anybody knows.
var seasonBegins = table.NewDate(2025, 7, 1)

// silent is how the people are numbered, by three hundreds, whose visits were not worked out, as of those who have died.
const silent = 9

// narrow takes from the days on which each person may have been born, moved as the others, those that do not fit what was due on
// some visit. It returns of how many visits that is told.
func narrow(t *testing.T, e *engine.Engine, night table.Date, left map[int64][]guess) int {
	t.Helper()
	type visitFact struct {
		Person   int64      `col:"person"`
		GivenOn  table.Date `col:"given_on"`
		GivenEnd table.Date `col:"given_until"`
		Due      bool       `col:"due"`
		Since    table.Date `col:"due_since"`
		SinceEnd table.Date `col:"since_until"`
	}
	told := 0
	err := engine.Stream(t.Context(), e, "SELECT v.person, v.given_on, v.given_until, v.due <> '' AS due, g.due_since, "+
		"add_months(n.night, -periods_ago(g.due_since, n.night, 1)) AS since_until "+
		"FROM (SELECT CAST('"+night.String()+"' AS DATE) AS night) AS n CROSS JOIN fact_visit AS v JOIN dim_person AS p ON p.person = v.person "+
		"LEFT JOIN fact_visit_group AS g ON g.person = v.person AND g.visit = v.visit AND g.due WHERE p.level < 5 AND v.due IS NOT NULL ORDER BY v.person", func(v *visitFact) error {
		told++
		left[v.Person] = slices.DeleteFunc(left[v.Person], func(g guess) bool {
			day := g.day
			if v.Due && (day+untilDue < v.Since || day+untilDue > v.SinceEnd) {
				return true
			}
			return v.Due && v.GivenEnd < day+untilDue || !v.Due && v.GivenOn >= day+untilDue
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return told
}

// TestNoCalendarDateTellsTheMove: what a day that anybody knows decides, the first of a season or the first day of which visits
// are worked out, is in no fact. It would say by how many days a person's dates are moved.
func TestNoCalendarDateTellsTheMove(t *testing.T) {
	night := table.NewDate(2026, 3, 15) // a season that begins on the first lies in the period before it for one move alone
	s := randomState(6, 500, night)
	o := options(night)
	o.Class = 3
	_, e := written(t, s, o)
	first := o.VisitsFrom.String()
	var unknown []string // pseudonyms of the silent
	for id := int64(silent); id <= int64(len(s.clients)); id += 300 {
		p, _ := pseudonym(o.Key, id)
		unknown = append(unknown, fmt.Sprint(p))
	}
	of := "person IN (" + strings.Join(unknown, ", ") + ")"
	for _, q := range []struct {
		what, sql string
		some      bool
	}{
		{"visits with what was due", "SELECT count(*) FROM fact_visit WHERE due <> ''", true},
		{"visits on which nothing was due", "SELECT count(*) FROM fact_visit WHERE due = ''", true},
		{"visits without", "SELECT count(*) FROM fact_visit WHERE due IS NULL", true},
		{"groups due", "SELECT count(*) FROM fact_visit_group WHERE due AND missed AND due_since IS NOT NULL", true},
		{"groups of a season", "SELECT count(*) FROM fact_visit_group WHERE vaccine_group = 'Influenza'", false},
		{"visits with a group of a season", "SELECT count(*) FROM fact_visit WHERE concat(allowed, due, missed) LIKE '%Influenza%'", false},
		{"visits that may be older", "SELECT count(*) FROM fact_visit WHERE due IS NOT NULL AND given_on < DATE '" + first + "' + 15", false},
		{"visits that are young enough for each move", "SELECT count(*) FROM fact_visit WHERE due IS NULL AND given_on >= DATE '" + first + "' + 15 AND NOT " + of, false},
		{"young visits that were not worked out", "SELECT count(*) FROM fact_visit WHERE given_on >= DATE '" + first + "' + 15 AND " + of, true},
		{"of them, some with what was due", "SELECT count(*) FROM fact_visit WHERE coalesce(allowed, due, missed) IS NOT NULL AND " + of, false},
		{"forecasts with days", "SELECT count(*) FROM fact_forecast WHERE vaccine_group = 'MMR' AND due AND recommended_on IS NOT NULL", true},
		{"forecasts of a season with days", "SELECT count(*) FROM fact_forecast WHERE vaccine_group = 'Influenza' AND " +
			"coalesce(CAST(due AS VARCHAR), CAST(overdue AS VARCHAR), CAST(earliest_on AS VARCHAR), CAST(recommended_on AS VARCHAR), CAST(past_due_on AS VARCHAR)) IS NOT NULL", false},
		{"results of a season", "SELECT count(*) FROM fact_result WHERE measure = 'season' AND met", true},
		{"results of a season whose first day is near to a dose", "SELECT count(*) FROM fact_result WHERE measure = 'season' AND person IN " +
			"(SELECT person FROM fact_dose WHERE given_on - 15 < DATE '2025-07-01' AND given_until + 15 >= DATE '2025-07-01')", false},
		{"results of a season of each person's own", "SELECT count(*) FROM fact_result WHERE measure = 'own-season'", false},
		{"statuses of a season", "SELECT count(*) FROM fact_forecast WHERE vaccine_group = 'Influenza' AND status IS NOT NULL", false},
		{"days beyond the night", "SELECT (SELECT count(*) FROM fact_dose WHERE given_on > DATE '2026-03-15') + " +
			"(SELECT count(*) FROM dim_person WHERE born_from > DATE '2026-03-15')", false},
		{"groups of visits without", "SELECT count(*) FROM fact_visit_group AS g JOIN fact_visit AS v ON v.person = g.person AND v.visit = g.visit " +
			"WHERE v.due IS NULL", false},
	} {
		n, err := e.Int(t.Context(), q.sql)
		if err != nil {
			t.Fatal(err)
		}
		if (n > 0) != q.some {
			t.Errorf("%s: %d", q.what, n)
		}
	}
}
