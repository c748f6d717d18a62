package schedule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"miic/forecast/cdsi"
)

// Rows carry the version of the schedule, so that it is known what they rest on. A release's number alone does not do
// that once somebody has edited its data: then the version gains a mark made from the facts.
const editedMark = "+edited-"

// factsMark is made from everything in the schedule but its version.
func factsMark(s *cdsi.Schedule) (string, error) {
	plain := *s
	plain.Version = ""
	h := sha256.New()
	if err := Text(h, &plain); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil))[:8], nil
}

// edited is the version of a schedule whose facts are not those of its version.
func edited(version, mark string) string {
	number, _, _ := strings.Cut(version, editedMark)
	return number + editedMark + mark
}

// markEdited marks the version of a schedule that is called like the built-in one and has other facts.
func markEdited(s *cdsi.Schedule) error {
	own, err := Default()
	if err != nil {
		return err
	}
	if s.Version != own.Version {
		return nil
	}
	want, err := factsMark(own)
	if err != nil {
		return err
	}
	got, err := factsMark(s)
	if err != nil {
		return err
	}
	if got != want {
		s.Version = edited(s.Version, got)
	}
	return nil
}

// untouched marks the version of a schedule in our form that was edited since it was written; mark is what was written
// then. Without one the schedule is a site's own, and its version the site's.
func untouched(s *cdsi.Schedule, mark string) error {
	if mark == "" {
		return nil
	}
	got, err := factsMark(s)
	if err != nil {
		return fmt.Errorf("%s: %w", commonFile, err)
	}
	if got != mark {
		s.Version = edited(s.Version, got)
	}
	return nil
}
