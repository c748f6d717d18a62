package pdf

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// About is what a file says of itself.
type About struct {
	Title    string // shown in the window's bar
	Language string // BCP 47, of all that names no other: "en-US"
}

// A File is being written. Its methods draw on the newest page. The first error is kept and returned by Close.
type File struct {
	about   About
	o       *objects
	fonts   [2]*subset
	page    *page
	open    []*element // the root first
	hidden  int        // depth of artifacts
	err     error
	numbers struct{ catalog, info, tree, resources, pages, parents int }

	pages   int
	groups  []group // of pages
	leaves  []leaf  // of the parent tree
	parents bytes.Buffer

	contentNumber int   // of the newest page
	squares       []int // the objects of the codes of squares
}

// A group is a node of the page tree, so that no node gets thousands of children.
type group struct {
	number int
	pages  []int
}

// A leaf is a node of the tree that leads from a page to the elements of its marks.
type leaf struct{ number, first, last int }

// groupPages is how many pages a group or a leaf has.
const groupPages = 64

// New begins a file.
func New(w io.Writer, about About) *File {
	f := &File{about: about, o: newObjects(w), fonts: [2]*subset{newSubset(faceOf(false)), newSubset(faceOf(true))}}
	n := &f.numbers
	for _, p := range []*int{&n.catalog, &n.info, &n.tree, &n.resources, &n.pages, &n.parents} {
		*p = f.o.next()
	}
	f.open = []*element{{number: f.o.next(), parent: n.tree, tag: Tag{Role: "Document", Lang: about.Language}}}
	return f
}

// Pages is how many pages the file has so far.
func (f *File) Pages() int { return f.pages }

// A Missing is a rune that the fonts lack, and how often it was drawn as a box.
type Missing struct {
	Rune  rune
	Count int
}

// Missing lists the runes that were drawn as boxes.
func (f *File) Missing() []Missing {
	counts := map[rune]int{}
	for _, s := range f.fonts {
		for r, n := range s.missing {
			counts[r] += n
		}
	}
	var out []Missing
	for r, n := range counts {
		out = append(out, Missing{r, n})
	}
	slices.SortFunc(out, func(a, b Missing) int { return cmp.Compare(a.Rune, b.Rune) })
	return out
}

func (f *File) fail(text string) {
	if f.err == nil {
		f.err = errors.New("pdf: " + text)
	}
}

// Close writes the fonts and all that leads to the pages. It does not close what the file is written to.
func (f *File) Close() error {
	if f.pages == 0 {
		f.fail("a file without a page")
	}
	if len(f.open) != 1 {
		f.fail("closed within an element")
	}
	f.endPage()
	f.endLeaf()
	if err := errors.Join(f.err, f.o.err); err != nil {
		return err
	}
	root := f.open[0]
	f.writeElement(root)
	n := &f.numbers
	f.writePageTree()
	f.writeFonts()
	parents := f.o.object(n.parents)
	parents.WriteString("<</Kids[")
	for _, l := range f.leaves {
		fmt.Fprintf(parents, "%d 0 R ", l.number)
	}
	parents.WriteString("]>>\n")
	fmt.Fprintf(f.o.object(n.tree), "<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>\n",
		root.number, n.parents, f.pages)
	fmt.Fprintf(f.o.object(n.info), "<</Title %s/Producer(miic)>>\n", textString(f.about.Title))
	meta := f.o.next()
	f.o.plainStream(meta, "/Type/Metadata/Subtype/XML", f.metadata())
	fmt.Fprintf(f.o.object(n.catalog), "<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R/Lang%s"+
		"/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>>>\n",
		n.pages, n.tree, meta, textString(f.about.Language))
	return f.o.close(n.catalog, n.info)
}

func (f *File) writePageTree() {
	b := f.o.object(f.numbers.pages)
	fmt.Fprintf(b, "<</Type/Pages/Count %d/Kids[", f.pages)
	for _, g := range f.groups {
		fmt.Fprintf(b, "%d 0 R ", g.number)
	}
	b.WriteString("]>>\n")
	for _, g := range f.groups {
		b := f.o.object(g.number)
		fmt.Fprintf(b, "<</Type/Pages/Parent %d 0 R/Count %d/Kids[", f.numbers.pages, len(g.pages))
		for _, p := range g.pages {
			fmt.Fprintf(b, "%d 0 R ", p)
		}
		b.WriteString("]>>\n")
	}
}

