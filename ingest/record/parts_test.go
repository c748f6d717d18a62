package record

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"miic/ingest/read"
	"miic/internal/table"
)

// readWhole loads a file and returns all that came of it, and whether it is refused, empty or loaded.
func readWhole(t *testing.T, layoutID, encoding string, data []byte, parts int) (b Result, status, all string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := Load(context.Background(), &File{No: 1, Snapshot: 1, BatchID: "0123456789abcdef", Path: path, Sender: "s",
		Kind:     "clinic",
		Encoding: encoding, Layout: read.Builtin[layoutID], AsOf: table.NewDate(2026, 3, 2)}, dir, parts)
	switch whole := (Refusal{}); {
	case errors.As(err, &whole):
		status = "refused"
	case err != nil:
		t.Fatal(err)
	case b.Read == 0:
		status = "empty"
	case b.Accepted == 0:
		status = "refused"
	default:
		status = "loaded"
	}
	var said strings.Builder
	fmt.Fprintln(&said, status, err, b.Read, b.Accepted, b.Refused, b.Bare, b.Time, b.FaultRule, b.FaultLine)
	clients, err := table.ReadAll[stagedClient](b.Files[StagedClients])
	if err != nil {
		t.Fatal(err)
	}
	events, err := table.ReadAll[stagedEvent](b.Files[StagedEvents])
	if err != nil {
		t.Fatal(err)
	}
	rejections, err := table.ReadAll[StagedRejection](b.Files[StagedRejections])
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&said, b.Warning)
	for _, c := range clients {
		fmt.Fprintf(&said, "%+v\n", c)
	}
	for _, e := range events {
		fmt.Fprintf(&said, "%+v\n", e)
	}
	for _, r := range rejections {
		fmt.Fprintf(&said, "%+v\n", r)
	}
	return b, status, said.String()
}

