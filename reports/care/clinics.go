package care

import (
	"context"
	"fmt"
	"strings"

	"miic/internal/engine"
	"miic/internal/table"
	"miic/reports/recipient"
	"miic/reports/sent"
)

// patient is a patient of a clinic, as on each of its lists.
type patient struct {
	Provider      string     `col:"provider" doc:"the clinic"`
	Standing      string     `col:"standing" doc:"status at the clinic"`
	Reason        string     `col:"reason" doc:"rule of it"`
	Since         table.Date `col:"since" doc:"since when"`
	ClientID      int64      `col:"client_id" doc:"the person"`
	Chart         string     `col:"chart,null" doc:"the clinic's own number"`
	FirstName     string     `col:"first_name,null" doc:"given name"`
	LastName      string     `col:"last_name,null" doc:"surname"`
	BirthDate     table.Date `col:"birth_date" doc:"date of birth"`
	Sex           string     `col:"sex,null" doc:"sex"`
	GuardianFirst string     `col:"guardian_first,null" doc:"guardian"`
	GuardianLast  string     `col:"guardian_last,null" doc:"guardian"`
	Phone         string     `col:"phone,null" doc:"phone"`
	Address1      string     `col:"address_1,null" doc:"street line"`
	Address2      string     `col:"address_2,null" doc:"second line"`
	City          string     `col:"city,null" doc:"city"`
	State         string     `col:"state,null" doc:"state"`
	ZIP           string     `col:"zip,null" doc:"ZIP code"`
	Language      string     `col:"language,null" doc:"language"`
	InReview      bool       `col:"in_review" doc:"may be two people, or one with another"`
	NoContact     bool       `col:"no_contact" doc:"the family wants no reminders"`
}

var patientColumns = []string{"chart_number", "registry_id", "last_name", "first_name", "birth_date"}

func (p *patient) cells() []string {
	return []string{p.Chart, fmt.Sprint(p.ClientID), p.LastName, p.FirstName, p.BirthDate.String()}
}

// dueRow is a patient and one need.
type dueRow struct {
	patient
	LastHere     table.Date `col:"last_here_on" doc:"the last dose at the clinic"`
	Notices      int64      `col:"notices" doc:"letters that were sent so far"`
	LastNoticeOn table.Date `col:"last_notice_on" doc:"the day of the last of them"`
	Need
}

// dueColumns of due.csv.
var dueColumns = append(patientColumns[:len(patientColumns):len(patientColumns)],
	"sex", "guardian", "phone", "address_1", "address_2", "city", "state", "zip", "language", "status", "late_since", "days_late", "next_visit", "later", "refused",
	"last_dose_here", "letters", "last_letter", "wants_no_reminders", "in_review")

// faultyRow is a dose that does not count for one of its antigens, with one antigen.
type faultyRow struct {
	patient
	ImmunizationID string     `col:"immunization_id" doc:"the dose"`
	AdministeredOn table.Date `col:"administered_on" doc:"day"`
	CVX            int16      `col:"cvx" doc:"product"`
	Antigen        string     `col:"antigen" doc:"antigen"`
	Evaluation     string     `col:"evaluation" doc:"status of the dose"`
	Reasons        string     `col:"reasons,null" doc:"reasons"`
}

// doseColumns of doses.csv.
var doseColumns = append(patientColumns[:len(patientColumns):len(patientColumns)],
	"dose_date", "cvx", "finding", "antigens")

// leftColumns of left.csv.
var leftColumns = append(patientColumns[:len(patientColumns):len(patientColumns)], "status", "reason", "since")

// summaryColumns of summary.csv.
var summaryColumns = []string{"figure", "count"}

// clinic is what a clinic's files hold.
type clinic struct {
	due, doses, left  []line
	rates, assessment []line
	counts            map[string]int64
}

// figures are the rows of summary.csv, in their order.
var figures = []string{"active patients", "due", "late", "refused", "doses given to active patients in the last year",
	tooEarly, inExcess, "left in the last year"}

// writeClinics writes the files of each clinic.
func writeClinics(ctx context.Context, w *writer, c Config) error {
	names := w.of(recipient.Clinics)
	if len(names) == 0 {
		return nil
	}
	clinics := map[string]*clinic{}
	for _, name := range names {
		clinics[name] = &clinic{counts: map[string]int64{}}
	}
	if err := readClinics(ctx, w, c, names); err != nil {
		return err
	}
	e, asOf := w.run.Engine, w.run.AsOf
	for _, read := range []func() error{
		func() error { return readDue(ctx, w, c, clinics) },
		func() error { return readDoses(ctx, w, clinics) },
		func() error { return readAssessment(ctx, w, c, clinics) },
		func() error {
			return engine.Stream(ctx, e, queries.Get("gone", "as_of", asOf), func(p *patient) error {
				k := clinics[p.Provider]
				k.left = append(k.left, line{client: p.ClientID, cells: append(p.cells(), p.Standing, p.Reason, p.Since.String())})
				k.counts["left in the last year"]++
				return nil
			})
		},
		func() error {
			type figure struct {
				Provider string `col:"provider" doc:"the clinic"`
				Patients int64  `col:"patients" doc:"active patients"`
				Doses    int64  `col:"doses" doc:"doses given to them"`
			}
			return engine.Stream(ctx, e, queries.Get("clinic_figure", "as_of", asOf), func(f *figure) error {
				clinics[f.Provider].counts["active patients"] = f.Patients
				clinics[f.Provider].counts["doses given to active patients in the last year"] = f.Doses
				return nil
			})
		},
	} {
		if err := read(); err != nil {
			return err
		}
	}
	for _, name := range names {
		if err := clinics[name].write(w, recipient.Folder(recipient.Clinics, name)); err != nil {
			return err
		}
	}
	return nil
}

