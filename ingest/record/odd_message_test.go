package record

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"miic/ingest/rule"
	"miic/internal/table"
)

const (
	oddHead = `MSH|^~\&|EHR|LAKE|MIIC|MDH|20260301101500-0600||VXU^V04^VXU_V04|1|P|2.5.1`
	oddPID  = `PID|1||L1^^^LAKE^MR||Berg^Ida^^^^^L||20240115|F`
)

func oddDose(id, day, cvx string) string {
	return fmt.Sprintf("ORC|RE||%s^LAKE\rRXA|0|1|%s||%s^^CVX|0.5|mL^^UCUM||00^new^NIP001||||||U1|20291231|PMC^^MVX|||CP|A", id, day, cvx)
}

func oddMessage(segments ...string) string { return strings.Join(segments, "\r") + "\r" }

// loadMessages reads a file of messages as the night does, and returns what the reader made of it.
func loadMessages(t *testing.T, text string) (b Result, doses []stagedEvent, told []string) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "x.hl7")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := Load(context.Background(), &File{No: 1, Snapshot: 1, Path: path, Sender: "s", Kind: "clinic",
		AsOf: table.NewDate(2026, 3, 2), Time: table.NewDate(2026, 3, 1).Midnight()}, dir, 1)
	if whole := (Refusal{}); err != nil && !errors.As(err, &whole) {
		t.Fatal(err)
	}
	doses, err = table.ReadAll[stagedEvent](b.Files[StagedEvents])
	if err != nil {
		t.Fatal(err)
	}
	rejected, err := table.ReadAll[StagedRejection](b.Files[StagedRejections])
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rejected {
		if r.Severity != rule.Inform {
			told = append(told, fmt.Sprintf("%s/%d", r.Rule, r.Line))
		}
	}
	return b, doses, told
}

