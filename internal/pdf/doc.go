// Package pdf writes tagged PDF, page after page, for letters, postcards, labels and records on paper.
//
// A file is written in one pass, as it is drawn: a page is gone from memory once the next begins, and only the offsets of
// its objects are kept. What is promised of every file:
//
//   - It is tagged as PDF/UA-1 (ISO 14289-1) asks: each mark on a page belongs to an element of the structure, or is an
//     artifact (Artifact). Nothing can be drawn outside of both.
//   - Its bytes are a function of what was drawn: no clock, no random number; the /ID is a hash of the content.
//   - Text is text: every rune can be searched, copied and read aloud. A rune that the fonts lack is drawn as a box, keeps
//     its meaning for a reader's program, and is counted by Missing. Lacks tells beforehand.
//   - Nothing overflows: text is broken to a width (Wrap), in the middle of a word where it must.
//
// Lengths are points, 72 an inch. A place on a page is measured from its left upper corner, downwards. A text's place is
// that of its baseline.
package pdf
