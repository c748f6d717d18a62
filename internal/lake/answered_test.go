package lake

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestAnswersAreKeptAndProved(t *testing.T) {
	l, err := Create(t.TempDir()+"/lake", Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one", "two"} {
		w, err := l.Lock()
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Answer(Answered{Export: "000001", Vendor: "Vendor", Rows: 3, Operator: "op"}, []byte(text)); err != nil {
			t.Fatal(err)
		}
		w.Unlock()
	}
	list, err := l.Answers()
	if err != nil || len(list) != 2 || list[0].SHA256 != AnswerSum([]byte("one")) || list[1].Export != "000001" || list[0].At.IsZero() {
		t.Fatalf("%+v, %v", list, err)
	}
	path := l.AnswerPath(list[1].SHA256)
	if data, err := l.ReadAnswer(list[1].SHA256); string(data) != "two" || err != nil {
		t.Errorf("%q, %v", data, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.WriteFile(path, []byte("tow"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.ReadAnswer(list[1].SHA256); CodeOf(err) != Damaged || !strings.Contains(err.Error(), "restore it from a backup") {
		t.Errorf("changed: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := l.ReadAnswer(list[1].SHA256); CodeOf(err) != Damaged || !strings.Contains(err.Error(), "is missing") {
		t.Errorf("removed: %v", err)
	}
}

// An answer that is taken back stays in the list, and so does its file: the last line about an export decides.
func TestAnAnswerIsTakenBack(t *testing.T) {
	l, err := Create(t.TempDir()+"/lake", Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	w, err := l.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Answer(Answered{Export: "000001", Operator: "op"}, []byte("one")); err != nil {
		t.Fatal(err)
	}
	w.Unlock()
	if w, err = l.Lock(); err != nil {
		t.Fatal(err)
	}
	defer w.Unlock()
	list, err := l.Answers()
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	back := list[0]
	back.Withdrawn = "of another state"
	if err := w.NoteAnswer(back); err != nil {
		t.Fatal(err)
	}
	list, err = l.Answers()
	if err != nil || len(list) != 2 || list[0].Withdrawn != "" || list[1].Withdrawn != "of another state" || list[1].SHA256 != AnswerSum([]byte("one")) {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := l.ReadAnswer(list[1].SHA256); err != nil {
		t.Error(err)
	}
}