func (k *clinic) write(w *writer, folder string) error {
	var summary []line
	for _, figure := range figures {
		summary = append(summary, line{cells: []string{figure, fmt.Sprint(k.counts[figure])}})
	}
	for _, f := range []struct {
		name   string
		header []string
		lines  []line
	}{{"due.csv", dueColumns, k.due}, {"doses.csv", doseColumns, k.doses}, {"left.csv", leftColumns, k.left},
		{"rates.csv", rateColumns, k.rates}, {"assessment.csv", assessmentColumns, k.assessment},
		{"summary.csv", summaryColumns, summary}} {
		if err := w.file(folder, f.name, f.header, f.lines); err != nil {
			return err
		}
	}
	w.run.Count("patients_due", int64(len(k.due)))
	w.run.Count("doses_too_early", k.counts[tooEarly])
	w.run.Count("doses_in_excess", k.counts[inExcess])
	return nil
}

// readClinics makes the tables of the clinics' patients, their numbers there and their needs.
func readClinics(ctx context.Context, w *writer, c Config, names []string) error {
	type named struct {
		Provider string `col:"provider" doc:"the clinic"`
	}
	type group struct {
		Group string `col:"vaccine_group" doc:"vaccine group"`
		Calls bool   `col:"calls" doc:"puts somebody on the list by itself"`
	}
	var clinics []named
	for _, name := range names {
		clinics = append(clinics, named{name})
	}
	var groups []group
	for _, g := range c.Groups {
		groups = append(groups, group{g, true})
	}
	for _, g := range c.Beside {
		groups = append(groups, group{g, false})
	}
	r := w.run
	if err := engine.Load(ctx, r.Engine, "care_clinic", clinics); err != nil {
		return err
	}
	if err := engine.Load(ctx, r.Engine, "care_group", groups); err != nil {
		return err
	}
	if err := r.View(ctx, append([]*table.Table{table.Forecasts, table.DoseEvaluations}, sent.Tables...)...); err != nil {
		return err
	}
	if err := sent.Notices(ctx, r.Engine); err != nil {
		return err
	}
	for _, step := range []struct{ name, query string }{
		{"care_patient", queries.Get("patient")}, {"care_chart", queries.Get("chart")},
		{"care_need", queries.Get("need", "as_of", r.AsOf, "oldest_age", c.OldestAge, "assumed_seasons", c.AssumedSeasons)},
	} {
		if err := r.Engine.Materialize(ctx, step.name, step.query); err != nil {
			return err
		}
	}
	return nil
}

// readDue reads who is due or late, and what each of them needs.
func readDue(ctx context.Context, w *writer, c Config, clinics map[string]*clinic) error {
	asOf := w.run.AsOf
	query := queries.Get("due", "as_of", asOf, "window", c.WindowDays)
	client := func(row *dueRow) int64 { return row.ClientID }
	return engine.Groups(ctx, w.run.Engine, query, client, func(rows []dueRow) error {
		now := &rows[0]
		var needs []Need
		for _, row := range rows {
			needs = append(needs, row.Need)
		}
		k, v := clinics[now.Provider], plan(asOf, c.WindowDays, needs)
		k.counts[v.Status]++
		days := ""
		if v.LateSince != 0 {
			days = fmt.Sprint(int(asOf - v.LateSince))
		}
		k.due = append(k.due, line{client: now.ClientID, cells: append(now.cells(), now.Sex,
			strings.TrimSpace(now.GuardianFirst+" "+now.GuardianLast), now.Phone, now.Address1, now.Address2, now.City,
			now.State, now.ZIP, now.Language, v.Status, v.LateSince.String(), days, v.Next, v.Later, v.Refused,
			now.LastHere.String(), fmt.Sprint(now.Notices), now.LastNoticeOn.String(), yes(now.NoContact), yes(now.InReview))})
		return nil
	})
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// readDoses reads the doses that were too early or one too many.
func readDoses(ctx context.Context, w *writer, clinics map[string]*clinic) error {
	type dose struct {
		client int64
		id     string
	}
	key := func(row *faultyRow) dose { return dose{row.ClientID, row.ImmunizationID} }
	return engine.Groups(ctx, w.run.Engine, queries.Get("dose", "as_of", w.run.AsOf), key, func(rows []faultyRow) error {
		now := &rows[0]
		var judged []judgement
		for _, row := range rows {
			judged = append(judged, judgement{row.Antigen, row.Evaluation, row.Reasons})
		}
		what, antigens := finding(judged)
		if what == "" {
			return nil
		}
		k := clinics[now.Provider]
		k.counts[what]++
		k.doses = append(k.doses, line{client: now.ClientID, cells: append(now.cells(), now.AdministeredOn.String(),
			fmt.Sprintf("%02d", now.CVX), what, strings.Join(antigens, "; "))})
		return nil
	})
}
