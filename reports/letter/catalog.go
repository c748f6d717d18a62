package letter

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

//go:embed texts
var builtIn embed.FS

// An Approval is a site's word that the texts of a language may be mailed.
type Approval struct {
	Language   string `yaml:"language"`
	ApprovedBy string `yaml:"approved_by"`
	Texts      string `yaml:"texts"` // which texts they were: the fingerprint that 'miic recall templates' shows
}

// A Catalog is the texts in force: the built-in ones, and a site's in their place.
type Catalog struct {
	templates map[string]map[string]*Template // by name and language
	words     map[string]*Words               // by language
	records   map[string]*Words               // of official records
	schools   map[string]*Words               // of schools' letters
	vaccines  map[string]*vaccines
	texts     map[string][]string // by language: the names of its files and what they hold
	approved  map[string]bool     // languages, by the settings
}

// A source is a text file: its name for messages, and what it holds.
type source struct {
	file string
	text []byte
}

// Load reads the built-in texts, and those of a site's folder in their place; an empty folder is none. Errors name the
// file and the line.
func Load(folder string, approvals []Approval) (*Catalog, error) {
	files := map[string]source{}
	if err := readFolder(builtIn, "texts", "built-in ", files); err != nil {
		return nil, err
	}
	if folder != "" {
		if err := readFolder(os.DirFS(folder), ".", folder+"/", files); err != nil {
			return nil, fmt.Errorf("templates: %w", err)
		}
	}
	c := &Catalog{templates: map[string]map[string]*Template{}, words: map[string]*Words{}, records: map[string]*Words{},
		schools:  map[string]*Words{},
		vaccines: map[string]*vaccines{}, texts: map[string][]string{}, approved: map[string]bool{}}
	var errs []error
	for _, base := range slices.Sorted(maps.Keys(files)) {
		if err := c.add(base, files[base]); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	return c, c.approve(approvals)
}

// readFolder reads the texts of a folder. A hidden file and an editor's copy are left alone.
func readFolder(fsys fs.FS, dir, prefix string, files map[string]source) error {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") {
			continue
		}
		if e.IsDir() || path.Ext(name) != ".txt" && path.Ext(name) != ".csv" {
			return fmt.Errorf("%s%s is no text of a letter: it is named as notice.es.txt, words.es.txt or vaccines.es.csv", prefix, name)
		}
		text, err := fs.ReadFile(fsys, path.Join(dir, name))
		if err != nil {
			return err
		}
		files[name] = source{prefix + name, text}
	}
	return nil
}

func (c *Catalog) add(base string, s source) error {
	name, language, ok := strings.Cut(strings.TrimSuffix(base, path.Ext(base)), ".")
	if !ok || name == "" || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" ||
		language != Language(language) || language == "" {
		return fmt.Errorf("%s: name it as notice.es.txt: a name of small letters, digits and hyphens, the code of the language, .txt", s.file)
	}
	var own string // the language that the file itself is in
	var err error
	switch {
	case name == "vaccines":
		if c.vaccines[language], err = parseVaccines(s.file, s.text); err == nil {
			own = c.vaccines[language].language
		}
	case path.Ext(base) == ".csv":
		return fmt.Errorf("%s: only the names of vaccines are a CSV file", s.file)
	case name == "words":
		if c.words[language], err = parseWords(s.file, s.text, letterWords); err == nil {
			own = c.words[language].language
		}
	case name == "record":
		if c.records[language], err = parseWords(s.file, s.text, recordWords); err == nil {
			own = c.records[language].language
		}
	case name == "school":
		if c.schools[language], err = parseWords(s.file, s.text, schoolWords); err == nil {
			own = c.schools[language].language
		}
	default:
		var t *Template
		if t, err = parseTemplate(s.file, name, s.text); err == nil {
			own = t.Language
			if c.templates[name] == nil {
				c.templates[name] = map[string]*Template{}
			}
			c.templates[name][language] = t
		}
	}
	if err != nil {
		return err
	}
	if own != language {
		return fmt.Errorf("%s: its language is %q, but its name ends in %s", s.file, own, language)
	}
	c.texts[language] = append(c.texts[language], base, string(s.text))
	return nil
}

