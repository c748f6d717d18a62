package recipient

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"filippo.io/age"

	"miic/internal/area"
	"miic/internal/table"
	"miic/internal/yamlfile"
)

// Known is what of a site's configuration entries may name.
type Known struct {
	Regions  []string
	Clinics  []string // senders
	Plans    []string
	Schools  []string
	Counties []area.County
}

// Read reads all entries of a folder, by name; without a folder nobody receives anything. What is wrong with an entry is
// in the book, and no error.
func Read(folder string, known Known) (*Book, error) {
	b := &Book{Folder: folder}
	if folder == "" {
		return b, nil
	}
	files, err := yamlfile.Folder(os.DirFS(folder), ".")
	if err != nil {
		return nil, err
	}
	of := map[string]yamlfile.File{} // by entry
	for _, f := range files {
		r, faults := parse(f, known)
		if len(faults) > 0 {
			b.Faults = append(b.Faults, faults...)
			continue
		}
		of[r.ID] = f
		b.Recipients = append(b.Recipients, *r)
	}
	b.settle(of)
	return b, nil
}

// settle takes an output that two entries name from both: who is to have it cannot be known.
func (b *Book) settle(files map[string]yamlfile.File) {
	by := map[string][]string{}
	for _, r := range b.Recipients {
		for _, output := range r.Receives {
			if onlyOne(output) {
				by[output] = append(by[output], r.ID)
			}
		}
	}
	for i := range b.Recipients {
		r := &b.Recipients[i]
		var alone []string
		for place, output := range r.Receives {
			if len(by[output]) < 2 {
				alone = append(alone, output)
				continue
			}
			others := slices.DeleteFunc(slices.Clone(by[output]), func(id string) bool { return id == r.ID })
			b.Faults = append(b.Faults, files[r.ID].Fault(fmt.Sprintf("$.receives[%d]", place), "%s is also received by %s: "+
				"nobody gets it until one entry alone names it", output, strings.Join(others, " and ")).Error())
		}
		r.Receives = alone
	}
}

// onlyOne reports whether an output is one folder, which one recipient has; what is made on demand, any may ask for.
func onlyOne(output string) bool {
	first, _, _ := strings.Cut(output, "/")
	return first == State || scoped(first)
}

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// parse reads one file. It returns the entry, or what is wrong with it.
func parse(file yamlfile.File, known Known) (*Recipient, []string) {
	p := &problems{file: file}
	r := &Recipient{ID: strings.TrimSuffix(file.Name, ".yaml")}
	if err := file.Decode(r); err != nil {
		return nil, []string{err.Error() + ": docs/recipients.md lists the keys"}
	}
	if !idForm.MatchString(r.ID) {
		p.at("", "is not named in small letters, digits and hyphens, such as metro.yaml")
	}
	for path, value := range map[string]*string{"name": &r.Name, "basis": &r.Basis, "purpose": &r.Purpose,
		"agreement.id": &r.Agreement.ID, "contact.name": &r.Contact.Name} {
		if *value = strings.TrimSpace(*value); *value == "" {
			p.at(path, "has no "+path)
		} else if strings.ContainsFunc(*value, unicode.IsControl) {
			p.at(path, path+" holds a control character")
		}
	}
	if r.Contact.Phone == "" && r.Contact.Email == "" {
		p.at("contact", "contact has neither phone nor email")
	}
	if !slices.Contains(kinds(), r.Kind) {
		p.at("kind", fmt.Sprintf("unknown kind %q: one of %s", r.Kind, strings.Join(kinds(), ", ")))
	}
	var err error
	if r.Agreement.Ends, err = table.ParseDate(r.Agreement.EndsOn); err != nil || r.Agreement.Ends == 0 {
		p.at("agreement.ends", fmt.Sprintf("agreement.ends %q is no date: write YYYY-MM-DD", r.Agreement.EndsOn))
	}
	for i, key := range r.Keys {
		if list, err := age.ParseRecipients(strings.NewReader(key)); err != nil || len(list) != 1 {
			p.at(fmt.Sprintf("keys[%d]", i), "keys: is no public key of age: it begins with age1 and is what 'age-keygen -y' prints")
		}
	}
	if !slices.Contains([]string{"", ",", ";", "tab"}, r.CSV.Separator) {
		p.at("csv.separator", fmt.Sprintf("csv.separator %q: one of \",\", \";\" and \"tab\"", r.CSV.Separator))
	}
	if len(r.Receives) == 0 {
		p.at("receives", "receives nothing: name "+outputs())
	}
	for i, output := range r.Receives {
		where := fmt.Sprintf("receives[%d]", i)
		if why := known.refuse(output, r.Kind); why != "" {
			p.at(where, why)
		} else if slices.Contains(r.Receives[:i], output) {
			p.at(where, output+" is named twice")
		}
	}
	known.cuts(r, p)
	return r, p.inOrder()
}

