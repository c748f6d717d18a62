package replay

import (
	"io"
	"strings"
	"testing"
)

// What holds for every line of a roster stands above its header: refused lines come under it, and corrected ones
// must have it.
func TestRefusedLinesKeepWhatHoldsForAll(t *testing.T) {
	const head = "vaccination_date,2026-02-14\ncvx,140\nid,last_name,first_name,birth_date,sex\n"
	delivery := head + "1,Berg,Ida,2020-01-31,F\n2,,Jon,2020-01-31,M\n"
	at := map[int64]bool{int64(strings.Index(delivery, "2,,")): true}
	var out strings.Builder
	n, err := Refused("", "mass-clinic", strings.NewReader(delivery), at, &out)
	if want := head + "2,,Jon,2020-01-31,M\n"; err != nil || n != 1 || out.String() != want {
		t.Errorf("refused: %d, %v, %q", n, err, out.String())
	}
	corrected := head + "1,Berg,Ida,2020-01-31,F\n2,Berg,Jon,2020-01-31,M\n"
	text, n, err := Corrected("", "mass-clinic", strings.NewReader(delivery),
		[]io.Reader{strings.NewReader(corrected)})
	if want := head + "2,Berg,Jon,2020-01-31,M\n"; err != nil || n != 1 || string(text) != want {
		t.Errorf("corrected: %d, %v, %q", n, err, text)
	}
	another := strings.Replace(corrected, "2026-02-14", "2026-02-15", 1)
	if _, _, err := Corrected("", "mass-clinic", strings.NewReader(delivery),
		[]io.Reader{strings.NewReader(another)}); err == nil {
		t.Error("lines of another day were taken")
	}
}
