#!/bin/sh
# The licences of everything that is linked into the programs, which a copy of them must carry.
set -eu
{
	go list -tags duckdb_arrow -deps -f '{{with .Module}}{{.Path}} {{.Version}} {{.Dir}}{{end}}' ./cmd/miic ./cmd/miic-forecast
} | sort -u | while read -r path version dir; do
	test "$path" != miic || continue
	found=
	for f in "$dir"/LICENSE* "$dir"/LICENCE* "$dir"/COPYING* "$dir"/NOTICE*; do
		test -f "$f" || continue
		found=yes
		printf '==== %s %s: %s\n\n' "$path" "$version" "${f##*/}"
		cat "$f"
		echo
	done
	test -n "$found" || { echo "$path $version has no licence" >&2 && exit 1; }
done
printf '==== Go: LICENSE\n\n'
cat "$(go env GOROOT)/LICENSE"
