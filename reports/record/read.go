package record

import (
	"context"
	"embed"
	"slices"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/letter"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

var queries = engine.LoadQueries(sqlFiles)

// Tables are those that a record is made of.
var Tables = []*table.Table{table.Clients, table.Immunizations, table.DoseEvaluations, table.Observations, table.ClientLinks,
	table.Forecasts, table.Restrictions, table.ScheduleLines}

// View makes the tables known to the engine.
func View(ctx context.Context, e *engine.Engine, files func(table string) []string) error {
	if err := e.Tables(ctx, files, Tables...); err != nil {
		return err
	}
	return e.Latest(ctx, "latest_observation", table.Observations, table.Observations.Name)
}

type asked struct {
	ClientID int64 `col:"client_id" doc:"the person"`
}

type personRow struct {
	ClientID  int64      `col:"client_id" doc:"the person"`
	First     string     `col:"first_name,null" doc:"given name"`
	Middle    string     `col:"middle_name,null" doc:"middle name"`
	Last      string     `col:"last_name,null" doc:"surname"`
	Suffix    string     `col:"suffix,null" doc:"suffix"`
	Birth     table.Date `col:"birth_date" doc:"date of birth"`
	Language  string     `col:"language,null" doc:"language of the household"`
	Deceased  bool       `col:"deceased" doc:"has died"`
	KeptApart bool       `col:"kept_apart" doc:"opted out, locked or sealed, or possibly"`
}

type doseRow struct {
	ClientID   int64      `col:"client_id" doc:"the person"`
	ID         string     `col:"immunization_id" doc:"the dose"`
	On         table.Date `col:"administered_on" doc:"day it was given"`
	CVX        int16      `col:"cvx" doc:"product"`
	MVX        string     `col:"mvx,null" doc:"manufacturer"`
	TradeName  string     `col:"trade_name,null" doc:"trade name"`
	Lot        string     `col:"lot,null" doc:"lot"`
	Historical bool       `col:"historical" doc:"nobody reports to have given it"`
	Antigen    string     `col:"antigen,null" doc:"antigen that it was judged for"`
	Status     string     `col:"status,null" doc:"what was found"`
	Reasons    string     `col:"reasons,null" doc:"why"`
}

type needRow struct {
	ClientID    int64      `col:"client_id" doc:"the person"`
	Group       string     `col:"vaccine_group" doc:"vaccine group"`
	Status      string     `col:"status" doc:"status"`
	Earliest    table.Date `col:"earliest_on" doc:"earliest day"`
	Recommended table.Date `col:"recommended_on" doc:"recommended day"`
	PastDue     table.Date `col:"past_due_on" doc:"day after which it is late"`
}

// Read gathers what is on record about people, by ascending id; who is not known is left out. The caller has made the
// tables known with View. A record is not issued before Issue.
func Read(ctx context.Context, e *engine.Engine, ids []int64) ([]*Record, error) {
	rows := make([]asked, len(ids))
	for i, id := range ids {
		rows[i].ClientID = id
	}
	if err := engine.Load(ctx, e, "asked_record", rows); err != nil {
		return nil, err
	}
	groups, meanings, err := readSchedule(ctx, e)
	if err != nil {
		return nil, err
	}
	var list []*Record
	of := map[int64]*Record{}
	err = engine.Stream(ctx, e, queries.Get("person"), func(p *personRow) error {
		r := &Record{RegistryID: p.ClientID, FirstName: p.First, MiddleName: p.Middle, LastName: p.Last, Suffix: p.Suffix,
			BirthDate: Day(p.Birth), KeptApart: p.KeptApart, Doses: []Dose{}, Facts: []Fact{},
			preferred: p.Language, deceased: p.Deceased}
		list, of[p.ClientID] = append(list, r), r
		return nil
	})
	if err == nil {
		err = readDoses(ctx, e, of, groups)
	}
	if err == nil {
		err = readNeeds(ctx, e, of)
	}
	if err == nil {
		err = readFacts(ctx, e, of, groups, meanings)
	}
	return list, err
}

// readSchedule reads the vaccine groups of the schedule that the night was made with, and what it makes of observations.
func readSchedule(ctx context.Context, e *engine.Engine) ([]group, map[meaning][]string, error) {
	lines, err := engine.Rows[table.ScheduleLine](ctx, e, "SELECT line, text FROM schedule_line ORDER BY line")
	var groups []group
	for _, l := range lines {
		if g, ok := parseGroup(l.Text); ok {
			groups = append(groups, g)
		}
	}
	return groups, parseMeanings(lines), err
}

func readDoses(ctx context.Context, e *engine.Engine, of map[int64]*Record, groups []group) error {
	type dose struct {
		client int64
		id     string
	}
	key := func(row *doseRow) dose { return dose{row.ClientID, row.ID} }
	return engine.Groups(ctx, e, queries.Get("dose"), key, func(rows []doseRow) error {
		now := &rows[0]
		var list []judged
		for _, row := range rows {
			if row.Status == "" {
				continue
			}
			j := judged{antigen: row.Antigen, status: row.Status}
			if row.Reasons != "" {
				j.reasons = strings.Split(row.Reasons, "|")
			}
			list = append(list, j)
		}
		var antigens []letter.Judged
		for _, j := range list {
			antigens = append(antigens, letter.Judged{Antigen: j.antigen, Status: j.status})
		}
		d := Dose{On: Day(now.On), CVX: now.CVX, MVX: now.MVX, TradeName: now.TradeName, Lot: now.Lot, Source: "given",
			Vaccines: letter.NewGiven(now.CVX, antigens).Keys(), Counts: counts(list, groups)}
		if now.Historical {
			d.Source = "reported"
		}
		r := of[now.ClientID]
		r.Doses = append(r.Doses, d)
		return nil
	})
}

// readNeeds reads what is recommended, and in which groups somebody is immune or may not be vaccinated.
func readNeeds(ctx context.Context, e *engine.Engine, of map[int64]*Record) error {
	return engine.Stream(ctx, e, queries.Get("need"), func(n *needRow) error {
		r, name := of[n.ClientID], n.Group
		switch n.Status {
		case "Immune", "Contraindicated":
			f := Fact{Kind: map[string]string{"Immune": "immunity", "Contraindicated": "contraindication"}[n.Status], Group: name}
			if !slices.Contains(r.Facts, f) {
				r.Facts = append(r.Facts, f)
			}
		default:
			if k := len(r.Next); k == 0 || r.Next[k-1].Group != name { // the standard series before one for a risk
				r.Next = append(r.Next, Next{Group: name, Earliest: Day(n.Earliest), From: Day(n.Recommended), LateFrom: Day(n.PastDue)})
			}
		}
		return nil
	})
}