// cuts checks the lists that an entry wants beside those of its regions, and brings counties into FIPS codes.
func (k Known) cuts(r *Recipient, p *problems) {
	receives := func(region string) bool { return slices.Contains(r.Receives, Folder(Regions, region)) }
	if len(r.Cuts.Counties)+len(r.Cuts.Clinics) > 0 && !slices.ContainsFunc(k.Regions, receives) {
		p.at("cuts", "cuts are of regions/REGION, which the entry does not receive")
		return
	}
	for i, name := range r.Cuts.Counties {
		where := fmt.Sprintf("cuts.counties[%d]", i)
		at := slices.IndexFunc(k.Counties, func(c area.County) bool { return c.Name == name || c.FIPS == name })
		switch {
		case at < 0:
			p.at(where, fmt.Sprintf("unknown county %q: write its name, or its five digits in quotation marks", name))
		case !receives(k.Counties[at].Region):
			p.at(where, fmt.Sprintf("county %q is in the region %s, which the entry does not receive", name, k.Counties[at].Region))
		default:
			r.Cuts.Counties[i] = k.Counties[at].FIPS
		}
	}
	for i, clinic := range r.Cuts.Clinics {
		if !slices.Contains(k.Clinics, clinic) {
			p.at(fmt.Sprintf("cuts.clinics[%d]", i), fmt.Sprintf("unknown clinic %q: the configuration has no such sender of kind clinic", clinic))
		}
	}
}

// refuse is what is wrong with an output that an entry of a kind names.
func (k Known) refuse(output, kind string) string {
	first, of, has := strings.Cut(output, "/")
	may := permitted[first]
	switch {
	case may == nil || has != scoped(first):
		return fmt.Sprintf("unknown output %q: one of %s", output, outputs())
	case slices.Contains(kinds(), kind) && !slices.Contains(may, kind):
		return fmt.Sprintf("a %s may not receive %s: only a %s", kind, first, strings.Join(may, ", "))
	case first == Regions && !slices.Contains(k.Regions, of):
		return fmt.Sprintf("unknown region %q: one of %s", of, strings.Join(k.Regions, ", "))
	case first == Clinics && !slices.Contains(k.Clinics, of):
		return fmt.Sprintf("unknown clinic %q: the configuration has no such sender of kind clinic", of)
	case first == Plans && !slices.Contains(k.Plans, of):
		return fmt.Sprintf("unknown plan %q: the configuration has no such sender of kind health_plan", of)
	case first == Schools && !slices.Contains(k.Schools, of):
		return fmt.Sprintf("unknown school %q: the configuration has no such sender of kind school", of)
	case first == States && (len(of) != 2 || strings.ToUpper(of) != of || strings.ContainsFunc(of, func(r rune) bool { return r < 'A' || r > 'Z' })):
		return fmt.Sprintf("unknown state %q: two capital letters, such as WI", of)
	}
	return ""
}

// problems are what is wrong with one file.
type problems struct {
	file yamlfile.File
	list []problem
}

type problem struct {
	line int
	what string
}

// at adds what is wrong with the value of a key, or of the nearest key above it that is there.
func (p *problems) at(key, what string) {
	p.list = append(p.list, problem{p.file.Line("$." + key), what})
}

// inOrder are the problems by line.
func (p *problems) inOrder() []string {
	slices.SortStableFunc(p.list, func(a, b problem) int { return a.line - b.line })
	var faults []string
	for _, one := range p.list {
		faults = append(faults, fmt.Sprintf("%s:%d: %s", p.file.Name, one.line, one.what))
	}
	return faults
}
