// Package read turns the bytes of a delivered file into units: lines of delimited and fixed-width files, cut into
// values by the sender's layout, and parts of files of lines or messages that can be read side by side.
//
// It promises that every byte is in one unit or in what parts units, that each unit has its line and byte offset in
// the file, and that no more than a block and one unit of a file are in memory. Dates and encodings are read by
// declared forms and never guessed. What a value means is the caller's business.
package read
