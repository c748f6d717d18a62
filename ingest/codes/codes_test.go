package codes

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"testing"

	"miic/internal/testdata"
)

var update = flag.Bool("update", false, "rewrite the code tables from the published files")

// published reads <tag> elements whose children alternate Name and Value.
func published(t *testing.T, path, tag string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := xml.NewDecoder(f)
	var list []map[string]string
	var row map[string]string
	var name, text string
	for {
		tok, err := d.Token()
		if err != nil {
			return list
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if text = ""; tok.Name.Local == tag {
				row = map[string]string{}
			}
		case xml.CharData:
			text += string(tok)
		case xml.EndElement:
			switch tok.Name.Local {
			case "Name":
				name = strings.TrimSpace(text)
			case "Value":
				row[name] = strings.TrimSpace(text)
			case tag:
				list = append(list, row)
			}
			text = ""
		}
	}
}

func bars(t *testing.T, path string) [][]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		f := strings.Split(strings.TrimRight(line, "\r"), "|")
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		rows = append(rows, f)
	}
	return rows
}

// TestTablesAreThePublishedOnes compares every table with the CDC's files. Of several CVX codes those
// that are active come first, and of these the lowest: a rule, written here and nowhere else.
func TestTablesAreThePublishedOnes(t *testing.T) {
	dir := testdata.Dir(t, "codes/cdc")
	status := map[string]string{}
	raw, err := os.ReadFile(filepath.Join(dir, "cvx.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?s)<CVXCode>(\d+)\s*</CVXCode>.*?<Status>(\w)`).FindAllStringSubmatch(string(raw), -1) {
		n, _ := strconv.Atoi(m[1])
		status[strconv.Itoa(n)] = m[2]
	}
	// with adds a CVX code to a list of them.
	with := func(list, code string) string {
		codes := strings.Split(list, ",")
		if list == "" {
			codes = nil
		}
		for _, c := range codes {
			if c == code {
				return list
			}
		}
		codes = append(codes, code)
		sort.Slice(codes, func(i, j int) bool {
			ai, aj := status[codes[i]] == "A", status[codes[j]] == "A"
			ni, _ := strconv.Atoi(codes[i])
			nj, _ := strconv.Atoi(codes[j])
			return ai && !aj || ai == aj && ni < nj
		})
		return strings.Join(codes, ",")
	}
	short := func(s string) string { n, _ := strconv.Atoi(s); return strconv.Itoa(n) }
	want := map[string]map[string]string{"cvx": {}, "mvx": {}, "cpt": {}, "trade": {}, "ndc": {}, "observation": {}}
	for code, s := range status {
		want["cvx"][code] = code + " " + s
	}
	for _, r := range published(t, filepath.Join(dir, "mvx.xml"), "MVXInfo") {
		want["mvx"][r["MVX_CODE"]] = r["MVX_CODE"]
	}
	best := map[string]string{}
	for _, r := range published(t, filepath.Join(dir, "cpt.xml"), "CPTInfo") {
		if r["CVX Code"] != "" && status[short(r["CVX Code"])] != "" {
			best[r["CPT Code"]] = with(best[r["CPT Code"]], short(r["CVX Code"]))
		}
	}
	for k, v := range best {
		want["cpt"][k] = k + " " + v
	}
	best = map[string]string{}
	makers := map[string]map[string]bool{}
	for _, r := range published(t, filepath.Join(dir, "tradename.xml"), "prodInfo") {
		name := plain(r["CDC Product Name"])
		if status[short(r["CVXCode"])] == "" {
			continue
		}
		best[name] = with(best[name], short(r["CVXCode"]))
		if makers[name] == nil {
			makers[name] = map[string]bool{}
		}
		makers[name][r["MVX Code"]] = true
	}
	for k, v := range best {
		mvx := ""
		if len(makers[k]) == 1 {
			for mvx = range makers[k] {
			}
		}
		want["trade"][k] = k + "|" + v + "|" + mvx
	}
	maker := map[string]string{} // by sale or use and id
	for _, f := range bars(t, filepath.Join(dir, "NDC_Linker.txt")) {
		maker["sale"+f[1]], maker["use"+f[2]] = f[3], f[3]
	}
	ndc := map[string]map[string]string{}
	for _, file := range []struct {
		name, kind string
		cvx        int
	}{{"NDC_Unit_sale.txt", "sale", 12}, {"NDC_Unit_use.txt", "use", 11}} {
		for _, f := range bars(t, filepath.Join(dir, file.name)) {
			n := -1
			for i := range f { // the eleven-digit form is the one field shaped 5-4-2
				if regexp.MustCompile(`^\d{5}-\d{4}-\d{2}$`).MatchString(f[i]) {
					n = i
				}
			}
			if n < 0 || status[short(f[file.cvx])] == "" {
				continue
			}
			d := strings.ReplaceAll(f[n], "-", "")
			if ndc[d] == nil {
				ndc[d] = map[string]string{"cvx": short(f[file.cvx]), "mvx": maker[file.kind+f[0]]}
			} else {
				ndc[d]["cvx"] = with(ndc[d]["cvx"], short(f[file.cvx]))
				if m := maker[file.kind+f[0]]; m != "" && ndc[d]["mvx"] != m {
					ndc[d]["mvx"] = m
				}
			}
		}
	}
	for d, p := range ndc {
		want["ndc"][d] = strings.TrimSpace(d + " " + p["cvx"] + " " + p["mvx"])
	}
	schedule, err := os.ReadFile(filepath.Join(testdata.Dir(t, "cdsi/supporting-data-4.64"), "ScheduleSupportingData.xml"))
	if err != nil {
		t.Fatal(err)
	}
	system := map[string]string{"SNOMED": "SCT", "CDCPHINVS": "CDCPHINVS", "CVX": "CVX"}
	for _, o := range regexp.MustCompile(`(?s)<observation>\s*<observationCode>(\d+)</observationCode>(.*?)</observation>`).FindAllStringSubmatch(string(schedule), -1) {
		for _, c := range regexp.MustCompile(`(?s)<code>([^<]+)</code>\s*<codeSystem>([^<]+)<`).FindAllStringSubmatch(o[2], -1) {
			s, ok := system[strings.TrimSpace(c[2])]
			if !ok {
				s = strings.TrimSpace(c[2])
			}
			key := strings.ReplaceAll(s+":"+strings.TrimSpace(c[1]), " ", "")
			if old, ok := want["observation"][key]; !ok || old > key+" "+o[1] {
				want["observation"][key] = key + " " + o[1]
			}
		}
	}
	for name, rows := range want {
		keys := make([]string, 0, len(rows))
		for k := range rows {
			keys = append(keys, k)
		}
		sort.Slice(keys, func(i, j int) bool {
			if name == "cvx" && len(keys[i]) != len(keys[j]) {
				return len(keys[i]) < len(keys[j])
			}
			return keys[i] < keys[j]
		})
		var b strings.Builder
		for _, k := range keys {
			fmt.Fprintln(&b, rows[k])
		}
		path := name + ".txt"
		if *update {
			if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != b.String() {
			t.Errorf("%s differs from the published table; run with -update", path)
		}
	}
}
