package linkage

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// query returns the SELECT of a file of the sql folder. Each pair of args is a name, written $name
// in the file, and the text that takes its place.
func query(name string, args ...any) string {
	data, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(err)
	}
	text := strings.TrimSpace(string(data))
	for i := 0; i < len(args); i += 2 {
		text = strings.ReplaceAll(text, fmt.Sprint("$", args[i]), fmt.Sprint(args[i+1]))
	}
	return text
}
