package dated

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	list, err := Read(strings.NewReader("old,new,since\n 1 ,2,2026-03-01\n"), "old", "new", "numbers")
	if err != nil || len(list) != 1 || list[0] != (Change{"1", "2", "2026-03-01"}) {
		t.Errorf("%v, %v", list, err)
	}
	for text, want := range map[string]string{
		"":                     "its first line is not old,new,since",
		"new,old,since\n":      "its first line is not old,new,since",
		"old,new,since\n1,2\n": "line 2 has not three cells",
		"old,new,since\n1,2,2026-03-01\n1,1,2026-03-01\n": "line 3: it needs two different numbers",
		"old,new,since\n,2,2026-03-01\n":                  "line 2: it needs",
		"old,new,since\n77,2,2026-02-30\n":                "line 2: it needs",
	} {
		if _, err := Read(strings.NewReader(text), "old", "new", "numbers"); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "77") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
