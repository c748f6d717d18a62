package dedupe

import (
	"slices"
	"strconv"
	"strings"
)

// groupCVX lists the CVX codes of each vaccine group, combinations in each of theirs: facts of CDC's table of December
// 2025, and of its schedule where that table lacks a code. A group may go over several lines. DTaP, Tdap and Td are one
// group here, as senders mistake one for another.
const groupCVX = `ADENO 54 55 82 143
ANTHRAX 24 318 319
BCG 19
CHIKUNGUNYA 317 329
CHOLERA 26 172 173 174
COVID 207 208 210 211 212 213 217 218 219 221 225 226 227 228 229 230 300 301 302 308 309 310 311 312 313 334
COVID 500 501 502 503 504 505 506 507 508 509 510 511 512 513 514 515 516 517 518 519 520 521
DENGUE 56 330
DTP 1 9 11 20 22 28 35 50 102 106 107 110 112 113 115 120 130 132 138 139 142 146 170 195 196 198
EBOLA 204 214
FLU 15 16 88 111 135 140 141 144 149 150 151 153 155 158 161 166 168 171 185 186 194 197 200 201 202 205 231 320 331 333
H1N1 125 126 127 128
H5N1 123 160 321 322 323
HEPA 31 52 83 84 85 104 169 193
HEPB 8 42 43 44 45 51 102 104 110 132 146 189 193 198 220
HIB 17 22 46 47 48 49 50 51 102 120 132 146 148 170 198
HPV 62 118 137 165
JE 39 129 134
LYME 66
MENACWY 32 103 108 114 136 147 148 167 191 192 203 316 328
MENB 162 163 164 167 316 328
MMR 3 4 5 6 7 38 94
ORTHOPOX 75 105 206 325
PCV 100 109 133 152 177 215 216 327
PLAGUE 23
POLIO 2 10 89 110 120 130 132 146 170 178 179 182 195 324
PPV 33 109
RABIES 18 40 90 175 176
ROTAVIRUS 74 116 119 122
RSV 303 304 305 306 307 314 315 326 332
TBE 77 222 223 224
TYPHOID 25 41 53 91 101 190
VARICELLA 21 94
VEE 80 81 92
YF 37 183 184
ZOSTER 121 187 188`

// unspecifiedCVX are codes of a group without the product.
const unspecifiedCVX = `14 17 26 31 45 82 85 88 89 90 91 92 98 107 108 109 112 122 129 137 139 147 151 152 159 164 167
179 182 184 188 194 196 213 214 222 304 314 315 319 323 325 330 500`

// dailySeries are groups whose doses follow each other within days: the window is one day.
var dailySeries = map[string]bool{"RABIES": true, "TYPHOID": true}

var (
	groupsOf    = readGroups()
	unspecified = readCodes(unspecifiedCVX)
)

func readCodes(text string) map[int16]bool {
	m := map[int16]bool{}
	for _, f := range strings.Fields(text) {
		n, err := strconv.Atoi(f)
		if err != nil {
			panic("dedupe: bad CVX in the built-in table: " + f)
		}
		m[int16(n)] = true
	}
	return m
}

func readGroups() map[int16][]string {
	m := map[int16][]string{}
	for line := range strings.Lines(groupCVX) {
		group, codes, _ := strings.Cut(strings.TrimSpace(line), " ")
		for cvx := range readCodes(codes) {
			m[cvx] = append(m[cvx], group)
		}
	}
	for cvx := range m {
		slices.Sort(m[cvx])
	}
	return m
}

func sharedGroups(a, b []string) []string {
	var out []string
	for _, g := range a {
		if slices.Contains(b, g) {
			out = append(out, g)
		}
	}
	return out
}

// Groups are the vaccine groups of a CVX code, in their order; none for a code that the table does not have.
func Groups(cvx int16) []string { return groupsOf[cvx] }

// ShareGroup reports whether two products have a vaccine group in common.
func ShareGroup(a, b int16) bool { return len(sharedGroups(groupsOf[a], groupsOf[b])) > 0 }
