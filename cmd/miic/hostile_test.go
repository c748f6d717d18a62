package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"miic/cmd/miic/shell"
	"miic/fixtures"
	"miic/internal/lake"
	"miic/internal/pipeline"
	"miic/internal/table"
)

// hostileSender is in the configuration beside the state's senders; its files may be of any layout.
const hostileSender = `  - id: hostile
    name: Hostile Clinic
    kind: clinic
    phone: "651-555-0100"
    expected: none
    files:
      - {pattern: "*.csv", layout: plan-members}
      - {pattern: "*.hl7", layout: hl7-vxu}
      - {pattern: "*.ije", layout: ije-natality}
      - {pattern: "*_CL_*", layout: wir-client}
      - {pattern: "*", layout: wir-client-csv}
`

// hostileContents are no records of anybody, in any layout.
func hostileContents(t *testing.T) [][]byte {
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	for range 64 {
		if _, err := z.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	z.Close()
	const msh = "MSH|^~\\&|E|O|M|M|20260201||VXU^V04|1|P|2.5.1\r"
	return [][]byte{
		nil, []byte("a"), []byte("\n"), bytes.Repeat([]byte("a\n"), 50_000), bytes.Repeat([]byte("x"), 1<<20),
		make([]byte, 100_000), bomb.Bytes(), []byte("PK\x03\x04" + strings.Repeat("\x00\xff", 1000)),
		[]byte("\xff\xfem\x00e\x00m\x00b\x00e\x00r\x00\n\x00"), []byte("\xef\xbb\xbfmember\n"),
		bytes.Repeat([]byte("\xe9\xff\xc3\x28\n"), 5000), bytes.Repeat([]byte(`"`), 100_001), bytes.Repeat([]byte(","), 100_000),
		[]byte(msh + strings.Repeat("RXA|0|1|20260101||20^D^CVX|1\r", 5000)), []byte(msh + "PID|1||" + strings.Repeat("^&~", 50_000)),
		bytes.Repeat([]byte("MSH|^~\\&|x|"), 10_000), bytes.Repeat([]byte("FHS|^~\\&\rBHS|^~\\&\rBTS|9\rFTS|9\r"), 3000),
		[]byte("=cmd|' /C calc'!A0\n<script>alert(1)</script>\n"),
	}
}

// hostileNames are names of files, given a number.
var hostileNames = []string{"f%d.csv", "f%d.hl7", "f%d.ije", "x_CL_%d.txt", "f%d", "births_%d.csv", "a,b\"%d.csv", "<script>%d.csv",
	"=cmd|%d.csv", "+1-%d.hl7", "@%d", "n\n%d.csv", "snapshot 9 as of 2026-03-02\nsnapshot 9 is committed %d", "\x1b[31m%d.csv",
	"not\xff\xfe%d.csv", "turn\u202e%d.csv", "back\\slash%d.csv", "  %d .csv", "é%d.csv"}

// deliverHostile puts 1,000 files of every kind into the sender's folder. The returned function goes on changing some of
// them until it is told to stop.
func deliverHostile(t *testing.T, dir string) (restless func(stop <-chan struct{})) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(dir, 0o700))
	at := func(name string) string { return filepath.Join(dir, name) }
	contents := hostileContents(t)
	n := 0
	for ; n < 900; n++ {
		name := fmt.Sprintf(hostileNames[n%len(hostileNames)], n)
		if n%41 == 0 {
			name = fmt.Sprint(n) + strings.Repeat("n", 247)
		}
		must(os.WriteFile(at(name), append(fmt.Appendf(nil, "%d", n), contents[n%len(contents)]...), 0o600))
	}
	for ; n < 990; n++ {
		name := at(fmt.Sprintf("odd%d.csv", n))
		switch n % 9 {
		case 0:
			must(syscall.Mkfifo(name, 0o600))
		case 1:
			must(os.Symlink("/etc/passwd", name))
		case 2:
			must(os.Symlink("/nowhere", name))
		case 3:
			must(os.MkdirAll(filepath.Join(name, "deep", "deeper"), 0o700))
		case 4:
			l, err := net.ListenUnix("unix", &net.UnixAddr{Name: at(fmt.Sprintf("s%d", n)), Net: "unix"})
			must(err)
			t.Cleanup(func() { l.Close() })
		case 5:
			if err := syscall.Mknod(name, syscall.S_IFCHR|0o600, 1<<8|5); err != nil { // /dev/zero, where that is allowed
				must(syscall.Mkfifo(name, 0o600))
			}
		case 6:
			must(os.WriteFile(name, nil, 0o600))
			must(os.Truncate(name, 3<<30))
		case 7:
			must(os.WriteFile(name, []byte("x"), 0))
		case 8:
			must(os.Symlink(".", name))
		}
	}
	for ; n < 1000; n++ {
		must(os.WriteFile(at(fmt.Sprintf("restless%d.csv", n)), []byte("x\n"), 0o600))
	}
	return func(stop <-chan struct{}) {
		for i := 990; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond): // quick enough to meet every reader, and not a core's whole time
			}
			name := at(fmt.Sprintf("restless%d.csv", 990+i%10))
			switch i % 4 {
			case 0, 1: // it grows
				if f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY|syscall.O_NONBLOCK, 0o600); err == nil {
					_, _ = f.WriteString("more\n")
					f.Close()
				}
			case 2: // it goes
				os.Remove(name)
			case 3: // a pipe takes its place
				os.Remove(name)
				_ = syscall.Mkfifo(name, 0o600)
			}
		}
	}
}

