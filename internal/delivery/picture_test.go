package delivery

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the picture into docs/operating.md")

const (
	pictureBegins = "<!-- a delivery's life: made from internal/delivery by make docs -->\n"
	pictureEnds   = "<!-- end of a delivery's life -->\n"
)

// picture is a delivery's life for people to read: what each state is and what can be done, and the transitions that
// lead from one state to another.
func picture() string {
	var b strings.Builder
	b.WriteString("| state | what it is | what an operator can do |\n|---|---|---|\n")
	for _, s := range States {
		var can []string
		for _, e := range s.Of.Can() {
			command, _, _ := strings.Cut(e.Command("BATCH"), " --reason")
			can = append(can, "`"+command+"`")
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", s.Words, s.Means, strings.Join(can, ", "))
	}
	b.WriteString("\n```mermaid\nstateDiagram-v2\n    direction LR\n    [*] --> arrived\n")
	type way struct{ from, to State }
	var ways []way
	on := map[way][]string{}
	for _, t := range Transitions {
		if t.From == t.To {
			continue
		}
		w := way{t.From, t.To}
		if on[w] == nil {
			ways = append(ways, w)
		}
		i := slices.IndexFunc(Events, func(m Meaning[Event]) bool { return m.Of == t.On })
		words := Events[i].Words
		if i < 4 {
			words += " (night)"
		}
		on[w] = append(on[w], words)
	}
	for _, w := range ways {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", w.from, w.to, strings.Join(on[w], ", "))
	}
	b.WriteString("```\n")
	return b.String()
}

// TestPictureIsOfTheTable: docs/operating.md has the table of states and transitions as it is.
func TestPictureIsOfTheTable(t *testing.T) {
	const path = "../../docs/operating.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), pictureBegins)
	_, after, ok2 := strings.Cut(rest, pictureEnds)
	if !ok || !ok2 {
		t.Fatal("docs/operating.md has no place for the picture")
	}
	want := before + pictureBegins + picture() + pictureEnds + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Error("docs/operating.md has another picture of a delivery's life than the table: run make docs")
	}
}
