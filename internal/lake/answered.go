package lake

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// AddressesAnswered is the event that an address vendor's answer was handed in; it is all that its run does.
const AddressesAnswered = "addresses answered"

// Answered is an address vendor's answer to an export. The file lies beside the lake's data under its hash, and is an input
// of every night from then on.
type Answered struct {
	Export   string `json:"export"` // which it answers, by its number below disclosed/
	Vendor   string `json:"vendor"` // id of the recipient that got the export
	SHA256   string `json:"sha256"` // of the file
	Rows     int    `json:"rows"`
	Operator string `json:"operator"`
	// why the answer counts no more; empty where it was handed in. The last line about an export decides.
	Withdrawn string `json:"withdrawn,omitempty"`

	Snapshot int64     `json:"-"` // HEAD when it was handed in
	At       time.Time `json:"-"`
}

const answersDir = "answers"

// AnswerSum is the hash by which a file of answers is kept.
func AnswerSum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// AnswerPath is where the file of an answer lies.
func (l *Lake) AnswerPath(sha string) string { return l.Path(answersDir + "/" + sha + ".csv") }

// Answer keeps a file of answers, and then that it was handed in. A kill between the two leaves a file that nobody refers
// to; the same file handed in again takes its place.
func (w *Writer) Answer(a Answered, data []byte) error {
	a.SHA256 = AnswerSum(data)
	path := w.AnswerPath(a.SHA256)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := SyncDir(filepath.Dir(filepath.Dir(path))); err != nil {
		return err
	}
	if err := w.writeFile(path, data); err != nil {
		return err
	}
	w.Point("answer kept")
	return w.NoteAnswer(a)
}

// NoteAnswer notes that an answer whose file is kept counts, or counts no more.
func (w *Writer) NoteAnswer(a Answered) error {
	parent, _, err := w.headLine()
	if err != nil {
		return err
	}
	if err := w.Claim(Event{Kind: "answered", Parent: parent, Snapshot: parent, Operator: a.Operator}); err != nil {
		return err
	}
	return w.Append(w.Run, Event{Event: AddressesAnswered, Answered: &a, Snapshot: parent, Operator: a.Operator})
}

// Answers lists the answers that were handed in, in their order.
func (l *Lake) Answers() ([]Answered, error) {
	var list []Answered
	err := l.eachEvent(func(_ string, e *Event) {
		if one := e.Answered; e.Event == AddressesAnswered && one != nil {
			one.Snapshot, one.At = e.Snapshot, e.Time
			list = append(list, *one)
		}
	})
	return list, err
}

// ReadAnswer reads a file of answers and proves that it is as it was handed in.
func (l *Lake) ReadAnswer(sha string) ([]byte, error) {
	rel := answersDir + "/" + sha + ".csv"
	data, err := os.ReadFile(l.AnswerPath(sha))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Errorf(Damaged, "%s is missing: restore it from a backup", rel)
	}
	if err != nil {
		return nil, err
	}
	if AnswerSum(data) != sha {
		return nil, Errorf(Damaged, "%s does not have the bytes of its name: restore it from a backup", rel)
	}
	return data, nil
}

// answered checks the files of answers.
func (c *checker) answered() error {
	list, err := c.Answers()
	if err != nil {
		return err
	}
	for _, a := range list {
		if _, err := c.ReadAnswer(a.SHA256); CodeOf(err) == Damaged {
			c.fault(Finding{Kind: "ledger", File: answersDir + "/" + a.SHA256 + ".csv", Text: err.Error()})
		} else if err != nil {
			return err
		}
	}
	return nil
}
