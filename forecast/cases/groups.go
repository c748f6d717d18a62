package cases

import (
	"strings"
	"unicode"
)

// groupName translates the workbooks' names of vaccine groups, which differ between the two and from the data. A name
// that is not known stays.
func groupName(name string) string {
	if group, ok := groupOf[bare(name)]; ok {
		return group
	}
	return name
}

// bare is a name without case, blanks and signs.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

// names lists, by the schedule's name of a group, the other names that are in use for it.
var names = map[string]string{
	"Chikungunya":           "chik",
	"Cholera":               "",
	"COVID-19":              "covid, sars-cov-2",
	"Dengue":                "",
	"DTaP/Tdap/Td":          "dtap, tdap, td, dtap/tdap, tdap/td, dtp, dt",
	"Ebola":                 "zebov, ebola virus",
	"HepA":                  "hepatitis a",
	"HepB":                  "hepatitis b",
	"Hib":                   "haemophilus influenzae type b",
	"HPV":                   "human papillomavirus",
	"Influenza":             "flu, iiv",
	"Japanese Encephalitis": "je",
	"Meningococcal":         "mcv, mcv4, men, menacwy, meningococcal acwy",
	"Meningococcal B":       "menb, mcvb",
	"MMR":                   "measles mumps rubella",
	"Orthopoxvirus": "mpox, mpox/orthopoxvirus, orthopoxvirus/mpox, orthopox, monkeypox, smallpox, " +
		"smallpox/mpox, vaccinia",
	"Pneumococcal": "pcv, pcv13, ppsv, ppsv23, pcv/ppsv, pneumo",
	"Polio":        "pol, ipol, ipv, opv",
	"Rabies":       "rab",
	"Rotavirus":    "rota, rv",
	"RSV":          "respiratory syncytial virus",
	"TBE":          "tick-borne encephalitis",
	"Typhoid":      "typ",
	"Varicella":    "var, vzv, chickenpox",
	"Yellow Fever": "yf",
	"Zoster":       "zos, herpes zoster, shingles, rzv",
}

// groupOf gives the group by the bare form of any of its names.
var groupOf = func() map[string]string {
	out := map[string]string{}
	for group, others := range names {
		out[bare(group)] = group
		for _, name := range strings.Split(others, ",") {
			if name = bare(name); name != "" {
				out[name] = group
			}
		}
	}
	return out
}()
