package measure

import (
	"embed"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"miic/internal/yamlfile"
)

//go:embed builtin/*.yaml
var builtin embed.FS

// Load reads the built-in measures and those of a site's folder, a file for each set of them; a folder that is not there
// has none. A file with a fault defines nothing: the faults of all files are returned beside the measures of the others.
func Load(dir string, known Known) (list []Measure, faults []string, err error) {
	files, err := filesOf(dir)
	if err != nil {
		return nil, nil, err
	}
	origin := map[string]string{} // by measure
	for _, file := range files {
		found, err := Parse(file, known, origin)
		if err != nil {
			faults = append(faults, strings.Split(err.Error(), "\n")...)
			continue
		}
		for _, m := range found {
			origin[m.ID] = m.Origin
		}
		list = append(list, found...)
	}
	return list, faults, nil
}

// Check reads a file as if it lay in a site's folder, in the place of one of its name: a measure that is built in, or that
// another file of the folder has, is a fault.
func Check(path, dir string, known Known) ([]Measure, error) {
	files, err := filesOf(dir)
	if err != nil {
		return nil, err
	}
	file := yamlfile.Read(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	taken := map[string]string{}
	for _, other := range files {
		if other.Name == file.Name {
			continue
		}
		if found, err := Parse(other, known, taken); err == nil { // one with a fault defines nothing
			for _, m := range found {
				taken[m.ID] = m.Origin
			}
		}
	}
	return Parse(file, known, taken)
}

// filesOf are the built-in files, then those of a folder.
func filesOf(dir string) ([]yamlfile.File, error) {
	files, err := yamlfile.Folder(builtin, "builtin")
	for i := range files {
		files[i].Name = "builtin/" + files[i].Name // a site may have a file of the same name
	}
	if err != nil || dir == "" {
		return files, err
	}
	own, err := yamlfile.Folder(os.DirFS(dir), ".")
	return append(files, own...), err
}

// Parse reads one file of measures. Taken has the file of each measure that another one defines.
func Parse(file yamlfile.File, known Known, taken map[string]string) ([]Measure, error) {
	k := &checker{file: file, known: &known, taken: taken, groups: map[string]int{}, antigens: map[string]int{}}
	for i, g := range known.Groups {
		k.groups[g.Name] = i
	}
	for i, a := range known.Antigens() {
		k.antigens[a] = i
	}
	list, err := k.measures()
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Antigens are the antigens of all groups, in the order of their numbers.
func (k *Known) Antigens() []string {
	var list []string
	for _, g := range k.Groups {
		list = append(list, g.Antigens...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
