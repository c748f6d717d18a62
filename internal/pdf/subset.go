package pdf

import (
	"encoding/binary"
	"slices"
)

// A subset is a face with the glyphs that a file shows, numbered in the order in which they were first shown. Glyph 0 is
// the face's own for "none" and is never shown.
type subset struct {
	face    *face
	codes   map[rune]uint16
	low     [lowRunes]uint16 // the same for most text; 0 is not yet shown, or has no glyph
	runes   []rune           // by code
	glyphs  []glyph          // by code
	missing map[rune]int
}

func newSubset(f *face) *subset {
	return &subset{face: f, codes: map[rune]uint16{}, runes: []rune{0}, glyphs: []glyph{{}}, missing: map[rune]int{}}
}

// code returns the number of a rune's glyph within the file. A rune that the face lacks gets a box under a number of its
// own, so that the file still says which rune it is.
func (s *subset) code(r rune) uint16 {
	if r >= 0 && r < lowRunes {
		if c := s.low[r]; c != 0 {
			return c
		}
	}
	g, ok := s.face.shown(r)
	if !ok {
		s.missing[r]++
	}
	if c, known := s.codes[r]; known {
		return c
	}
	c := uint16(len(s.runes))
	s.runes, s.glyphs = append(s.runes, r), append(s.glyphs, g)
	s.codes[r] = c
	if ok && r < lowRunes {
		s.low[r] = c
	}
	return c
}

// Flags of a composite glyph's parts (OpenType, glyf).
const (
	argsAreWords    = 1 << 0
	haveScale       = 1 << 3
	moreParts       = 1 << 5
	haveTwoScales   = 1 << 6
	haveFourScales  = 1 << 7
	haveInstruction = 1 << 8
)

// program returns the font program of the subset: the tables that a PDF needs, without hints, which neither paper nor
// today's screens use.
func (s *subset) program() []byte {
	tables := readTables(s.face.data)
	head, loca, glyf := tables["head"], tables["loca"], tables["glyf"]
	long := binary.BigEndian.Uint16(head[50:]) == 1
	outline := func(id uint16) []byte {
		i := int(id)
		if long {
			return glyf[binary.BigEndian.Uint32(loca[4*i:]):binary.BigEndian.Uint32(loca[4*i+4:])]
		}
		return glyf[2*int(binary.BigEndian.Uint16(loca[2*i:])) : 2*int(binary.BigEndian.Uint16(loca[2*i+2:]))]
	}
	var ids []uint16
	for _, g := range s.glyphs {
		ids = append(ids, g.id)
	}
	// Parts of composite glyphs are added behind, and may have parts themselves.
	part := func(id uint16) uint16 {
		i := slices.Index(ids, id)
		if i < 0 {
			ids = append(ids, id)
			i = len(ids) - 1
		}
		return uint16(i)
	}
	var outlines, offsets []byte
	for i := 0; i < len(ids); i++ {
		offsets = binary.BigEndian.AppendUint32(offsets, uint32(len(outlines)))
		outlines = append(outlines, withoutHints(outline(ids[i]), part)...)
		for len(outlines)%4 != 0 {
			outlines = append(outlines, 0)
		}
	}
	offsets = binary.BigEndian.AppendUint32(offsets, uint32(len(outlines)))

	hhea, maxp := slices.Clone(tables["hhea"]), slices.Clone(tables["maxp"])
	metrics := int(binary.BigEndian.Uint16(hhea[34:]))
	var hmtx []byte
	for _, id := range ids {
		hmtx = append(hmtx, metric(tables["hmtx"], metrics, int(id))...)
	}
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(ids)))
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(ids)))
	head = slices.Clone(head)
	binary.BigEndian.PutUint16(head[50:], 1)
	return writeTables([]fontTable{{"glyf", outlines}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx},
		{"loca", offsets}, {"maxp", maxp}})
}

// metric returns a glyph's width and left bearing. Glyphs behind the last metric have its width.
func metric(hmtx []byte, metrics, id int) []byte {
	if id < metrics {
		return hmtx[4*id : 4*id+4]
	}
	bearing := 4*metrics + 2*(id-metrics)
	return append(slices.Clone(hmtx[4*metrics-4:4*metrics-2]), hmtx[bearing:bearing+2]...)
}

// withoutHints returns a glyph without its instructions; parts of a composite one get the numbers that part gives.
func withoutHints(data []byte, part func(uint16) uint16) []byte {
	if len(data) == 0 {
		return nil
	}
	contours := int(int16(binary.BigEndian.Uint16(data)))
	if contours >= 0 {
		at := 10 + 2*contours
		hints := int(binary.BigEndian.Uint16(data[at:]))
		out := append(slices.Clone(data[:at]), 0, 0)
		return append(out, data[at+2+hints:]...)
	}
	out := slices.Clone(data)
	for at := 10; ; {
		flags := binary.BigEndian.Uint16(out[at:])
		binary.BigEndian.PutUint16(out[at:], flags&^haveInstruction)
		binary.BigEndian.PutUint16(out[at+2:], part(binary.BigEndian.Uint16(out[at+2:])))
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&haveScale != 0:
			at += 2
		case flags&haveTwoScales != 0:
			at += 4
		case flags&haveFourScales != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return out[:at]
		}
	}
}

type fontTable struct {
	tag  string
	data []byte
}

func readTables(font []byte) map[string][]byte {
	out := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(font[4:])) {
		e := font[12+16*i:]
		start := binary.BigEndian.Uint32(e[8:])
		out[string(e[:4])] = font[start : start+binary.BigEndian.Uint32(e[12:])]
	}
	return out
}

// writeTables writes a font file of tables in the order of their tags, with its check sums.
func writeTables(tables []fontTable) []byte {
	n := len(tables)
	power := 1
	for power*2 <= n {
		power *= 2
	}
	shift := 0
	for 1<<(shift+1) <= n {
		shift++
	}
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, v := range []int{n, power * 16, shift, (n - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(v))
	}
	at, headAt := 12+16*n, 0
	for i := range tables {
		if tables[i].tag == "head" {
			clear(tables[i].data[8:12])
			headAt = at
		}
		length := len(tables[i].data)
		for len(tables[i].data)%4 != 0 {
			tables[i].data = append(tables[i].data, 0)
		}
		out = append(out, tables[i].tag...)
		for _, v := range []uint32{checkSum(tables[i].data), uint32(at), uint32(length)} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		at += len(tables[i].data)
	}
	for _, t := range tables {
		out = append(out, t.data...)
	}
	binary.BigEndian.PutUint32(out[headAt+8:], 0xB1B0AFBA-checkSum(out))
	return out
}

func checkSum(data []byte) uint32 {
	var sum uint32
	for i := 0; i < len(data); i += 4 {
		sum += binary.BigEndian.Uint32(data[i:])
	}
	return sum
}
