#!/bin/sh
# Rehearses a restore: rehearse-restore.sh MIIC.YAML BACKUP [WORK]. Copies lake and archive of a backup aside, proves every
# byte of them, and compares the restrictions with those in force. Nothing of the site is changed. It ends with 0 when the
# copy is sound and has every restriction, with 3 when it lacks some, else with the code of what failed.
set -eu
test $# -ge 2 || {
	echo "usage: rehearse-restore.sh MIIC.YAML BACKUP [WORK]: BACKUP is the folder that has lake/ and archive/" >&2
	exit 2
}
test -d "$2/lake" || {
	echo "rehearse-restore.sh: $2 has no folder lake: name the folder that the backup was restored to" >&2
	exit 2
}
config=$1
backup=$2
work=${3:-$(mktemp -d)}
miic=${MIIC:-miic}
umask 077
trap 'rm -rf "$work/lake" "$work/archive" "$work/out" "$work/miic.yaml"' EXIT
mkdir -p "$work/out"
cp -a "$backup/lake" "$work/lake"
if [ -d "$backup/archive" ]; then cp -a "$backup/archive" "$work/archive"; else mkdir -p "$work/archive"; fi
cat > "$work/miic.yaml" <<END
lake: $work/lake
inbox: $work/inbox
archive: $work/archive
out: $work/out
END
"$miic" --config "$work/miic.yaml" lake check --data --no-outputs
"$miic" --config "$config" privacy compare "$work/lake"
