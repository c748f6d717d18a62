package yamlfile

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/antzucaro/matchr"
	"github.com/goccy/go-yaml"
)

// Meant adds to an error of the YAML reader about an unknown key which one of v was meant, if one is near. Other errors stay
// as they are.
func Meant(err error, v any) error {
	var unknown *yaml.UnknownFieldError
	if !errors.As(err, &unknown) || unknown.Token == nil {
		return err
	}
	key := meant(unknown.Token.Value, reflect.TypeOf(v))
	if key == "" {
		return err
	}
	return &yaml.UnknownFieldError{Message: fmt.Sprintf("%s: did you mean %q?", unknown.Message, key), Token: unknown.Token}
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
