package pipeline

import (
	"context"
	"maps"
	"slices"

	"miic/internal/lake"
)

// prove reads every byte of the parent's files that a stage may read, before the stage derives anything
// from them: a flipped bit ends the night with the file's name. Files of this night have just been
// sealed, and a file that was proved once tonight is not read again.
func (n *night) prove(ctx context.Context, s Stage) error {
	return n.proveTables(ctx, slices.Concat(s.Reads, s.Prior, s.Writes))
}

// proveAll proves every table: the audit reads them all.
func (n *night) proveAll(ctx context.Context) error {
	return n.proveTables(ctx, slices.Sorted(maps.Keys(n.tables)))
}

func (n *night) proveTables(ctx context.Context, tables []string) error {
	if n.head == nil {
		return nil
	}
	for _, name := range tables {
		var files []lake.File
		for _, f := range n.head.Tables[name] {
			if !n.proved[f.Path] {
				files = append(files, f)
				n.proved[f.Path] = true
			}
		}
		if err := n.w.Prove(ctx, name, files); err != nil {
			return err
		}
	}
	return nil
}
