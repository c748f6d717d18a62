package shell

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"miic/internal/lake"
	"miic/internal/private"
	"miic/linkage/match"
	"miic/linkage/review"
)

// Evidence opens the stored evidence of a snapshot for reading.
func Evidence(ctx context.Context, c *Config, l *lake.Lake, m *lake.Manifest, use func(*review.Explainer) error) error {
	model, err := match.Load(c.Linkage.Model)
	if err != nil {
		return UsageError("%w", err)
	}
	e, err := OpenEngine(ctx, c)
	if err != nil {
		return err
	}
	defer e.Close()
	return use(review.NewExplainer(e, l.FilesOf(m), model))
}

// ReviewFolder is where the page of clerical review lies, beside the nights: run pages lead to it.
func ReviewFolder(c *Config) string { return filepath.Join(c.Out, "review") }

// WriteReview writes what waits for a person's judgement into a folder: a sheet to fill in, and a page to answer on.
// Both hold personal data.
func WriteReview(ctx context.Context, x *review.Explainer, dir string) (q *review.Queue, files []string, err error) {
	if q, err = x.Queue(ctx); err != nil {
		return nil, nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, UsageError("--out: %w", err)
	}
	sheet, page := filepath.Join(dir, "review.csv"), filepath.Join(dir, "review.html")
	if err := private.Write(sheet, q.WriteCSV); err != nil {
		return nil, nil, err
	}
	return q, []string{sheet, page}, private.Write(page, q.WriteHTML)
}

// RefreshReview writes the page of clerical review anew once HEAD has moved. The night is committed by then, so that
// what goes wrong here is said, and fails nothing.
func RefreshReview(ctx context.Context, a *App, c *Config, l *lake.Lake) {
	m, err := l.Head()
	if err == nil && m != nil {
		err = Evidence(ctx, c, l, m, func(x *review.Explainer) error {
			_, _, err := WriteReview(ctx, x, ReviewFolder(c))
			return err
		})
	}
	if err != nil {
		fmt.Fprintf(a.Stderr, "the page of clerical review is not of this night: %v; run 'miic review export'\n", err)
	}
}