// TestOddMessages: whatever senders write, a message loads with all its doses, or it, or a dose of it, is refused
// by a rule in its place.
func TestOddMessages(t *testing.T) {
	plain := oddMessage(oddHead, oddPID, oddDose("1", "20240401", "20"))
	second := strings.Replace(plain, "|1|P", "|2|P", 1)
	envelope := func(s string) string { return "FHS|^~\\&|E\rBHS|^~\\&|E\r" + s + "BTS|1\rFTS|1\r" }
	in := func(old, new string) string { return strings.Replace(plain, old, new, 1) }
	for _, c := range []struct {
		name, text string
		accepted   int64
		refused    int64
		doses      int
		told       string
	}{
		{"as it should be", plain, 1, 0, 1, ""},
		{"a header alone", oddHead + "\r", 0, 1, 0, "message_patient/1"},
		{"no line end at all", strings.ReplaceAll(plain, "\r", "") + "\r", 0, 1, 0, "message_patient/1"},
		{"no line end, in an envelope", strings.ReplaceAll(envelope(plain), "\r", "") + "\r", 0, 1, 0,
			"message_patient/1"},
		{"line ends of another kind", strings.ReplaceAll(plain, "\r", "\v"), 0, 1, 0, "message_patient/1"},
		{"two messages without a line end between", strings.TrimSuffix(plain, "\r") + second, 2, 0, 2, ""},
		{"a message behind its batch header", "BHS|^~\\&|E" + plain + "BTS|1\r", 1, 0, 1, ""},
		{"a dose behind a dose", in("|CP|A\r", "|CP|ARXA|0|1|20240501||20^^CVX|0.5|||00\r"), 0, 1, 0,
			"segments_run_on/4"},
		{"an answer behind a dose", in("|CP|A\r", "|CP|AOBX|1|CE|30945-0^^LN|1|91930004^^SCT||||||F\r"), 0, 1, 0,
			"segments_run_on/4"},
		{"a dose in small letters", in("RXA", "rxa"), 0, 1, 0, "segment_wrapped/3 segments_run_on/3"},
		{"a dose with another separator", in("RXA|0|1", "RXA^0^1"), 0, 1, 0, "segment_wrapped/3 segments_run_on/3"},
		{"other delimiters", strings.NewReplacer("|", "#", "^", "@", "~", "*", "\\", "!", "&", "$").Replace(plain), 1,
			0, 1, ""},
		{"two marks", in(`^~\&`, `^~`), 1, 0, 1, ""},
		{"one mark", in(`^~\&`, `^`), 0, 1, 0, "message_header/1"},
		{"five marks", in(`^~\&`, `^~\&#`), 1, 0, 1, ""},
		{"version 2.3.1", strings.NewReplacer("^VXU_V04", "", "2.5.1", "2.3.1").Replace(plain), 1, 0, 1, ""},
		{"version 2.4", in("2.5.1", "2.4"), 1, 0, 1, ""},
		{"no event in the type", in("VXU^V04^VXU_V04", "VXU"), 1, 0, 1, ""},
		{"another type", in("VXU^V04^VXU_V04", "ADT^A31"), 0, 1, 0, "message_type/1"},
		{"withdrawn in a small letter", in("|CP|A", "|CP|d"), 1, 0, 1, ""},
		{"an action that is none", in("|CP|A", "|CP|X"), 1, 0, 1, "code_unknown/4"},
		{"a completion in small letters", in("|CP|A", "|re|A"), 1, 0, 0, ""},
		{"a completion that is none", in("|CP|A", "|XX|A"), 1, 0, 1, "code_unknown/4"},
		{"not given", in("|CP|A", "|NA|A"), 1, 0, 0, ""},
		{"in part", in("|CP|A", "|PA|A"), 1, 0, 1, ""},
		{"a dose that says nothing", oddMessage(oddHead, oddPID, "RXA"), 1, 0, 0,
			"dose_date_missing/3 product_missing/3"},
		{"a dose of a month", in("20240401", "202404"), 1, 0, 0, "dose_date_unreadable/4"},
		{"no order", in("ORC|RE||1^LAKE\r", ""), 1, 0, 1, ""},
		{"NDC before CVX", in("20^^CVX", "49281-0286-10^^NDC^106^^CVX"), 1, 0, 1, ""},
		{"a code system of its own", in("20^^CVX", "DT^x^L"), 1, 0, 1, "code_unknown/4"},
		{"two people", oddMessage(oddHead, oddPID, oddDose("1", "20240401", "20"), oddPID,
			oddDose("2", "20240501", "20")), 0, 1, 0, "message_patient/1"},
		{"doses before the person", oddMessage(oddHead, oddDose("1", "20240401", "20"), oddPID), 1, 0, 1, ""},
		{"Latin letters, not declared", in("Berg", "Bj\xf8rk"), 0, 1, 0, "encoding/1"},
		{"Latin letters, declared", in("2.5.1\r", "2.5.1||||||8859/1\r"), 1, 0, 1, ""},
		{"escapes of all kinds", in("Berg^Ida", `Be\T\rg\X0D\\.br\x\F\y\E\^I\S\da\R\\Zx\\H\\C2842\`), 1, 0, 1, ""},
		{"a long field", in("Berg", strings.Repeat("B", 70000)), 1, 0, 1, ""},
		{"a message too long", in("Berg", strings.Repeat("B", 1200000)) + second, 1, 1, 1, "message_too_long/1"},
		{"words before it", "hello\r" + plain, 1, 1, 1, "message_header/1"},
		{"a header cut short", "MSH|^~\\&\r" + strings.SplitN(plain, "\r", 2)[1], 0, 1, 0, "message_type/1"},
		{"no header", strings.SplitN(plain, "\r", 2)[1], 0, 1, 0, "message_header/1"},
		{"no surname", in("Berg^Ida", "^Ida"), 0, 1, 0, "required_missing/1"},
		{"an id too long", in("|1^LAKE", "|"+strings.Repeat("1", 101)+"^LAKE"), 1, 0, 0, "id_too_long/4"},
		{"framed as on a line", "\v" + plain + "\x1c\r", 1, 0, 1, ""},
	} {
		b, doses, told := loadMessages(t, c.text)
		slices.Sort(told)
		if b.Accepted != c.accepted || b.Refused != c.refused || len(doses) != c.doses ||
			strings.Join(told, " ") != c.told {
			t.Errorf("%s: %d accepted, %d refused, %d doses, %v; want %d, %d, %d, %s", c.name, b.Accepted, b.Refused,
				len(doses), told, c.accepted, c.refused, c.doses, c.told)
		}
		if b.Read != b.Accepted+b.Refused {
			t.Errorf("%s: %d read", c.name, b.Read)
		}
	}
}

// TestLostLineEnds takes every line end out of a file in turn, and every two that follow one another: what was in
// the file is loaded, or told to be refused; no dose, no answer and no restriction is gone without a word.
func TestLostLineEnds(t *testing.T) {
	answer := "RXR|C28161^^NCIT|LT^^HL70163\rOBX|1|CE|64994-7^^LN|1|V01^^HL70064||||||F"
	one := oddMessage(oddHead, oddPID, "PD1|||||||||||02|Y", oddDose("1", "20240401", "20"), answer,
		oddDose("2", "20240501", "21"), answer)
	two := strings.NewReplacer("|1|P", "|2|P", "L1^", "L2^", "||1^", "||3^", "||2^", "||4^").Replace(one)
	lines := strings.SplitAfter("FHS|^~\\&|E\rBHS|^~\\&|E\r"+one+two+"BTS|2\rFTS|1\r", "\r")
	for _, width := range []int{1, 2} {
		for i := range len(lines) - 1 - width {
			text := strings.Join(lines[:i], "")
			for _, l := range lines[i : i+width] {
				text += strings.TrimSuffix(l, "\r")
			}
			b, doses, told := loadMessages(t, text+strings.Join(lines[i+width:], ""))
			eligible := 0
			for _, d := range doses {
				if d.Eligibility == "V01" {
					eligible++
				}
			}
			if b.Refused == 0 && (len(doses) != 4 || b.Accepted != 2) || b.Refused > 0 &&
				!slices.ContainsFunc(told, func(s string) bool {
					return strings.HasPrefix(s, "message_") ||
						strings.HasPrefix(s, "segments_")
				}) {
				t.Errorf("without line end %d (%d): %d accepted, %d refused, %d doses, %v", i+1, width, b.Accepted,
					b.Refused, len(doses), told)
			}
			clients, err := table.ReadAll[stagedClient](b.Files[StagedClients])
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range clients {
				if c.Share != "refused" {
					t.Errorf("without line end %d (%d): the record of %s may be shared, %v", i+1, width,
						c.SourceClientID, told)
				}
			}
			if b.Refused == 0 && eligible != 4 {
				t.Errorf("without line end %d (%d): %d doses have their eligibility, %v", i+1, width, eligible, told)
			}
			if b.Accepted+b.Refused > 2 || b.Read != b.Accepted+b.Refused {
				t.Errorf("without line end %d (%d): %d read, %d accepted, %d refused", i+1, width, b.Read, b.Accepted,
					b.Refused)
			}
		}
	}
}
