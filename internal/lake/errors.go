package lake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// Code is the exit code that an error asks for.
type Code int

// The exit codes of errors. 3 (a whole delivery refused) and 4 (held) are outcomes of a night; 14 is both.
const (
	OK          Code = 0
	Failed      Code = 1
	Usage       Code = 2
	NoLake      Code = 10
	Locked      Code = 11
	Damaged     Code = 12
	NoSpace     Code = 13
	NeedsPerson Code = 14 // committed; the inbox, the archive or the outputs need a person
	Interrupted Code = 130
)

// An Error carries the exit code it asks for. Its text is what is wrong, where and what to do next.
type Error struct {
	Code Code
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error without its code.
func (e *Error) Unwrap() error { return e.Err }

// Errorf is fmt.Errorf with an exit code.
func Errorf(code Code, format string, args ...any) error {
	return &Error{Code: code, Err: fmt.Errorf(format, args...)}
}

// CodeOf returns the exit code for an error: 14 where a snapshot was committed all the same, 13 for any other sign of a
// full disk, else that of the Error in its chain, 130 for a cancelled context, and 1 for all others; 0 for nil.
func CodeOf(err error) Code {
	var e *Error
	switch {
	case err == nil:
		return OK
	case errors.As(err, &e) && e.Code == NeedsPerson:
		return NeedsPerson
	case isNoSpace(err):
		return NoSpace
	case errors.As(err, &e):
		return e.Code
	case errors.Is(err, context.Canceled):
		return Interrupted
	}
	return Failed
}

// isNoSpace sees a full disk in the system's error and in a database's words, which come as text only.
func isNoSpace(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return true
	}
	text := strings.ToLower(err.Error())
	return strings.Contains(text, "no space left on device") || strings.Contains(text, "max_temp_directory_size")
}