// TestPartsReadLikeTheWhole reads files in one stretch and in two, three and seven: rows, line numbers, offsets, counts
// and refusals are the same, whatever is wrong with the file and in whichever part.
func TestPartsReadLikeTheWhole(t *testing.T) {
	var wir, csv, vxu, clinic bytes.Buffer
	vxu.WriteString("FHS|^~\\&|E\r\nBHS|^~\\&|E\r\n")
	clinic.WriteString("vaccination_date,2026-02-14\ncvx,140\nlot,U1\nid,last_name,first_name,birth_date,sex,lot\n")
	csv.WriteString("\r\nmember_id,last_name,first_name,middle_name,birth_date,sex,address_1,address_2,city,state,zip,county_fips,phone,email,language,medicaid_id,pcp_npi,updated_on\r\n")
	for i := range 400 {
		record := []byte(strings.Repeat(" ", 574))
		for at, v := range map[int]string{1: fmt.Sprintf("K%03d", i), 26: "EVA", 76: "RUUD", 121: "01312020",
			197: "F"} {
			copy(record[at-1:], v)
		}
		day, name, zip := fmt.Sprintf("2026-02-%02d", 1+i%28), "Ruud", "55802"
		if i%7 == 0 { // faults in every stretch
			copy(record[75:], "    ")
			name = ""
		}
		if i%11 == 0 {
			copy(record[538:], "abc")
			zip = "abc"
		}
		wir.Write(record)
		wir.WriteString("\r\n")
		if i%50 == 0 {
			wir.WriteString("\r\n\x1a\nshort\r\n")
		}
		if vxu.WriteString("\r\nMSH|^~\\&|E|ORG|M|M|202602" + day[8:] + "100000||VXU^V04^VXU_V04|C" +
			fmt.Sprint(i%390) + "|P|2.5.1\r\n"); i%50 == 0 {
			vxu.WriteString("not a segment\r\n")
		}
		fmt.Fprintf(&vxu, "PID|1||K%03d^^^ORG^MR||%s^Eva^^^^^L||20200131|F|||1 Elm^^Lund^MN^%s\r\n", i, name, zip)
		fmt.Fprintf(&vxu, "ORC|RE||E%d^ORG\r\nRXA|0|1|20240301|20240301|%d^x^CVX|0.5|mL^^UCUM||00^^NIP001||||||L%d|20270101|PMC^^MVX|||CP|A\r\n", i, 20+i%5*400, i)
		fmt.Fprintf(&clinic, "C%03d,%s,Eva,2020-01-31,F,%s\n", i, name, []string{"", "U2"}[i%2])
		fmt.Fprintf(&csv, "M%03d,%s,\"Eva, \"\"E\"\"\",,2020-01-31,F,,,,,%s,,,,,,,%s\r\n", i, name, zip, day)
	}
	vxu.WriteString("BTS|400\r\nFTS|1\r\n")
	spoil := map[string]func([]byte) []byte{
		"as it is": func(b []byte) []byte { return b },
		"cut":      func(b []byte) []byte { return b[:len(b)-40] },
		"no last line end": func(b []byte) []byte {
			return bytes.TrimRight(b, "\r\n")
		},
		"zero byte early": func(b []byte) []byte { c := bytes.Clone(b); c[len(c)/3] = 0; return c },
		"zero byte late":  func(b []byte) []byte { c := bytes.Clone(b); c[len(c)*2/3] = 0; return c },
		"marked UTF-8":    func(b []byte) []byte { return append([]byte("\xEF\xBB\xBF"), b...) },
		"CR only": func(b []byte) []byte {
			return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\n"), nil), []byte("\x1a"), nil)
		},
		"long line": func(b []byte) []byte {
			return append(append(bytes.Clone(b), bytes.Repeat([]byte("x"), 3*read.MaxLine)...), '\n')
		},
		"one line":  func(b []byte) []byte { return b[:bytes.IndexByte(b[2:], '\n')+3] },
		"no header": func(b []byte) []byte { return b[300:] },
		"bad UTF-8": func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("Eva"), []byte("Ev\xe9")) },
		"blank":     func([]byte) []byte { return []byte("\r\n\r\n\r\n\r\n\r\n") },
		"nothing":   func([]byte) []byte { return nil },
		"LF only":   func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r"), nil) },
		"too many":  func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("BTS|400"), []byte("BTS|401")) },
		"too few":   func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("BTS|400"), []byte("BTS|3\r\nBTS|9")) },
		"no trailer": func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte("FTS|1"), nil)
		},
		"a line past the reader's limit": func(b []byte) []byte {
			return slices.Concat(b[:len(b)/4], bytes.Repeat([]byte("x"), 2<<20), b[len(b)/4:])
		},
	}
	several := []int{2, 3, 7}
	if testing.Short() { // under the race detector
		several = []int{3}
	}
	statuses, parted := map[string]bool{}, map[string]int{}
	for name, how := range spoil {
		for layoutID, data := range map[string][]byte{"wir-client": wir.Bytes(), "plan-members": csv.Bytes(),
			"hl7-vxu": vxu.Bytes(), "mass-clinic": clinic.Bytes()} {
			data = how(data)
			_, status, want := readWhole(t, layoutID, "", data, 1)
			statuses[status] = true
			for _, n := range several {
				b, _, got := readWhole(t, layoutID, "", data, n)
				if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
					t.Errorf("%s, %s: %d parts read something else (-whole +parts):\n%.2000s", layoutID, name, n, diff)
				}
				if status == "loaded" && len(b.Files[StagedClients]) == n {
					parted[fmt.Sprint(layoutID, " ", n)]++
				}
			}
		}
	}
	if !statuses["loaded"] || !statuses["refused"] || !statuses["empty"] {
		t.Errorf("%v: the test shows too little", statuses)
	}
	for layoutID, least := range map[string]int{"wir-client": 4, "plan-members": 3, "hl7-vxu": 5, "mass-clinic": 3} {
		for _, n := range several {
			if have := parted[fmt.Sprint(layoutID, " ", n)]; have < least {
				t.Errorf("%s: %d files were read in %d parts: the test shows too little", layoutID, have, n)
			}
		}
	}
}

// BenchmarkParts reads one file of 64 MB to scratch files, in one stretch and in two.
func BenchmarkParts(b *testing.B) {
	record := []byte(strings.Repeat(" ", 262) + "\r\n")
	for at, v := range map[int]string{41: "90700", 70: "01312020", 96: "00", 98: "U1234AB"} {
		copy(record[at-1:], v)
	}
	var file bytes.Buffer
	for i := 0; file.Len() < 64<<20; i++ {
		copy(record, fmt.Sprintf("K%08d", i))
		file.Write(record)
	}
	path := filepath.Join(b.TempDir(), "file")
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, parts := range []int{1, 2} {
		b.Run(fmt.Sprintf("parts=%d", parts), func(b *testing.B) {
			for range b.N {
				f, err := Load(context.Background(), &File{No: 1, Snapshot: 1, BatchID: "0123456789abcdef", Path: path,
					Sender: "s", Kind: "clinic",
					Layout: read.Builtin["wir-immunization"], AsOf: table.NewDate(2026, 3, 2)}, b.TempDir(), parts)
				if err != nil || f.Accepted == 0 {
					b.Fatal(f.Accepted, err)
				}
				b.ReportMetric(float64(f.Read)*float64(b.N)/b.Elapsed().Seconds(), "units/s")
			}
		})
	}
}