// TestAThousandHostileFiles: a night with 1,000 hostile files of every kind from one sender commits the same rows of the
// other senders as a night without them.
func TestAThousandHostileFiles(t *testing.T) {
	t.Parallel()
	night := func(hostile bool) (rows map[string][]string, result *pipeline.Result, root string) {
		root = filepath.Join(t.TempDir(), "state")
		if _, err := fixtures.Generate(context.Background(), fixtures.Options{Clients: 120, Seed: 5, Nights: 1, Out: root},
			nil); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, "miic.yaml")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, hostileSender...), 0o600); err != nil {
			t.Fatal(err)
		}
		nights, err := os.ReadDir(filepath.Join(root, "nights"))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(root, "nights", nights[0].Name()), filepath.Join(root, "inbox")); err != nil {
			t.Fatal(err)
		}
		stop := make(chan struct{})
		var restless sync.WaitGroup
		if hostile {
			change := deliverHostile(t, filepath.Join(root, "inbox", "hostile"))
			restless.Go(func() { change(stop) })
		}
		c, err := shell.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		asOf, err := table.ParseDate(nights[0].Name())
		if err != nil {
			t.Fatal(err)
		}
		o, err := shell.Nightly(c, asOf)
		if err != nil {
			t.Fatal(err)
		}
		if o.Lake, err = lake.Create(c.Lake, shell.LakeOptions()); err != nil {
			t.Fatal(err)
		}
		result, err = pipeline.Execute(context.Background(), o)
		close(stop)
		restless.Wait()
		if err != nil || result.Outcome != pipeline.Committed {
			t.Fatalf("hostile %v: %+v, %v", hostile, result, err)
		}
		m, err := o.Lake.Head()
		if err != nil {
			t.Fatal(err)
		}
		rows = map[string][]string{}
		for name, read := range faultTables {
			list, err := read(o.Lake.Files(m, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range list {
				if line := fmt.Sprintf("%+v", row); !strings.Contains(line, "Sender:hostile ") {
					rows[name] = append(rows[name], line)
				}
			}
			slices.Sort(rows[name])
		}
		return rows, result, root
	}
	want, calm, _ := night(false)
	got, result, root := night(true)
	if calm.Exit != 0 || result.Exit != 3 {
		t.Errorf("exits %d and %d, want 0 and 3", calm.Exit, result.Exit)
	}
	if n := result.Files - calm.Files; n < 985 {
		t.Errorf("only %d hostile files were seen", n)
	}
	for name := range faultTables {
		if !slices.Equal(got[name], want[name]) {
			t.Errorf("%s: %d rows of the others, and %d without the hostile files; they differ", name, len(got[name]),
				len(want[name]))
		}
	}
	if len(want["client"]) < 100 || len(want["vaccination_event"]) < 500 {
		t.Fatalf("%d clients and %d doses prove nothing", len(want["client"]), len(want["vaccination_event"]))
	}
	noText := []string{".parquet", ".pdf", ".age", ".xlsx"} // any byte can be in them; what a bundle or a workbook holds lies beside it
	for _, dir := range []string{"out", "lake/runs", "lake/snapshots"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !d.Type().IsRegular() || slices.Contains(noText, filepath.Ext(path)) {
				return err
			}
			text, err := os.ReadFile(path)
			if bytes.Contains(text, []byte("\nsnapshot 9 is committed")) || bytes.ContainsAny(text, "\x1b\u202e") {
				t.Errorf("%s has a name of a file as it was sent", path)
			}
			if strings.HasSuffix(path, ".csv") {
				cells, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
				for _, row := range cells {
					if slices.ContainsFunc(row, func(s string) bool { return strings.HasPrefix(s, "=") || strings.HasPrefix(s, "@") }) {
						t.Errorf("%s has a cell that a spreadsheet takes for a formula: %v, %v", path, row, err)
					}
				}
			}
			if strings.ContainsAny(path, "\n\x1b") || len(filepath.Base(path)) > 250 {
				t.Errorf("a file is called %q", path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