// metadata says that the file follows PDF/UA-1, and its title.
func (f *File) metadata() []byte {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace
	return []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">` +
		`<pdfuaid:part>1</pdfuaid:part><pdf:Producer>miic</pdf:Producer>` +
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escape(f.about.Title) + `</rdf:li></rdf:Alt></dc:title>` +
		"</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
}

func (f *File) writeFonts() {
	b := f.o.object(f.numbers.resources)
	b.WriteString("<</Font<<")
	var used []*subset
	var numbers []int
	for i, s := range f.fonts {
		if len(s.runes) > 1 {
			number := f.o.next()
			fmt.Fprintf(b, "/%s %d 0 R", fontNames[i], number)
			used, numbers = append(used, s), append(numbers, number)
		}
	}
	b.WriteString(">>")
	if len(f.squares) > 0 {
		b.WriteString("/XObject<<")
		for i, number := range f.squares {
			fmt.Fprintf(b, "/S%d %d 0 R", i, number)
		}
		b.WriteString(">>")
	}
	b.WriteString(">>\n")
	for i, s := range used {
		f.writeFont(numbers[i], s)
	}
}

// fontNames are the names of the faces in a page's content.
var fontNames = [2]string{"R", "B"}

func (f *File) writeFont(number int, s *subset) {
	program := s.program()
	file, unicode, descendant, descriptor := f.o.next(), f.o.next(), f.o.next(), f.o.next()
	f.o.stream(file, "/Length1 "+strconv.Itoa(len(program)), program)
	f.o.stream(unicode, "", s.toUnicode())

	name := subsetTag(program) + "+" + s.face.name
	fmt.Fprintf(f.o.object(number), "<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H"+
		"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>\n", name, descendant, unicode)
	b := f.o.object(descendant)
	fmt.Fprintf(b, "<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"+
		"/Supplement 0>>/FontDescriptor %d 0 R/CIDToGIDMap/Identity/W[1[", name, descriptor)
	for _, g := range s.glyphs[1:] {
		fmt.Fprintf(b, "%d ", g.width)
	}
	b.WriteString("]]>>\n")
	tables := readTables(s.face.data)
	head, hhea := tables["head"], tables["hhea"]
	scaled := func(table []byte, at int) int {
		return int(int16(binary.BigEndian.Uint16(table[at:]))) * 1000 / s.face.units
	}
	stem := 84 // of the upright strokes, measured on the letter l
	if s.face.bold {
		stem = 138
	}
	fmt.Fprintf(f.o.object(descriptor), "<</Type/FontDescriptor/FontName/%s/Flags 32/FontBBox[%d %d %d %d]/ItalicAngle 0"+
		"/Ascent %d/Descent %d/CapHeight 729/StemV %d/FontFile2 %d 0 R>>\n", name, scaled(head, 36), scaled(head, 38),
		scaled(head, 40), scaled(head, 42), scaled(hhea, 4), scaled(hhea, 6), stem, file)
}

// subsetTag is the mark of six letters before the name of a font of which only a part is in the file.
func subsetTag(program []byte) string {
	h := fnv.New64a()
	h.Write(program)
	v := h.Sum64()
	var tag [6]byte
	for i := range tag {
		tag[i] = 'A' + byte(v%26)
		v /= 26
	}
	return string(tag[:])
}

// toUnicode says which rune each code is, for search, copying and reading aloud.
func (s *subset) toUnicode() []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n" +
		"/CMapType 2 def\n1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for from := 1; from < len(s.runes); from += 100 {
		to := min(from+100, len(s.runes))
		fmt.Fprintf(&b, "%d beginbfchar\n", to-from)
		for c := from; c < to; c++ {
			fmt.Fprintf(&b, "<%04X><", c)
			for _, u := range utf16.Encode([]rune{s.runes[c]}) {
				fmt.Fprintf(&b, "%04X", u)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}

// textString writes a text that is not drawn.
func textString(s string) string {
	plain := true
	for _, r := range s {
		plain = plain && r >= ' ' && r < 0x7f && !strings.ContainsRune(`()\`, r)
	}
	if plain {
		return "(" + s + ")"
	}
	out := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.BigEndian.AppendUint16(out, u)
	}
	return "<" + hex.EncodeToString(out) + ">"
}
