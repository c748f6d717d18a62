package evaluate

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/testdata"
)

// evaluate runs one set: those with a truth are trained on first, without labels; labelled pairs are judged by the
// default model.
func evaluate(t *testing.T, set string) *Report {
	t.Helper()
	dir := testdata.Dir(t, "linkage/"+set)
	o := Options{Records: filepath.Join(dir, "records.csv")}
	if _, err := os.Stat(filepath.Join(dir, "truth.csv")); err == nil {
		o.Truth, o.Train = filepath.Join(dir, "truth.csv"), true
	} else {
		o.Pairs = filepath.Join(dir, "pairs.csv")
	}
	r, err := Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s", text)
	return r
}

// Floors may only rise. They lie below what is measured, which `go test -v` prints. Those of a night fell once, for febrl1
// and febrl3, when a record without a given name and a pair without a surname or a home in common were no longer linked
// without a person (docs/decisions/0037).
func TestPublishedSets(t *testing.T) {
	for _, c := range []struct {
		set string
		// clusters at the natural cut; precision and recall of what a night links by itself
		f1, precision, nightly float64
		exact                  float64
	}{
		{"febrl1", .9995, .999, .97, .999},
		{"febrl2", .997, .999, .985, .998},
		{"febrl3", .998, .999, .97, .996},
		{"fake1000", .88, .99, .05, .65},
		{"registry-seed1", .999, .9995, .98, .998},
	} {
		t.Run(c.set, func(t *testing.T) {
			r := evaluate(t, c.set)
			if r.Clusters.F1 < c.f1 || r.Clusters.ExactPersons < c.exact {
				t.Errorf("clusters: F1 %.4f, exact persons %.4f; the floors are %.4f and %.4f", r.Clusters.F1,
					r.Clusters.ExactPersons, c.f1, c.exact)
			}
			if r.Nightly.Precision < c.precision || r.Nightly.Recall < c.nightly {
				t.Errorf("a night: precision %.4f, recall %.4f; the floors are %.4f and %.4f", r.Nightly.Precision,
					r.Nightly.Recall, c.precision, c.nightly)
			}
			if r.Clusters.FalseTwinMerges > 1 || r.Nightly.FalseTwinMerges > 0 {
				t.Errorf("%d false twin merges at the natural cut, %d in a night", r.Clusters.FalseTwinMerges,
					r.Nightly.FalseTwinMerges)
			}
		})
	}
}

func TestPanelDecisions(t *testing.T) {
	r := evaluate(t, "aira-a")
	if r.Agreement < .9 {
		t.Errorf("agreement with the panel %.3f", r.Agreement)
	}
	if m := r.Confusion["match"]; m.NonLink*100 > m.Link+m.Review {
		t.Errorf("%d matches are neither linked nor queued", m.NonLink)
	}
	if n := r.Confusion["not"]; n.Link > 3 {
		t.Errorf("%d pairs that are not a match are linked", n.Link)
	}
}

// A true pair that no blocking rule can bring together counts against blocking recall.
func TestBlockingRecall(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	r, err := Run(context.Background(), Options{
		Records: write("records.csv",
			"record_id,name_first,name_last,birth_date\n1,Anna,Berg,2020-01-02\n2,Anna,Berg,2020-01-02\n"+
				"3,Zoe,Quist,1999-07-31\n4,,,\n"),
		Truth: write("truth.csv", "record_id,person_id,birth_group\n1,P,\n2,P,\n3,P,\n4,Q,\n")})
	if err != nil {
		t.Fatal(err)
	}
	if want := 1.0 / 3; r.BlockingRecall < want-1e-9 || r.BlockingRecall > want+1e-9 {
		t.Errorf("blocking recall %.3f; one of three true pairs can meet", r.BlockingRecall)
	}
}

func TestBadInput(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	records := write("records.csv",
		"record_id,name_first,name_last,birth_date\n1,Anna,Berg,2020-01-02\n2,Anna,Berg,not a date\n")
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"neither truth nor pairs": {Options{Records: records}, "either the truth or labelled pairs"},
		"no such file":            {Options{Records: filepath.Join(dir, "none.csv"), Truth: records}, "none.csv"},
		"no record_id":            {Options{Records: write("a.csv", "x\n1\n"), Truth: records}, "no column record_id"},
		"a record without truth": {Options{Records: records,
			Truth: write("t.csv", "record_id,person_id,birth_group\n1,P1,\n")}, "has no record 2"},
		"a pair of nobody": {Options{Records: records,
			Pairs: write("p.csv", "pair_id,category,record_l,record_r,expected\n1,c,1,9,match\n")},
			"pair 1 names a record that is not there"},
		"a pair without label": {Options{Records: records,
			Pairs: write("q.csv", "record_l,record_r,expected\n1,2,maybe\n")}, `pair 1 expects "maybe"`},
		"no pair": {Options{Records: records, Pairs: write("n.csv", "record_l,record_r,expected\n")},
			"has no pair"},
		"truth of another form": {Options{Records: records, Truth: write("f.csv", "id,person\n1,P\n")},
			"no column record_id"},
		"one id on two records": {Options{Records: write("d.csv", "record_id,name_first\n1,A\n1,B\n"),
			Truth: records}, "record_id 1 is there twice"},
		"no record": {Options{Records: write("e.csv", "record_id\n"), Truth: records}, "has no record"},
		"not a model": {Options{Records: records, Truth: records,
			Model: write("m.json", `{"version":"x"}`)}, "comparisons"},
	} {
		_, err := Run(context.Background(), c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
		var input *InputError
		if err != nil && !errors.As(err, &input) {
			t.Errorf("%s: it is not reported as a fault of the files", name)
		}
	}
}

// Too few records to train on are judged by the model as it is, and the report notes it.
func TestTooFewToTrainOn(t *testing.T) {
	dir := t.TempDir()
	records, truth := filepath.Join(dir, "records.csv"), filepath.Join(dir, "truth.csv")
	for path, text := range map[string]string{
		records: "record_id,name_first,name_last,birth_date\n1,Anna,Berg,2020-01-02\n2,Anna,Berg,2020-01-02\n",
		truth:   "record_id,person_id,birth_group\n1,P1,\n2,P1,\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Run(context.Background(), Options{Records: records, Truth: truth, Train: true})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.Untrained, "too few to train on") || r.Training != nil || r.BlockingRecall != 1 {
		t.Errorf("untrained %q, training %v, blocking recall %g", r.Untrained, r.Training, r.BlockingRecall)
	}
}
