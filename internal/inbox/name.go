package inbox

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MostName is how long a name may be, in bytes, where nothing else is configured; a response to the file adds to it.
const MostName = 200

// TopName is the longest that may be configured: what is written about a file has its name and an ending.
const TopName = 230

// Name returns how the name of a file or folder is shown, and what is wrong with it, or nothing. A name in order is
// shown as it is; in any other what would break or forge a line is written as \n, \xff or \u202e. No two names are
// shown alike.
func Name(raw string, most int) (shown, fault string) {
	if most <= 0 {
		most = MostName
	}
	switch {
	case !utf8.ValidString(raw):
		fault = "its name is not UTF-8: have it sent again under another name"
	case strings.ContainsFunc(raw, func(r rune) bool { return !unicode.IsPrint(r) }):
		fault = "its name holds characters that do not show: have it sent again under another name"
	case strings.ContainsRune(raw, '\\'):
		fault = "its name holds a backslash: have it sent again under another name"
	case len(raw) > most:
		fault = fmt.Sprintf("its name has %d bytes, and the most is %d: have it sent again under another name, or "+
			"raise most_name", len(raw), most)
	default:
		return raw, ""
	}
	return Shown(raw), fault
}

// shownMost is how much is shown of a name that is not in order.
const shownMost = 80

// Shown is how a name that is not in order is written: on one line, and short.
func Shown(raw string) string {
	quoted := strconv.Quote(raw)
	quoted = quoted[1 : len(quoted)-1]
	if len(quoted) <= shownMost {
		return quoted
	}
	cut := shownMost
	for !utf8.RuneStart(quoted[cut]) {
		cut--
	}
	sum := sha256.Sum256([]byte(raw))
	return fmt.Sprintf("%s\\…%x", quoted[:cut], sum[:4])
}
