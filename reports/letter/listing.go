package letter

import (
	"maps"
	"slices"
	"strings"
)

// Texts are what 'miic recall templates' shows.
type Texts struct {
	Templates []TemplateText `json:"templates"`
	Languages []LanguageText `json:"languages"`
}

// A TemplateText is one template in one language.
type TemplateText struct {
	File   string `json:"file"`
	Piece  string `json:"piece"`
	Mailed bool   `json:"mailed"` // as it is; else in English
}

// A LanguageText is all texts of a language.
type LanguageText struct {
	Language    string   `json:"language"`
	Fingerprint string   `json:"texts"` // what an approval names
	Files       []string `json:"files"`
}

// Texts lists the texts in force, in alphabetical order.
func (c *Catalog) Texts() Texts {
	t := Texts{}
	for _, name := range slices.Sorted(maps.Keys(c.templates)) {
		for _, language := range slices.Sorted(maps.Keys(c.templates[name])) {
			t.Templates = append(t.Templates, TemplateText{name + "." + language + ".txt", c.templates[name][language].Piece,
				c.Approved(name, language)})
		}
	}
	for _, language := range c.Languages() {
		l := LanguageText{Language: language, Fingerprint: c.Fingerprint(language)}
		for i := 0; i < len(c.texts[language]); i += 2 {
			l.Files = append(l.Files, c.texts[language][i])
		}
		t.Languages = append(t.Languages, l)
	}
	return t
}

// Text is what a file in force holds, by its name such as notice.es.txt.
func (c *Catalog) Text(file string) (string, bool) {
	parts := strings.Split(file, ".")
	if len(parts) != 3 {
		return "", false
	}
	texts := c.texts[parts[1]]
	for i := 0; i < len(texts); i += 2 {
		if texts[i] == file {
			return texts[i+1], true
		}
	}
	return "", false
}
