package table

import (
	"fmt"
	"strings"
)

// Vocabulary writes the reference of every table and column, in Markdown.
func Vocabulary() string {
	var b strings.Builder
	b.WriteString(
		"# Vocabulary: every table and column\n\nMade from `internal/table` by `make docs`; change it there.\n\n" +
			"A **log** gains files each night: the newest version of a key wins. A **state** is base files and what has changed since:\n" +
			"rows are replaced by owner, a table without one is written whole.\n",
	)
	for _, t := range All() {
		fmt.Fprintf(
			&b,
			"\n## %s\n\n%s\n\n%s, schema version %d. Key: %s.",
			t.Name,
			t.Doc,
			strings.ToUpper(t.Kind.String()[:1])+t.Kind.String()[1:],
			t.Version,
			code(t.Key),
		)
		if t.Owner != "" {
			fmt.Fprintf(&b, " Owner: %s.", code([]string{t.Owner}))
		}
		if len(t.Newest) > 0 {
			fmt.Fprintf(&b, " Versions by: %s.", code(t.Newest))
		}
		b.WriteString("\n\n| column | type | null | meaning |\n|---|---|---|---|\n")
		for _, c := range t.Columns {
			null := ""
			if c.Null {
				null = "yes"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, c.SQL, null, c.Doc)
		}
	}
	return b.String()
}

func code(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }
