package deliveries

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"miic/cmd/miic/shell"
	"miic/internal/inbox"
	"miic/internal/pipeline"
	"miic/internal/prose"
)

// strayFile finds the stray file that an argument names: by its path, or by its place in the inbox. It is nil where the
// argument names no file of the inbox.
func strayFile(c *shell.Config, argument string) (*inbox.Stray, error) {
	place := place(c.Inbox, argument)
	if place == "" {
		return nil, nil
	}
	recognise, err := shell.Strays(c)
	if err != nil {
		return nil, err
	}
	list, err := inbox.FindStrays(c.Inbox, recognise, time.Now())
	if err != nil {
		return nil, err
	}
	for i := range list {
		if list[i].Place() == place {
			return &list[i], nil
		}
	}
	return nil, shell.UsageError("%s does not seem to hold families' requests, so that nothing waits for it: the night "+
		"takes it, or refuses it, by itself", prose.Name(place))
}

// place is where a file that an argument names lies in the inbox, or nothing.
func place(inbox, argument string) string {
	if info, err := os.Lstat(filepath.Join(inbox, argument)); err == nil && filepath.IsLocal(argument) &&
		(!info.IsDir() || strings.Contains(argument, "/")) {
		return filepath.Clean(argument)
	}
	if _, err := os.Lstat(argument); err != nil {
		return ""
	}
	whole, err := filepath.Abs(argument)
	if err != nil {
		return ""
	}
	root, err := filepath.Abs(inbox)
	if err != nil {
		return ""
	}
	rel, err := filepath.Rel(root, whole)
	if err != nil || !filepath.IsLocal(rel) {
		return ""
	}
	return rel
}

// refuseStray settles that a stray file is not to be read.
func refuseStray(a *shell.App, s *inbox.Stray, reason string) error {
	c, l, err := shell.OpenLake(a)
	if err != nil {
		return err
	}
	at := prose.Name(s.Place())
	if s.SHA256 == "" {
		return shell.UsageError("%s is a folder, or cannot be read: move it out of the inbox, or correct its rights", at)
	}
	if err := pipeline.RefuseStray(shell.DecisionOptions(c, l), *s, reason); err != nil {
		return err
	}
	if a.JSON {
		return a.Document(map[string]string{"file": filepath.Join(s.Sender, s.Name), "sha256": s.SHA256, "reason": reason,
			"operator": shell.Operator()})
	}
	a.Say("%s is refused and lies in the archive; 'miic nightly' publishes again", at)
	return nil
}
