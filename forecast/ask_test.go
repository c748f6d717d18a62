package forecast

import (
	"context"
	"errors"
	"strings"
	"testing"

	"miic/internal/pipeline"
	"miic/internal/table"
)

func explainerOf(t *testing.T, w *world) (*Explainer, context.Context) {
	t.Helper()
	ctx := context.Background()
	b, err := pipeline.NewBench(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	if _, err := b.Night(ctx, asOf, nil, w.stage()); err != nil {
		t.Fatal(err)
	}
	s, err := LoadSchedule(Config{})
	if err != nil {
		t.Fatal(err)
	}
	x, err := NewExplainer(ctx, b.Engine, b.Files, s, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return x, ctx
}

// Whoever may appear in no output cannot be distinguished from somebody who does not exist.
func TestNothingIsToldOfHiddenPeople(t *testing.T) {
	w := &world{}
	birth := asOf.AddMonths(-30)
	for id := int64(1); id <= 7; id++ {
		c := w.client(id, birth)
		w.dose(id, 3, birth.AddMonths(12))
		switch id {
		case 2:
			c.OptedOut = true
		case 3:
			c.Locked = true
		case 4:
			c.Sealed = true
		case 5:
			w.restrictions = append(w.restrictions, table.Restriction{ClientID: 5, Kind: "lock", SourceID: "q",
				Basis: "possible"})
		case 6:
			c.BirthDate = 0
		case 7:
			c.Status = "deceased"
		}
	}
	x, ctx := explainerOf(t, w)
	for id := int64(1); id <= 9; id++ {
		f, err := x.Forecast(ctx, id, "mmr")
		if id == 1 {
			if err != nil || f.Group != "MMR" || len(f.Doses) != 1 || f.Doses[0].Status != "Valid" {
				t.Errorf("person 1: %+v, %v", f, err)
			}
		} else if !errors.Is(err, ErrNoForecast) || err.Error() != "no forecast for this person" || f != nil {
			t.Errorf("person %d: %+v, %v", id, f, err)
		}
	}
	for i := range w.immunizations {
		id, client := w.immunizations[i].ImmunizationID, w.immunizations[i].ClientID
		d, err := x.Dose(ctx, id)
		if client == 1 || client == 7 { // the dead keep their doses
			if err != nil || d.ClientID != client || len(d.Judgement) != 3 || d.Judgement[0].Status != "Valid" {
				t.Errorf("dose of person %d: %+v, %v", client, d, err)
			}
		} else if !errors.Is(err, ErrNoDose) || err.Error() != "no evaluation of this dose" {
			t.Errorf("dose of person %d: %+v, %v", client, d, err)
		}
	}
	if _, err := x.Dose(ctx, "nobody's' dose"); !errors.Is(err, ErrNoDose) {
		t.Errorf("an id with a quotation mark: %v", err)
	}
	if _, err := x.Forecast(ctx, 1, "Smallpox"); !errors.Is(err, ErrNoGroup) ||
		!strings.Contains(err.Error(), "miic schedule show") {
		t.Errorf("unknown group: %v", err)
	}
}

// What is explained is what the night has written.
func TestExplanationsAgreeWithTheRows(t *testing.T) {
	w := crowd(9, 60)
	rows := forecastOf(t, w, asOf)
	x, ctx := explainerOf(t, w)
	for _, row := range rows.forecasts {
		if row.ClientID > 8 {
			break
		}
		f, err := x.Forecast(ctx, row.ClientID, row.Group)
		if err != nil {
			t.Fatalf("person %d, %s: %v", row.ClientID, row.Group, err)
		}
		found := false
		for _, a := range f.Answers {
			if a.Kind == row.Kind {
				found = a.Status == row.Status && a.DoseNumber == int(row.DoseNumber) && a.Earliest == text(row.Earliest) &&
					a.Recommended == text(row.Recommended) &&
					a.PastDue == text(row.PastDue) && a.Recompute == text(row.RecomputeOn)
			}
		}
		if !found {
			t.Fatalf("person %d, %s: %+v does not agree with %+v", row.ClientID, row.Group, f.Answers, row)
		}
	}
	for i, row := range rows.evaluations {
		if i%100 != 0 {
			continue
		}
		d, err := x.Dose(ctx, row.ImmunizationID)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, k := range d.Judgement {
			found = found || k.Antigen == row.Antigen && k.Status == row.Status && k.Series == row.Series &&
				k.Verdict.Target == int(row.TargetDose)
		}
		if !found {
			t.Fatalf("dose %s: %+v does not agree with %+v", row.ImmunizationID, d.Judgement, row)
		}
	}
}

func text(d table.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
