package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"miic/ingest/read"
	"miic/internal/table"
)

// cpu is the processor's time that the process has taken.
func cpu(t *testing.T) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

// TestWorkGrowsWithTheFile: four times the bytes are about four times the work, whatever they are, and not sixteen times.
func TestWorkGrowsWithTheFile(t *testing.T) {
	const msh = "MSH|^~\\&|E|O|M|M|20260201||VXU^V04|1|P|2.5.1\r"
	const pid = msh + "PID|1||K^^^O^MR||DOE^JANE||20200101|F\r"
	const dose = "ORC|RE||1^O\rRXA|0|1|20260101||20^DTaP^CVX|1|||00\r"
	repeat := func(head, unit string) func(int) []byte {
		return func(n int) []byte { return append([]byte(head), bytes.Repeat([]byte(unit), n/len(unit))...) }
	}
	count := func(head, unit string) func(int) []byte {
		return func(n int) []byte {
			b := []byte(head)
			for i := 0; len(b) < n; i++ {
				b = fmt.Appendf(b, unit, i)
			}
			return b
		}
	}
	csv := read.Builtin["plan-members"]
	var columns []string
	for _, f := range csv.Fields {
		columns = append(columns, f.Column)
	}
	header := strings.Join(columns, ",") + "\n"
	for name, c := range map[string]struct {
		layout *read.Layout
		body   func(n int) []byte
	}{
		"doses":                  {nil, repeat(pid, dose)},
		"doses of their own ids": {nil, count(pid, "ORC|RE||%d^O\rRXA|0|1|20260101||20^DTaP^CVX|1|||00\r")},
		"statements":             {nil, count(pid+dose, "OBX|1|CE|30956-7^v^LN|%d|20^x^CVX\r")},
		"next of kin":            {nil, repeat(pid, "NK1|1|A^B|MTH\r")},
		"numbers":                {nil, repeat(msh+"PID|1||", "K^^^O^MR~")},
		"names":                  {nil, repeat(msh+"PID|1||K^^^O^MR||", "D^J~")},
		"addresses":              {nil, repeat(msh+"PID|1||K^^^O^MR||D^J||20200101|F|||", "1 A ST^^B^MN^55401~")},
		"races":                  {nil, repeat(msh+"PID|1||K^^^O^MR||D^J||20200101|F||", "2106-3^W^HL70005~")},
		"escapes":                {nil, repeat(msh+"PID|1||K^^^O^MR||", "\\T\\")},
		"printed ends":           {nil, repeat(pid, "PID<CR>")},
		"lines that go on":       {nil, repeat(pid, "x\r")},
		"messages in one line":   {nil, repeat("", "MSH|^~\\&|x|")},
		"messages in one line, and marks behind them": {nil, func(n int) []byte {
			return []byte(strings.Repeat("MSH|^~\\&|x|", n*3/4/12) + strings.Repeat("<", n/4))
		}},
		"messages in one line, and a printed end": {nil, func(n int) []byte {
			return []byte(strings.Repeat("MSH|^~\\&|x|", n/12) + "<CR>PID|1\r")
		}},
		"envelopes":          {nil, repeat("", "FHS|^~\\&\rBHS|^~\\&\rBTS|1\rFTS|1\r")},
		"two-byte lines":     {csv, repeat(header, "a\n")},
		"one line":           {csv, repeat(header, "a")},
		"quotes":             {csv, repeat(header, "\"\"")},
		"commas":             {csv, repeat(header, ",")},
		"headers":            {csv, repeat("", header)},
		"fixed, short lines": {read.Builtin["wir-client"], repeat("", "a\n")},
		"fixed, one line":    {read.Builtin["wir-client"], repeat("", "a")},
		"births":             {read.Builtin["ije-natality"], repeat("", "2026\n")},
	} {
		work := func(n int) time.Duration {
			path := filepath.Join(t.TempDir(), "file")
			if err := os.WriteFile(path, c.body(n), 0o600); err != nil {
				t.Fatal(err)
			}
			least := time.Hour
			for range 3 {
				before := cpu(t)
				_, err := Load(context.Background(), &File{Path: path, No: 1, BatchID: "b", Snapshot: 1, Sender: "s", Kind: "clinic",
					Layout: c.layout, AsOf: table.NewDate(2026, 3, 2)}, t.TempDir(), 1)
				var whole Refusal
				if err != nil && !errors.As(err, &whole) {
					t.Fatal(err)
				}
				least = min(least, cpu(t)-before)
			}
			return least
		}
		const n = 200_000
		one, four := work(n), work(4*n)
		t.Logf("%s: %v and %v", name, one, four)
		if four > 9*one && four > 100*time.Millisecond {
			t.Errorf("%s: %d bytes take %v, four times as many %v", name, n, one, four)
		}
	}
}
