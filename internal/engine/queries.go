package engine

import (
	"fmt"
	"io/fs"
	"math"
	"path"
	"regexp"
	"strconv"
	"strings"

	"miic/internal/table"
)

// Queries are the SELECTs of a package. Each lies in a file of its own, named after what it makes, and
// begins with a comment of one sentence about what that is.
//
// A parameter is written $name. Its place is taken by a value, written as a literal of its type, or by
// the Name of a table; so no text that comes from outside can become part of a statement.
type Queries struct {
	text      map[string]string
	constants map[string]string // by parameter
}

// Name is a parameter of a query that is a table or view, not for a value.
type Name string

// LoadQueries reads every .sql file of the folder sql in files. A file without its sentence is a mistake
// in the program, and panics.
func LoadQueries(files fs.FS) *Queries {
	paths, err := fs.Glob(files, "sql/*.sql")
	if err != nil || len(paths) == 0 {
		panic("engine: no file sql/*.sql to load")
	}
	q := &Queries{text: make(map[string]string, len(paths))}
	for _, p := range paths {
		data, err := fs.ReadFile(files, p)
		if err != nil {
			panic(err)
		}
		if !strings.HasPrefix(string(data), "-- ") {
			panic(fmt.Sprintf("engine: %s does not begin with a sentence about what it makes", p))
		}
		text := string(data)
		for strings.HasPrefix(text, "--") {
			_, text, _ = strings.Cut(text, "\n")
		}
		q.text[strings.TrimSuffix(path.Base(p), ".sql")] = strings.TrimSpace(text)
	}
	return q
}

// With gives parameters a value for every query that has them and is not given another: args are pairs as those of Get.
// What Go knows by a constant is so written once.
func (q *Queries) With(args ...any) *Queries {
	q.constants = make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		q.constants["$"+args[i].(string)] = Literal(args[i+1])
	}
	return q
}

var (
	parameter  = regexp.MustCompile(`\$[a-z][a-z0-9_]*`)
	identifier = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)
)

// Get returns the SELECT of that name with its parameters bound: args are pairs of a parameter's name and
// a string, bool, int, int64, float64, table.Date or Name. An unknown query, and a parameter that is
// missing or that the query does not have, are mistakes in the program, and panic.
func (q *Queries) Get(name string, args ...any) string {
	text, ok := q.text[name]
	if !ok {
		panic("engine: no query " + name)
	}
	bound := make(map[string]string, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		bound["$"+args[i].(string)] = Literal(args[i+1])
	}
	used := map[string]bool{}
	text = parameter.ReplaceAllStringFunc(text, func(p string) string {
		if value, ok := bound[p]; ok {
			used[p] = true
			return value
		}
		value, ok := q.constants[p]
		if !ok {
			panic(fmt.Sprintf("engine: query %s: no value for %s", name, p))
		}
		return value
	})
	if len(used) != len(bound) || len(args)%2 != 0 {
		panic(fmt.Sprintf("engine: query %s is given a parameter that it does not have", name))
	}
	return text
}

// Literal writes a value as SQL, so that it means the value and nothing else.
func Literal(v any) string {
	switch v := v.(type) {
	case string:
		return Quote(v)
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case int64:
		return "CAST(" + strconv.FormatInt(v, 10) + " AS BIGINT)"
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "CAST(" + Quote(strconv.FormatFloat(v, 'g', -1, 64)) + " AS DOUBLE)"
		}
		return "CAST(" + strconv.FormatFloat(v, 'g', -1, 64) + " AS DOUBLE)"
	case table.Date:
		if v == 0 {
			return "CAST(NULL AS DATE)"
		}
		return "CAST(" + Quote(v.String()) + " AS DATE)"
	case Name:
		if !identifier.MatchString(string(v)) {
			panic(fmt.Sprintf("engine: %q is no name of a table", string(v)))
		}
		return string(v)
	}
	panic(fmt.Sprintf("engine: no literal of type %T", v))
}
