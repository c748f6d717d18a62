package read

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"miic/ingest/layouts"
	"miic/internal/prose"
)

// Builtin are the built-in ones, by id.
var Builtin = loadBuiltin()

func loadBuiltin() map[string]*Layout {
	all := map[string]*Layout{}
	files, err := fs.Glob(layouts.Files, "*.yaml")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		text, err := layouts.Files.ReadFile(f)
		if err != nil {
			panic(err)
		}
		l, err := ParseLayout(text)
		if err != nil {
			panic(fmt.Sprintf("%s: %v", f, err))
		}
		if l.ID != strings.TrimSuffix(f, ".yaml") {
			panic(fmt.Sprintf("%s: its id is %s", f, l.ID))
		}
		all[l.ID] = l
	}
	return all
}

// Layouts returns all layouts that a sender may have, by id: the built-in ones and those in the site's folder, if
// it has one.
func Layouts(folder string) (map[string]*Layout, error) {
	if folder == "" {
		return Builtin, nil
	}
	all := maps.Clone(Builtin)
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("layouts: there is no file *.yaml in %s: name the folder of the site's layouts, or "+
			"leave the key out", folder)
	}
	for _, f := range files {
		name := filepath.Base(f)
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, fmt.Errorf("layouts: %s cannot be read: %s", name, prose.Cause(err))
		}
		l, err := ParseLayout(text)
		switch {
		case err != nil:
			return nil, fmt.Errorf("layouts: %s: %w", name, err)
		case l.ID != strings.TrimSuffix(name, ".yaml"):
			return nil, fmt.Errorf("layouts: %s: its id is %q: a layout's file has the name of its id", name, l.ID)
		case all[l.ID] != nil || l.ID == HL7Layout:
			return nil, fmt.Errorf("layouts: %s: there is a built-in layout of this id: choose another", name)
		}
		all[l.ID] = l
	}
	for _, l := range all {
		if l.Clients != "" && all[l.Clients] == nil {
			return nil, fmt.Errorf("layouts: %s: its clients' layout %q is unknown", l.ID, l.Clients)
		}
	}
	return all, nil
}
