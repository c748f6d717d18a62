// Package proof looks at PDF files with programs that are not ours, for tests only: whether they follow PDF/UA-1
// (veraPDF), whether every byte is where it must be (qpdf), what a reader finds where (pdftotext), and what is on the
// paper (pdftoppm).
//
// It needs Debian's poppler-utils and qpdf, a JDK, and veraPDF's jars (mvn -f internal/pdf/proof/pom.xml). Where one of
// them is absent the test is skipped and says so, except with CI=true, where it fails.
package proof

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"miic/internal/testdata"
)

// File writes a file for the others to look at.
func File(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func run(t testing.TB, pkg, name string, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		testdata.Missing(t, name+" (apt-get install "+pkg+")")
	}
	var problem bytes.Buffer
	c := exec.Command(name, args...)
	c.Stderr = &problem
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, out, problem.String())
	}
	return out
}

// Rules checks files against every rule of PDF/UA-1 that a program can check, and returns how many checks it made. It
// costs seconds: a test hands it all its files at once.
func Rules(t testing.TB, files ...string) int {
	t.Helper()
	here := filepath.Join(testdata.Root(t), "internal", "pdf", "proof")
	jars, err := filepath.Glob(filepath.Join(here, "jars", "validation-model-*.jar"))
	if err != nil || len(jars) == 0 {
		testdata.Missing(t, "veraPDF (mvn -f internal/pdf/proof/pom.xml)")
	}
	total := 0
	args := append([]string{"-XX:TieredStopAtLevel=1", "-cp", filepath.Join(here, "jars", "*"), filepath.Join(here, "Rules.java")}, files...)
	for line := range strings.Lines(string(run(t, "default-jdk-headless", "java", args...))) {
		var n int
		if _, err := fmt.Sscanf(line, "checks %d", &n); err == nil {
			total += n
		} else {
			t.Error(strings.TrimSpace(line))
		}
	}
	return total
}

// Sound checks the syntax of a file and of everything in it.
func Sound(t testing.TB, file string) {
	t.Helper()
	run(t, "qpdf", "qpdf", "--check", file)
}

// A Word is where a word is on its page, in points from the left upper corner.
type Word struct {
	Text   string  `xml:",chardata"`
	Left   float64 `xml:"xMin,attr"`
	Top    float64 `xml:"yMin,attr"`
	Right  float64 `xml:"xMax,attr"`
	Bottom float64 `xml:"yMax,attr"`
}

// Words are the words of each page.
func Words(t testing.TB, file string) [][]Word {
	t.Helper()
	var found struct {
		Pages []struct {
			Words []Word `xml:"word"`
		} `xml:"body>doc>page"`
	}
	if err := xml.Unmarshal(run(t, "poppler-utils", "pdftotext", "-bbox", file, "-"), &found); err != nil {
		t.Fatal(err)
	}
	out := make([][]Word, len(found.Pages))
	for i, p := range found.Pages {
		out[i] = p.Words
	}
	return out
}

// A Picture is a page in grey, a byte a dot.
type Picture struct {
	Width, Height int
	Dots          []byte
}

// Dark is whether a dot is more ink than paper.
func (p *Picture) Dark(x, y int) bool {
	return x >= 0 && y >= 0 && x < p.Width && y < p.Height && p.Dots[y*p.Width+x] < 128
}

// Draw draws a page, counted from 1, with so many dots an inch.
func Draw(t testing.TB, file string, page, dots int) *Picture {
	t.Helper()
	p := fmt.Sprint(page)
	in := bufio.NewReader(bytes.NewReader(run(t, "poppler-utils", "pdftoppm", "-gray", "-r", fmt.Sprint(dots), "-f", p,
		"-l", p, file)))
	var out Picture
	var most int
	if _, err := fmt.Fscanf(in, "P5\n%d %d\n%d\n", &out.Width, &out.Height, &most); err != nil || most != 255 {
		t.Fatalf("pdftoppm drew no grey picture: %v", err)
	}
	out.Dots = make([]byte, out.Width*out.Height)
	if _, err := io.ReadFull(in, out.Dots); err != nil {
		t.Fatal(err)
	}
	return &out
}