// check makes sure that every letter can be written whole: a template is there in English, in one piece in all
// languages, and a language of a template has words and names of vaccines.
func (c *Catalog) check() error {
	for _, name := range slices.Sorted(maps.Keys(c.templates)) {
		english := c.templates[name][English]
		if english == nil {
			return fmt.Errorf("template %s is not there in English: write %s.en.txt, which is mailed where no other language is", name, name)
		}
		for _, language := range slices.Sorted(maps.Keys(c.templates[name])) {
			if piece := c.templates[name][language].Piece; piece != english.Piece {
				return fmt.Errorf("template %s is a %s in English and a %s in %s: make them one", name, english.Piece, piece, language)
			}
			if c.words[language] == nil {
				return fmt.Errorf("template %s is in %s, but words.%s.txt is missing", name, language, language)
			}
			if c.vaccines[language] == nil {
				return fmt.Errorf("template %s is in %s, but vaccines.%s.csv is missing", name, language, language)
			}
		}
	}
	return nil
}

// Record has the words of official records in a language, or in English where nobody has approved them, and the
// language's words that letters have too: dates and the numbers of pages.
func (c *Catalog) Record(language string) (code string, record, common *Words) {
	return c.inForce(c.records, language)
}

// School has the same for the letters of schools.
func (c *Catalog) School(language string) (code string, school, common *Words) {
	return c.inForce(c.schools, language)
}

// inForce are the words of a kind in a language, or in English where nobody has approved them.
func (c *Catalog) inForce(kind map[string]*Words, language string) (code string, own, common *Words) {
	language = Language(language)
	k, w, v := kind[language], c.words[language], c.vaccines[language]
	if k == nil || w == nil || v == nil || !(c.approved[language] || k.approved && w.approved && v.approved) {
		language = English
	}
	return language, kind[language], c.words[language]
}

// approve takes the settings' approvals. One of texts that have changed since counts for nothing: see Stale.
func (c *Catalog) approve(approvals []Approval) error {
	for i, a := range approvals {
		switch {
		case c.texts[a.Language] == nil:
			return fmt.Errorf("approval %d: there are no texts in %q: there are %s", i+1, a.Language, strings.Join(c.Languages(), ", "))
		case strings.TrimSpace(a.ApprovedBy) == "":
			return fmt.Errorf("approval %d: approved_by is empty: name who has read the texts in %s", i+1, a.Language)
		case a.Texts == "":
			return fmt.Errorf("approval %d: texts is empty: give the fingerprint that 'miic recall templates' shows for %s", i+1, a.Language)
		case a.Texts == c.Fingerprint(a.Language):
			c.approved[a.Language] = true
		}
	}
	return nil
}

// Languages are those that some text is in, in alphabetical order.
func (c *Catalog) Languages() []string { return slices.Sorted(maps.Keys(c.texts)) }

// Has reports whether there is a template of a name for a piece.
func (c *Catalog) Has(name, piece string) bool {
	t := c.templates[name][English]
	return t != nil && t.Piece == piece
}

// Templates are all templates by name, each with the languages that it is in.
func (c *Catalog) Templates() map[string][]string {
	list := map[string][]string{}
	for name, in := range c.templates {
		list[name] = slices.Sorted(maps.Keys(in))
	}
	return list
}

// Fingerprint names all texts of a language by what they hold: an approval is of these texts and no others.
func (c *Catalog) Fingerprint(language string) string {
	h := sha256.New()
	for _, s := range c.texts[language] {
		fmt.Fprintf(h, "%d %s\n", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// Approved reports whether a template may be mailed in a language: English always; another one by the settings, or by
// the headers of the template, the words and the names of vaccines.
func (c *Catalog) Approved(name, language string) bool {
	t := c.templates[name][language]
	return t != nil && (language == English || c.approved[language] ||
		t.approved && c.words[language].approved && c.vaccines[language].approved)
}

// choose is the template in which a family that speaks a language gets a piece.
func (c *Catalog) choose(name, language string) *Template {
	if !c.Approved(name, language) {
		language = English
	}
	return c.templates[name][language]
}

// AllApproved reads the texts that come with the program, each translation approved: to be measured and tested, and never
// to be mailed.
func AllApproved() (*Catalog, error) {
	c, err := Load("", nil)
	if err != nil {
		return nil, err
	}
	var all []Approval
	for _, l := range c.Languages() {
		all = append(all, Approval{Language: l, ApprovedBy: "nobody", Texts: c.Fingerprint(l)})
	}
	return Load("", all)
}
