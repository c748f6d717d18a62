package read

import (
	"bytes"
	"context"
	"errors"
	"io"

	"miic/ingest/hl7"
	"miic/internal/parallel"
)

// A Part is a stretch of a file that begins where a unit begins. What is read of it is what a reader of the whole file
// reads there.
type Part struct {
	From, To int64 // bytes
	Before   int64 // lines of the file before it
	mark     byte  // what ends its lines; 0: not known yet
}

// A Splitter cuts the files of one kind in parts.
type Splitter struct {
	// where the first unit that begins behind the first byte does; -1: none does
	begin  func(window []byte) int
	count  func(last byte, block []byte) int64 // the line ends of a block, given the byte before it
	window int                                 // bytes in which a unit must begin, or the file is not cut there
	block  int                                 // bytes in which lines are counted at a time
	mark   byte                                // what must end the file's lines; 0: any line end may
	// a block without a line end may be a line that its reader cuts: the file stays whole
	dense bool
}

// Lines cuts files of lines, of those that end in LF; Messages cuts HL7 batch files.
var (
	Lines = Splitter{
		begin: func(window []byte) int {
			if i := bytes.IndexByte(window, '\n'); i >= 0 {
				return i + 1
			}
			return -1
		},
		count:  func(_ byte, block []byte) int64 { return int64(bytes.Count(block, []byte{'\n'})) },
		window: 2 * MaxLine, block: BlockSize, mark: '\n',
	}
	Messages = Splitter{begin: hl7.FindMessage, count: hl7.CountLines, window: 2 * hl7.MaxMessage,
		block: hl7.MaxMessage / 2, dense: true}
)

// Split cuts a file, or what is left of it, in up to n parts of about the same size: in fewer where no unit begins
// near a cut, and not at all where the file is not of the splitter's kind.
func (s Splitter) Split(ctx context.Context, f io.ReaderAt, whole Part, n int) ([]Part, error) {
	if n < 2 || whole.To <= whole.From {
		return []Part{whole}, nil
	}
	if s.mark != 0 && whole.mark == 0 {
		head, err := readAt(f, make([]byte, BlockSize), whole.From, whole.To)
		if err != nil {
			return nil, err
		}
		if bytes.IndexByte(head, s.mark) >= 0 {
			whole.mark = s.mark
		}
	}
	if whole.mark != s.mark {
		return []Part{whole}, nil
	}
	parts, err := s.cut(f, whole, n)
	if err != nil || len(parts) == 1 {
		return parts, err
	}
	countable, err := s.number(ctx, f, parts)
	if err != nil || !countable {
		return []Part{whole}, err
	}
	return parts, nil
}

// cut finds where the parts begin.
func (s Splitter) cut(f io.ReaderAt, whole Part, n int) ([]Part, error) {
	parts := []Part{whole}
	window := make([]byte, s.window)
	for i := 1; i < n; i++ {
		at := whole.From + (whole.To-whole.From)/int64(n)*int64(i)
		last := &parts[len(parts)-1]
		if at <= last.From { // the last cut lies behind this one
			continue
		}
		b, err := readAt(f, window, at, whole.To)
		if err != nil {
			return nil, err
		}
		begin := s.begin(b)
		if begin < 0 || at+int64(begin) >= whole.To {
			continue
		}
		last.To = at + int64(begin)
		parts = append(parts, Part{From: last.To, To: whole.To, mark: whole.mark})
	}
	return parts, nil
}

// number counts the lines before each part. It reports false where the lines of a part cannot be counted.
func (s Splitter) number(ctx context.Context, f io.ReaderAt, parts []Part) (bool, error) {
	lines := make([]int64, len(parts)-1) // nothing lies behind the last part
	err := parallel.Each(ctx, len(lines), func() func(int) error {
		block := make([]byte, s.block)
		return func(i int) (err error) {
			lines[i], err = s.countLines(ctx, f, parts[i], block)
			return err
		}
	})
	for i, n := range lines {
		if n < 0 {
			return false, err
		}
		parts[i+1].Before = parts[i].Before + n
	}
	return true, err
}

// countLines counts the lines of a part; -1 when there is a line that its reader may cut.
func (s Splitter) countLines(ctx context.Context, f io.ReaderAt, p Part, block []byte) (int64, error) {
	var lines int64
	var last byte
	for at := p.From; at < p.To; {
		b, err := readAt(f, block, at, p.To)
		if err == nil && len(b) == 0 {
			err = io.ErrUnexpectedEOF
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return 0, err
		}
		n := s.count(last, b)
		if n == 0 && s.dense && len(b) == len(block) {
			return -1, nil
		}
		lines += n
		last = b[len(b)-1]
		at += int64(len(b))
	}
	return lines, nil
}

// readAt fills a buffer from a place of the file on, up to an end.
func readAt(f io.ReaderAt, buf []byte, at, end int64) ([]byte, error) {
	n, err := f.ReadAt(buf[:min(int64(len(buf)), max(end-at, 0))], at)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return buf[:n], err
}

// EachPart reads n parts of a file side by side. It returns the first of them that failed, in the order of the file,
// and its error; n and nil when none did. The parts before it are read to their ends and those behind it count for
// nothing, as when the file is read from its beginning.
func EachPart(ctx context.Context, n int, part func(ctx context.Context, i int) error) (failed int, err error) {
	contexts, cancels := make([]context.Context, n), make([]context.CancelFunc, n)
	for i := range contexts {
		contexts[i], cancels[i] = context.WithCancel(ctx)
		defer cancels[i]()
	}
	errs := make([]error, n)
	err = parallel.Each(ctx, n, func() func(int) error {
		return func(i int) error {
			if errs[i] = contexts[i].Err(); errs[i] == nil {
				errs[i] = part(contexts[i], i)
			}
			if errs[i] != nil {
				for _, cancel := range cancels[i+1:] {
					cancel()
				}
			}
			return nil
		}
	})
	for i := range errs {
		if errs[i] != nil {
			return i, errs[i]
		}
	}
	if err != nil { // the work was interrupted before it was all begun
		return 0, err
	}
	return n, nil
}
