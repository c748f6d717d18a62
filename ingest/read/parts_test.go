package read

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestPartsCoverTheFile: parts lie one behind the other, begin where a unit begins and know the lines before them.
func TestPartsCoverTheFile(t *testing.T) {
	text := strings.Repeat("MSH|^~\\&|E|O|M|M|20260201||VXU^V04|1|P|2.5.1\r\nPID|1||K^^^O^MR\r\n\r\n", 500)
	whole := Part{From: 3, To: int64(3 + len(text))}
	file := bytes.NewReader([]byte("\xEF\xBB\xBF" + text))
	for name, s := range map[string]Splitter{"lines": Lines, "messages": Messages} {
		for _, n := range []int{1, 2, 3, 7, 5000} {
			parts, err := s.Split(context.Background(), file, whole, n)
			if err != nil || len(parts) > n || n < 100 && len(parts) < n {
				t.Fatalf("%s: %d parts of %d, %v", name, len(parts), n, err)
			}
			at := whole.From
			for _, p := range parts {
				before := text[:p.From-3]
				if p.From != at || p.To <= p.From || p.Before != int64(strings.Count(before, "\n")) || before != "" &&
					!strings.HasSuffix(before, "\n") ||
					name == "messages" && !strings.HasPrefix(text[p.From-3:], "MSH") {
					t.Errorf("%s: a part from %d to %d, behind %d lines", name, p.From, p.To, p.Before)
				}
				at = p.To
			}
			if at != whole.To {
				t.Errorf("%s: %d parts end at %d", name, n, at)
			}
		}
	}
	for name, text := range map[string]string{"CR only": strings.ReplaceAll(text, "\n", ""),
		"one line": strings.Repeat("x", 1000), "nothing": ""} {
		parts, err := Lines.Split(context.Background(), strings.NewReader(text), Part{To: int64(len(text))}, 7)
		if err != nil || len(parts) != 1 {
			t.Errorf("%s: %d parts, %v", name, len(parts), err)
		}
	}
}

// TestTheFirstPartThatFails: the failure of a part is reported whatever those behind it come to; those before it are
// read to their ends.
func TestTheFirstPartThatFails(t *testing.T) {
	for _, bad := range [][]int{{3}, {5, 2}, {0, 1, 2, 3, 4, 5, 6}, {}} {
		failed, err := EachPart(context.Background(), 7, func(ctx context.Context, i int) error {
			for _, b := range bad {
				if b == i {
					return fmt.Errorf("part %d", i)
				}
			}
			return ctx.Err()
		})
		want := 7
		for _, b := range bad {
			want = min(want, b)
		}
		if failed != want || want < 7 && (err == nil || err.Error() != fmt.Sprintf("part %d", want)) || want == 7 &&
			err != nil {
			t.Errorf("parts %v fail: %d, %v", bad, failed, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := EachPart(ctx, 3, func(context.Context, int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}
