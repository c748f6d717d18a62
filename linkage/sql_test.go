package linkage

import (
	"context"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/antzucaro/matchr"

	"miic/internal/engine"
)

var update = flag.Bool("update", false, "write the golden SQL")

// What is not portable, or slow: see the design of SQL files.
var forbidden = regexp.MustCompile(`(?i)::|\b(qualify|exclude|hash|concat|damerau_levenshtein|regexp_\w+|list_\w+|struct_\w+|unnest|group\s+by\s+all)\b`)

func TestSQLIsPortable(t *testing.T) {
	files, err := fs.Glob(sqlFiles, "sql/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no SQL files: %v", err)
	}
	for _, f := range files {
		data, err := sqlFiles.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if w := forbidden.FindString(string(data)); w != "" {
			t.Errorf("%s uses %s", f, w)
		}
		if text := strings.TrimSpace(string(data)); !strings.HasPrefix(text, "SELECT") || strings.Contains(text, ";") {
			t.Errorf("%s is not one SELECT", f)
		}
	}
	m := DefaultModel()
	for _, text := range []string{blockSQL(m, true, make([]bool, len(m.Rules))), compareSQL(m, "pairs"), indexSQL(m)} {
		if w := forbidden.FindString(text); w != "" {
			t.Errorf("generated SQL uses %s", w)
		}
	}
}

// tinyModel has one comparison of each kind of clause.
func tinyModel() *Model {
	return &Model{Version: "t", BlockCap: 20, StopCount: 5, ClusterCap: 5, FreqFloor: 0.01,
		Frequencies: map[string]Shares{"first": {"ANNA": 0.25}},
		Rules:       []Rule{{Name: "a", Key: []string{"first"}}, {Name: "b", Key: []string{"zip"}}},
		Comparisons: []Comparison{
			{Name: "first", Kind: Personal, Fields: []string{"first"}, Similarity: map[string]string{"jw_first": "jaro_winkler_similarity(l_first, r_first)"},
				TermFreq: "first", Levels: []Level{{Label: "equal", When: "l_first = r_first", Agree: "exact", M: .9, U: .125},
					{Label: "close", When: "jw_first >= 0.9", Agree: "close", M: .05, U: .05}, {Label: "differ", M: .05, U: .825}}},
			{Name: "doses", Kind: BirthEvent, Fields: []string{"doses"}, Similarity: map[string]string{"shared_days": "shared_items(l_doses, r_doses)"},
				Null: "l_doses IS NULL OR r_doses IS NULL", Levels: []Level{{Label: "shared", When: "shared_days >= 1", M: .5, U: .1}, {Label: "none", M: .5, U: .9}}},
		}}
}

func TestGoldenSQL(t *testing.T) {
	m := tinyModel()
	for name, got := range map[string]string{
		"block_all":   blockSQL(m, false, []bool{false, false}),
		"block_dirty": blockSQL(m, true, []bool{false, true}),
		"hot_keys":    hotKeysSQL(1, true, m.BlockCap),
		"compare":     compareSQL(m, "link_pair"),
		"index":       indexSQL(m),
		"client":      flaggedSQL(),
	} {
		path := filepath.Join("testdata", name+".sql")
		if *update {
			if err := os.WriteFile(path, []byte(got+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got+"\n" != string(want) {
			t.Errorf("%s is not the golden text; if the change is meant, run the test with -update and read the difference", name)
		}
	}
}

type wordPair struct {
	A       string  `col:"a"`
	B       string  `col:"b"`
	Winkler float64 `col:"winkler"`
	Edits   int64   `col:"edits"`
}

// On ASCII capitals the engine's string functions must be those that matchr computes.
func TestStringFunctionsAgainstMatchr(t *testing.T) {
	ctx := context.Background()
	e, err := engine.Open(ctx, engine.Options{Temp: filepath.Join(t.TempDir(), "spill")})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	rng := rand.New(rand.NewPCG(3, 4))
	letters := "AABCDEEHIIJKLMNNOORSSTUY"
	word := func() string {
		b := make([]byte, 1+rng.IntN(10))
		for i := range b {
			b[i] = letters[rng.IntN(len(letters))]
		}
		return string(b)
	}
	var pairs []wordPair
	for range 20000 {
		a := word()
		b := word()
		if rng.IntN(2) == 0 && len(a) > 2 { // half of them a slip away
			k := 1 + rng.IntN(len(a)-2)
			b = a[:k] + a[k+1:k+2] + a[k:k+1] + a[min(k+2, len(a)):]
		}
		pairs = append(pairs, wordPair{A: a, B: b})
	}
	if err := engine.Load(ctx, e, "word", pairs); err != nil {
		t.Fatal(err)
	}
	rows, err := engine.Rows[wordPair](ctx, e, "SELECT a, b, jaro_winkler_similarity(a, b) AS winkler, CAST(levenshtein(a, b) AS BIGINT) AS edits FROM word")
	if err != nil {
		t.Fatal(err)
	}
	differ := 0
	for _, r := range rows {
		w := matchr.JaroWinkler(r.A, r.B, false)
		if w-r.Winkler > 1e-9 || r.Winkler-w > 1e-9 || int64(matchr.Levenshtein(r.A, r.B)) != r.Edits {
			differ++
		}
	}
	if len(rows) != len(pairs) || differ > 0 {
		t.Errorf("%d of %d pairs differ from matchr", differ, len(rows))
	}
}
