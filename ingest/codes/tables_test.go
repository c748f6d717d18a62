package codes

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"miic/internal/testdata"
)

// TestTablesAreThePublishedOnes compares every table with what the CDC's and AIRA's files make of it,
// line by line; with -update it writes them. docs/codes.md tells how.
func TestTablesAreThePublishedOnes(t *testing.T) {
	dir := testdata.Dir(t, "codes/cdc")
	known, links := aira(t)
	want := map[string]map[string]string{"cvx": {}, "mvx": {}, "cpt": {}, "trade": {}, "ndc": {}, "product": {},
		"observation": {}}

	status := map[string]string{}
	raw, err := os.ReadFile(filepath.Join(dir, "cvx.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?s)<CVXCode>(\d+)\s*</CVXCode>.*?<Status>(\w)`).FindAllStringSubmatch(string(raw), -1) {
		status[short(m[1])] = m[2]
	}
	byNumber := map[string]airaCode{}
	for v, c := range known[airaCVX] {
		byNumber[short(v)] = c
	}
	for code, s := range status {
		c := byNumber[code]
		kind := map[string]string{"vaccine": "v", "foreign vaccine": "f", "unspecified": "u", "non vaccine": "n",
			"never active": "x", "pending": "p"}[c.kind]
		want["cvx"][code] = code + " " + s + " " + orDash(kind) + " " + windows(c)
	}
	for _, r := range published(t, filepath.Join(dir, "mvx.xml"), "MVXInfo") {
		want["mvx"][r["MVX_CODE"]] = r["MVX_CODE"] + " " + r["Status"][:1] + " " +
			windows(known[airaMVX][r["MVX_CODE"]])
	}

	// Links of AIRA go both ways, and not every one is there twice.
	cvxOf := func(set, value string) (list []string) {
		for _, c := range links[[3]string{set, value, airaCVX}] {
			list = append(list, short(c))
		}
		for c := range known[airaCVX] {
			if slices.Contains(links[[3]string{airaCVX, c, set}], value) {
				list = append(list, short(c))
			}
		}
		return list
	}
	makersOf := func(set, value string) []string { return links[[3]string{set, value, airaMVX}] }

	codes := map[string]*named{}
	for _, r := range published(t, filepath.Join(dir, "cpt.xml"), "CPTInfo") {
		if c := r["CVX Code"]; c != "" && status[short(c)] != "" {
			at(codes, r["CPT Code"]).cdc = append(at(codes, r["CPT Code"]).cdc, short(c))
		}
	}
	for v := range known[airaCPT] {
		if list := cvxOf(airaCPT, v); len(list) > 0 {
			at(codes, v).candidates.aira = list
		}
	}
	for k, n := range codes {
		if Administration(k) { // CDC's table has the fee for giving the pandemic vaccine of 2009 among the vaccines
			continue
		}
		want["cpt"][k] = k + " " + n.list(status) + " " + windows(known[airaCPT][k])
	}

	names := map[string]*named{}
	for _, r := range published(t, filepath.Join(dir, "tradename.xml"), "prodInfo") {
		if status[short(r["CVXCode"])] != "" {
			n := at(names, plain(r["CDC Product Name"]))
			n.cdc = append(n.cdc, short(r["CVXCode"]))
			n.makers[r["MVX Code"]] = true
		}
	}
	for v, c := range known[airaTrade] {
		list := cvxOf(airaTrade, v)
		if len(list) == 0 {
			continue
		}
		if n := names[plain(v)]; n != nil && len(n.candidates.aira) > 0 { // two spellings of a name: the wider window
			c.notBefore, c.notAfter = min(c.notBefore, n.first), later(c.notAfter, n.last)
		}
		n := at(names, plain(v))
		n.candidates.aira = append(n.candidates.aira, list...)
		if len(n.cdc) == 0 {
			for _, m := range makersOf(airaTrade, v) {
				n.makers[m] = true
			}
		}
		n.first, n.last = c.notBefore, c.notAfter
	}
	for k, n := range names {
		want["trade"][k] = strings.Join([]string{k, n.list(status), n.maker(), orDash(n.first), orDash(n.last)}, "|")
	}

	products := map[string]airaCode{}
	for v, c := range known[airaProduct] {
		for _, code := range links[[3]string{airaProduct, v, airaCVX}] {
			for _, maker := range makersOf(airaProduct, v) {
				key := short(code) + " " + maker
				if old, twice := products[key]; twice { // sold under two names: the wider window
					c.notBefore, c.usualFrom = min(c.notBefore, old.notBefore), min(c.usualFrom, old.usualFrom)
					c.usualUpTo, c.notAfter = later(c.usualUpTo, old.usualUpTo), later(c.notAfter, old.notAfter)
				}
				products[key] = c
			}
		}
	}
	for k, c := range products {
		want["product"][k] = k + " " + windows(c)
	}

	maker := map[string]string{} // by sale or use and id
	for _, f := range bars(t, filepath.Join(dir, "NDC_Linker.txt")) {
		maker["s"+f[1]], maker["u"+f[2]] = f[3], f[3]
	}
	packs := map[string]*named{}
	for _, file := range []struct {
		name, unit string
		CVX        int
	}{{"NDC_Unit_sale.txt", "s", 12}, {"NDC_Unit_use.txt", "u", 11}} {
		for _, f := range bars(t, filepath.Join(dir, file.name)) {
			i := slices.IndexFunc(f, eleven.MatchString) // the one field shaped 5-4-2
			if i < 0 || status[short(f[file.CVX])] == "" {
				continue
			}
			n := at(packs, undash(f[i]))
			n.cdc = append(n.cdc, short(f[file.CVX]))
			if m := maker[file.unit+f[0]]; m != "" {
				n.makers = map[string]bool{m: true}
			}
			if !strings.Contains(n.units, file.unit) {
				n.units += file.unit
			}
			n.first, n.last = f[7], f[8]
		}
	}
	for _, set := range []string{airaSale, airaUse} {
		for v, c := range known[set] {
			list := cvxOf(set, v)
			if !eleven.MatchString(v) || len(list) == 0 {
				continue
			}
			n := at(packs, undash(v))
			n.candidates.aira = append(n.candidates.aira, list...)
			if unit := map[string]string{airaSale: "s", airaUse: "u"}[set]; !strings.Contains(n.units, unit) {
				n.units += unit
			}
			if len(n.makers) == 0 {
				for _, m := range makersOf(set, v) {
					n.makers[m] = true
				}
			}
			if len(n.cdc) == 0 {
				n.first, n.last = c.notBefore, c.notAfter
			}
		}
	}
	for d, n := range packs {
		units := []byte(n.units)
		slices.Sort(units)
		want["ndc"][d] = strings.Join([]string{d, string(units), n.list(status), orDash(n.maker()), orDash(n.first),
			orDash(n.last)}, " ")
	}

	schedule, err := os.ReadFile(filepath.Join(testdata.Dir(t, "cdsi/supporting-data-4.64"),
		"ScheduleSupportingData.xml"))
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
			if a, b := strings.Fields(keys[i])[0], strings.Fields(keys[j])[0]; (name == "cvx" || name == "product") &&
				len(a) != len(b) {
				return len(a) < len(b)
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

// kinds are those of CVX codes in AIRA's words.
var kinds = map[byte]string{'v': "vaccine", 'f': "foreign vaccine", 'u': "unspecified", 'n': "non vaccine",
	'x': "never active", 'p': "pending"}

// TestEveryPublishedRow reads every row of AIRA's code base the way a sender would write it, also in its
// old forms, and every link: none is unknown, none contradicts what the row says.
func TestEveryPublishedRow(t *testing.T) {
	known, links := aira(t)
	holds := func(what string, p Product, cvx string) {
		if n, err := strconv.Atoi(cvx); err != nil || !slices.Contains(p.CVX, int16(n)) {
			t.Errorf("%s stands for CVX %v, the row says %s", what, p.CVX, cvx)
		}
	}
	rows := 0
	for v, c := range known[airaCVX] {
		rows++
		n, ok := CVX(v)
		if !ok {
			t.Errorf("CVX %s is unknown", v)
		}
		if k := kinds[cvxCodes[n].kind]; k != c.kind {
			t.Errorf("CVX %s is %s, the row says %s", v, k, c.kind)
		}
		if w := cvxCodes[n].licensed; w != window(strings.Fields(windows(c))) {
			t.Errorf("CVX %s: on the market %v, the row says %s", v, w, windows(c))
		}
		if stripped, ok := CVX(strings.TrimLeft(v, "0")); !ok || stripped != n {
			t.Errorf("CVX %s without its zero is read as %d", v, stripped)
		}
	}
	for v := range known[airaMVX] {
		rows++
		if m, ok := MVX(strings.ToLower(v)); !ok || m != v {
			t.Errorf("MVX %s is read as %s", v, m)
		}
	}
	for v := range known[airaCPT] {
		for _, c := range links[[3]string{airaCPT, v, airaCVX}] {
			if Administration(v) {
				continue
			}
			rows++
			p, ok, vaccine := CPT(v)
			if !ok || !vaccine {
				t.Errorf("CPT %s is unknown", v)
			}
			holds("CPT "+v, p, c)
		}
	}
	for v := range known[airaTrade] {
		for _, c := range links[[3]string{airaTrade, v, airaCVX}] {
			rows++
			p, ok := Trade(strings.ToLower(v))
			if !ok {
				t.Errorf("trade name %s is unknown", v)
			}
			holds(v, p, c)
			if m := links[[3]string{airaTrade, v, airaMVX}]; p.MVX != "" && len(m) > 0 && !slices.Contains(m, p.MVX) {
				t.Errorf("%s is made by %s, the row says %v", v, p.MVX, m)
			}
		}
	}
	for _, set := range []string{airaUse, airaSale} {
		for v, c := range known[set] {
			now := cmp.Or(c.use, v)
			list := links[[3]string{set, now, airaCVX}]
			if len(list) == 0 {
				continue
			}
			rows++
			got, p, ok := NDC(v)
			if !ok || got != undash(now) {
				t.Errorf("NDC %s is read as %q, %v; it is %s", v, got, ok, now)
				continue
			}
			for _, code := range list {
				holds("NDC "+v, p, code)
			}
			if m := links[[3]string{set, now, airaMVX}]; p.MVX != "" && len(m) > 0 && !slices.Contains(m, p.MVX) {
				t.Errorf("NDC %s is made by %s, the row says %v", v, p.MVX, m)
			}
		}
	}
	if rows < 3300 {
		t.Errorf("only %d rows were looked at", rows)
	}
}
