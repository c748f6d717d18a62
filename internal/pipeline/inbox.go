package pipeline

import (
	"context"

	"miic/internal/inbox"
	"miic/internal/lake"
)

// ScanInbox lists what lies in an inbox, without limits and without copies.
func ScanInbox(dir string) ([]Delivery, error) {
	return deliveries(context.Background(), &inbox.Scan{Dir: dir})
}

func deliveries(ctx context.Context, s *inbox.Scan) ([]Delivery, error) {
	files, err := s.Run(ctx)
	list := make([]Delivery, len(files))
	for i, f := range files {
		list[i].File = f
	}
	return list, err
}

// files are the deliveries that lie in the inbox, or were read from there.
func files(list []Delivery) []inbox.File {
	files := make([]inbox.File, len(list))
	for i, d := range list {
		files[i] = d.File
	}
	return files
}

// delivered is the inbox as the manifest keeps it.
func delivered(list []Delivery) []lake.Delivered {
	out := []lake.Delivered{}
	for _, d := range list {
		out = append(out, lake.Delivered{Sender: d.Sender, Name: d.Name, Bytes: d.Bytes, SHA256: d.SHA256, Err: d.Err,
			Stray: d.Stray != "", Archived: d.Archived})
	}
	return out
}
