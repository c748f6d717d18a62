package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A sourceFile is one parsed Go file that is part of a program, not of a test.
type sourceFile struct {
	path string // below the module's root, with slashes
	fset *token.FileSet
	tree *ast.File
}

// position names the line of a node.
func (f sourceFile) position(n ast.Node) string {
	p := f.fset.Position(n.Pos())
	p.Filename = f.path
	return p.String()
}

// A plantedFile is a source text that a test of a rule makes up.
func plantedFile(t *testing.T, text string) sourceFile {
	t.Helper()
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, "planted.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return sourceFile{path: "planted.go", fset: fset, tree: tree}
}

// moduleFiles lists the files of the module whose name ends in ext, by path below the root. It looks at what lies on
// disk, not at what is under version control: a rule must not hold just because the sources were copied.
func moduleFiles(t *testing.T, ext string, atLeast int) []string {
	t.Helper()
	const root = "../.."
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") ||
			slices.Contains([]string{"var", "bin", "node_modules"}, d.Name())) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ext {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		list = append(list, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(list) < atLeast {
		t.Fatalf("%d files *%s found, and there are at least %d: the rule would hold for nothing", len(list), ext, atLeast)
	}
	return list
}

// programFiles parses every Go file of the module but the tests.
func programFiles(t *testing.T) []sourceFile {
	t.Helper()
	var list []sourceFile
	for _, path := range moduleFiles(t, ".go", 250) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, filepath.Join("../..", filepath.FromSlash(path)), nil,
			parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sourceFile{path: path, fset: fset, tree: tree})
	}
	return list
}
