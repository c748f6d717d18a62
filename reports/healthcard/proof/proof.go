// Package proof looks at SMART Health Cards with programs that are not ours, for tests only: whether a card is accepted or
// refused (healthcards), and what a QR code says (ZXing).
//
// It needs python3 and what requirements.txt names in lib/. Where that is absent the test is skipped and says so, except
// with CI=true, where it fails.
package proof

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"miic/internal/testdata"
)

// An Answer is what was found about a card or a picture.
type Answer struct {
	Verified bool            `json:"verified"`
	Refused  string          `json:"refused"`
	Payload  json.RawMessage `json:"payload"`
	Header   map[string]any  `json:"header"`
	Texts    []string        `json:"texts"`
}

// Cards checks cards, each given as the texts of its QR codes, against the keys below the issuer's URL, which may be a
// folder (file://).
func Cards(t testing.TB, cards [][]string) []Answer {
	t.Helper()
	var in bytes.Buffer
	for _, codes := range cards {
		put(t, &in, map[string]any{"codes": codes})
	}
	return ask(t, &in, len(cards))
}

// Scan reads the QR codes of a picture in grey, a byte a dot.
func Scan(t testing.TB, width int, dots []byte) []string {
	t.Helper()
	var in bytes.Buffer
	put(t, &in, map[string]any{"width": width, "dots": base64.StdEncoding.EncodeToString(dots)})
	return ask(t, &in, 1)[0].Texts
}

func put(t testing.TB, in *bytes.Buffer, question map[string]any) {
	t.Helper()
	line, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	in.Write(append(line, '\n'))
}

func ask(t testing.TB, in *bytes.Buffer, n int) []Answer {
	t.Helper()
	here := filepath.Join(testdata.Root(t), "reports", "healthcard", "proof")
	if _, err := os.Stat(filepath.Join(here, "lib", "healthcards")); err != nil {
		testdata.Missing(t, "healthcards (pip install --require-hashes --target reports/healthcard/proof/lib "+
			"-r reports/healthcard/proof/requirements.txt)")
	}
	var problem bytes.Buffer
	c := exec.Command("python3", filepath.Join(here, "check.py"))
	c.Stdin, c.Stderr = in, &problem
	out, err := c.Output()
	if err != nil {
		t.Fatalf("check.py: %v\n%s", err, problem.String())
	}
	list := make([]Answer, n)
	d := json.NewDecoder(bytes.NewReader(out))
	for i := range list {
		if err := d.Decode(&list[i]); err != nil {
			t.Fatalf("answer %d of %d: %v", i+1, n, err)
		}
	}
	return list
}
