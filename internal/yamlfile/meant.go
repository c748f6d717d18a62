package yamlfile

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/antzucaro/matchr"
	"github.com/goccy/go-yaml"
)

// Meant asks, as the end of an error of the YAML reader about an unknown key, whether one of v was meant; empty where none is
// near, and for other errors.
func Meant(err error, v any) string {
	var unknown *yaml.UnknownFieldError
	if !errors.As(err, &unknown) || unknown.Token == nil {
		return ""
	}
	key := meant(unknown.Token.Value, reflect.TypeOf(v))
	if key == "" {
		return ""
	}
	return fmt.Sprintf(": did you mean %q?", key)
}

// meant is the key of a type, or of what is in it, that an unknown key is a slip of; empty where none is near.
func meant(unknown string, t reflect.Type) string {
	best, least := "", 1+min(2, len(unknown)/3)
	for key := range keysOf(t, map[reflect.Type]bool{}) {
		slips := matchr.DamerauLevenshtein(unknown, key)
		if slips < least || slips == least && best != "" && key < best {
			best, least = key, slips
		}
	}
	return best
}

// keysOf are the keys of a type, and of what is in it.
func keysOf(t reflect.Type, seen map[reflect.Type]bool) map[string]bool {
	keys := map[string]bool{}
	if t == nil || seen[t] {
		return keys
	}
	seen[t] = true
	add := func(of reflect.Type) {
		for key := range keysOf(of, seen) {
			keys[key] = true
		}
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		add(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			field := t.Field(i)
			key, _, _ := strings.Cut(field.Tag.Get("yaml"), ",")
			if key != "" && key != "-" {
				keys[key] = true
			}
			add(field.Type)
		}
	}
	return keys
}
