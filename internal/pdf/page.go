package pdf

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// Sizes of a page.
const (
	Inch         = 72.0
	LetterWidth  = 8.5 * Inch
	LetterHeight = 11 * Inch
)

// A page that is being drawn.
type page struct {
	number  int
	height  float64
	content bytes.Buffer
	marks   []int    // the element of each mark
	marked  *element // whose mark is open
	hidden  bool     // an artifact's mark is open
}

// A Tag is an element of the structure: what a part of a page is, for those who do not see it.
type Tag struct {
	Role Role
	Lang string // where it differs from what is around it
	Alt  string // what a figure shows
}

// A Role is what an element is.
type Role string

// Roles, by their names in the standard.
const (
	Part      Role = "Part" // one of many: a letter
	Sect      Role = "Sect"
	H1        Role = "H1"
	H2        Role = "H2"
	P         Role = "P"
	Span      Role = "Span"
	List      Role = "L"
	Item      Role = "LI"
	Label     Role = "Lbl"
	Body      Role = "LBody"
	Table     Role = "Table"
	Row       Role = "TR"
	ColumnTH  Role = "TH" // heads a column
	RowTH     Role = "TH/Row"
	TableData Role = "TD"
	Figure    Role = "Figure"
)

// An element that is open, or was.
type element struct {
	number, parent int
	tag            Tag
	kids           []kid
}

// A kid is an element, or a mark on a page.
type kid struct{ number, page, mark int }

// Page ends the page and begins the next. Elements may go on over pages.
func (f *File) Page(width, height float64) {
	f.endPage()
	if len(f.groups) == 0 || len(f.groups[len(f.groups)-1].pages) == groupPages {
		f.groups = append(f.groups, group{number: f.o.next()})
	}
	g := &f.groups[len(f.groups)-1]
	number, content := f.o.next(), f.o.next()
	g.pages = append(g.pages, number)
	b := f.o.object(number)
	fmt.Fprintf(b, "<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R/StructParents %d>>\n",
		g.number, number2(width), number2(height), f.numbers.resources, content, f.pages)
	if f.page == nil {
		f.page = &page{}
	}
	p := f.page
	p.number, p.height = number, height
	f.pages++
	f.contentNumber = content
}

// endPage writes the content of the page, and remembers whose its marks are.
func (f *File) endPage() {
	p := f.page
	if p == nil || f.pages == 0 {
		return
	}
	p.endMark()
	f.o.stream(f.contentNumber, "", p.content.Bytes())
	if len(f.leaves) == 0 || f.leaves[len(f.leaves)-1].last-f.leaves[len(f.leaves)-1].first == groupPages-1 {
		f.endLeaf()
		f.leaves = append(f.leaves, leaf{f.o.next(), f.pages - 1, f.pages - 1})
	}
	f.leaves[len(f.leaves)-1].last = f.pages - 1
	fmt.Fprintf(&f.parents, "%d[", f.pages-1)
	for _, n := range p.marks {
		f.parents.WriteString(strconv.Itoa(n) + " 0 R ")
	}
	f.parents.WriteString("]")
	p.content.Reset()
	p.marks = p.marks[:0]
}

func (f *File) endLeaf() {
	if f.parents.Len() == 0 {
		return
	}
	l := f.leaves[len(f.leaves)-1]
	fmt.Fprintf(f.o.object(l.number), "<</Limits[%d %d]/Nums[%s]>>\n", l.first, l.last, f.parents.Bytes())
	f.parents.Reset()
}

// Tag draws an element: all that fn draws, and the elements that it draws, are its content.
func (f *File) Tag(t Tag, fn func()) {
	above := f.open[len(f.open)-1]
	e := &element{number: f.o.next(), parent: above.number, tag: t}
	f.open = append(f.open, e)
	fn()
	f.open = f.open[:len(f.open)-1]
	above.kids = append(above.kids, kid{number: e.number})
	f.writeElement(e)
}

// Artifact draws what says nothing to those who listen: lines, bars for machines, the running number of a page.
func (f *File) Artifact(fn func()) {
	f.hidden++
	fn()
	f.hidden--
}

func (f *File) writeElement(e *element) {
	out := f.o.object(e.number)
	b := out.AvailableBuffer()
	role, attributes := string(e.tag.Role), ""
	switch e.tag.Role {
	case ColumnTH:
		attributes = "/A<</O/Table/Scope/Column>>"
	case RowTH:
		role, attributes = "TH", "/A<</O/Table/Scope/Row>>"
	case List:
		attributes = "/A<</O/List/ListNumbering/Disc>>"
	}
	b = append(append(append(b, "<</S/"...), role...), "/P "...)
	b = append(strconv.AppendInt(b, int64(e.parent), 10), " 0 R"...)
	b = append(b, attributes...)
	if e.tag.Lang != "" {
		b = append(append(b, "/Lang"...), textString(e.tag.Lang)...)
	}
	if e.tag.Alt != "" {
		b = append(append(b, "/Alt"...), textString(e.tag.Alt)...)
	}
	on := 0 // the page of the first mark; marks elsewhere name theirs
	for _, k := range e.kids {
		if k.page != 0 {
			on = k.page
			b = append(strconv.AppendInt(append(b, "/Pg "...), int64(on), 10), " 0 R"...)
			break
		}
	}
	b = append(b, "/K["...)
	for _, k := range e.kids {
		switch {
		case k.page == 0:
			b = append(strconv.AppendInt(b, int64(k.number), 10), " 0 R "...)
		case k.page == on:
			b = append(strconv.AppendInt(b, int64(k.mark), 10), ' ')
		default:
			b = fmt.Appendf(b, "<</Type/MCR/Pg %d 0 R/MCID %d>>", k.page, k.mark)
		}
	}
	out.Write(append(b, "]>>\n"...))
}

// mark returns the page, ready to be drawn on by the open element or artifact; nil after an error.
func (f *File) mark() *page {
	p := f.page
	switch {
	case p == nil:
		f.fail("drawn before the first page")
		return nil
	case f.hidden > 0:
		if !p.hidden {
			p.endMark()
			p.content.WriteString("/Artifact BMC\n")
			p.hidden = true
		}
		return p
	case len(f.open) == 1:
		f.fail("drawn outside of every element and artifact")
		return nil
	}
	e := f.open[len(f.open)-1]
	if p.marked != e {
		p.endMark()
		p.content.WriteString("/" + string(e.tag.Role.inContent()) + "<</MCID " + strconv.Itoa(len(p.marks)) + ">>BDC\n")
		e.kids = append(e.kids, kid{page: p.number, mark: len(p.marks)})
		p.marks = append(p.marks, e.number)
		p.marked = e
	}
	return p
}

func (r Role) inContent() Role {
	if r == RowTH {
		return ColumnTH
	}
	return r
}

func (p *page) endMark() {
	if p.marked != nil || p.hidden {
		p.content.WriteString("EMC\n")
	}
	p.marked, p.hidden = nil, false
}

// number2 writes a length with at most two decimals.
func number2(v float64) string {
	return string(appendNumber(nil, v))
}

func appendNumber(b []byte, v float64) []byte {
	n := int64(math.Round(v * 100))
	if n < 0 {
		b, n = append(b, '-'), -n
	}
	b = strconv.AppendInt(b, n/100, 10)
	if n %= 100; n == 0 {
		return b
	}
	b = append(b, '.', '0'+byte(n/10))
	if n %= 10; n != 0 {
		b = append(b, '0'+byte(n))
	}
	return b
}
