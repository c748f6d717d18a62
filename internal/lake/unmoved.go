package lake

import "time"

// Unmoved is a delivery that a committed night has taken in and that needs a person: it still lies in the inbox, or has
// no copy in the archive, or both. The next night knows it by this and does not take it in again.
type Unmoved struct {
	Sender   string    `json:"sender,omitempty"`
	Name     string    `json:"name,omitempty"` // empty: what is wrong is about the archive as a whole
	SHA256   string    `json:"sha256,omitempty"`
	Bytes    int64     `json:"bytes,omitempty"`
	Modified time.Time `json:"modified,omitzero"` // when the file was last written to
	Copied   bool      `json:"copied,omitempty"`  // its copy is in the archive
	Why      string    `json:"why"`
}

// Unmoved returns what a published snapshot has left to a person, as it was when that was last tried.
func (l *Lake) Unmoved(m *Manifest) ([]Unmoved, error) {
	events, err := l.Ledger(m.Run)
	if err != nil {
		return nil, err
	}
	var list []Unmoved
	for _, e := range events {
		if e.Event == Published && e.Snapshot == m.Snapshot {
			list = e.Unmoved
		}
	}
	return list, nil
}
