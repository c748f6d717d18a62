#!/bin/sh
# make dist: a tar.gz, a .deb and a .rpm of what is checked out, in bin/dist. With the same compilers the same commit
# gives the same bytes.
#
#   packaging/build.sh          build the programs, stage everything below bin/dist/stage, and pack it
#   packaging/build.sh pack STAGE VERSION OUT      pack what is staged, for packaging/try.sh; PROGRAM: whose needs are
#                               declared, when it is not the one in the stage
set -eu
cd "$(dirname "$0")/.."
umask 022
TAGS='-tags duckdb_arrow'
nfpm() { go tool -modfile=packaging/tools.mod nfpm "$@"; }

# What the clock of every file is: that of the commit; of sources without one, that of the newest of them.
commit=$(git rev-parse --short=9 HEAD 2>/dev/null) || commit=
if [ -z "${SOURCE_DATE_EPOCH:-}" ] && [ -n "$commit" ]; then
	SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
elif [ -z "${SOURCE_DATE_EPOCH:-}" ]; then
	SOURCE_DATE_EPOCH=$(find go.mod cmd docs forecast ingest internal linkage packaging reports -type f -printf '%Ts\n' |
		sort -n | tail -n 1)
fi
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC

# A tag v1.2.3 is version 1.2.3; what comes after it is 1.2.3+4.gHASH; without a tag the commit's time leads, so that a
# later commit is a newer package.
version() {
	described=$(git describe --tags --match 'v[0-9]*' 2>/dev/null | sed 's/^v//; s/-\([0-9]*\)-g/+\1.g/') || described=
	if [ -z "$described" ]; then
		described=0.$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d.%H%M%S)+${commit:+g}${commit:-unknown}
	fi
	test -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" || described=$described.modified
	echo "$described"
}

# needs SONAME PREFIX: the newest version with that prefix that the program asks of a library
needs() {
	objdump -p "$program" | awk -v lib="$1:" -v prefix="$2" '
		$1 == "required" { in_lib = $3 == lib; next }
		in_lib && index($4, prefix) == 1 { print substr($4, length(prefix) + 1) }' | sort -V | tail -n 1
}

# pack STAGE VERSION OUT
pack() {
	stage=$1 version=$2 out=$3 program=${PROGRAM:-$1/usr/bin/miic}
	arch=$(go env GOARCH)
	mkdir -p "$out"
	find "$stage" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +

	# The libraries that the program needs, read from it. A new one must be named here.
	for lib in $(objdump -p "$program" | awk '$1 == "NEEDED" { print $2 }'); do
		case $lib in
		libc.so.6 | libm.so.6 | libstdc++.so.6 | libgcc_s.so.1 | ld-linux-*) ;;
		*) echo "the program needs $lib: packaging/build.sh must declare it" >&2 && exit 1 ;;
		esac
	done
	glibc=$(printf '%s\n' "$(needs libc.so.6 GLIBC_)" "$(needs libm.so.6 GLIBC_)" | sort -V | tail -n 1)
	glibcxx=$(needs libstdc++.so.6 GLIBCXX_)
	case $glibcxx in # Debian numbers the library by its compiler
	3.4.29) libstdcxx=11 ;;
	3.4.30) libstdcxx=12 ;;
	3.4.31 | 3.4.32) libstdcxx=13.1 ;;
	3.4.33) libstdcxx=14 ;;
	3.4.34) libstdcxx=15 ;;
	*) echo "libstdc++ $glibcxx: packaging/build.sh must know the compiler that it came with" >&2 && exit 1 ;;
	esac
	echo "needs glibc $glibc and libstdc++ $glibcxx or newer"

	yaml=$(mktemp)
	trap 'rm -f "$yaml"' EXIT
	sed -e "s|@STAGE@|$stage|; s|@VERSION@|$version|; s|@ARCH@|$arch|; s|@MTIME@|$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)|" \
		-e "s|@GLIBC@|$glibc|; s|@GLIBCXX@|$glibcxx|; s|@LIBSTDCXX@|$libstdcxx|" packaging/nfpm.yaml >"$yaml"
	for format in deb rpm; do
		nfpm package --config "$yaml" --packager $format --target "$out/"
	done

	name=miic-$version-linux-$arch
	tar -C "$stage" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
		--transform "flags=r;s|^\.|$name|" -cf - . | gzip -n >"$out/$name.tar.gz"
	(cd "$out" && sha256sum -- *.deb *.rpm *.tar.gz >SHA256SUMS)
}

if [ "${1:-}" = pack ]; then
	pack "$2" "$3" "$4"
	exit
fi

dist=bin/dist
rm -rf $dist
stage=$dist/stage
share=$stage/usr/share
mkdir -p $stage/usr/bin $stage/usr/lib/miic $stage/usr/lib/systemd/system $stage/usr/lib/sysusers.d \
	$stage/usr/lib/tmpfiles.d $share/man/man1 $share/doc/miic/decisions $share/bash-completion/completions \
	$share/zsh/site-functions $share/fish/vendor_completions.d $stage/etc/miic

# The programs, without the tables that only a debugger reads: 98 MB instead of 131.
go build $TAGS -trimpath -ldflags '-s -w' -o $stage/usr/bin/miic ./cmd/miic
CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $stage/usr/bin/miic-forecast ./cmd/miic-forecast

# Manual pages and completion, made from the commands themselves.
go test $TAGS ./cmd/miic -run '^TestManPages$' -man "$PWD/$share/man/man1"
cp packaging/miic-forecast.1 $share/man/man1/
gzip -9n $share/man/man1/*.1
$stage/usr/bin/miic completion bash >$share/bash-completion/completions/miic
$stage/usr/bin/miic completion zsh >$share/zsh/site-functions/_miic
$stage/usr/bin/miic completion fish >$share/fish/vendor_completions.d/miic.fish

# Units, user, settings, documents.
cp docs/systemd/*.service docs/systemd/*.timer $stage/usr/lib/systemd/system/
install -m 755 docs/systemd/failed packaging/rehearse-restore.sh $stage/usr/lib/miic/
cp packaging/miic.sysusers $stage/usr/lib/sysusers.d/miic.conf
cp packaging/miic.tmpfiles $stage/usr/lib/tmpfiles.d/miic.conf
install -m 640 docs/miic.yaml docs/systemd/environment $stage/etc/miic/
cp README.md docs/*.md docs/miic.yaml docs/systemd/miic.cron $share/doc/miic/
cp docs/decisions/*.md $share/doc/miic/decisions/
cp LICENSE $share/doc/miic/copyright
packaging/licences.sh >$share/doc/miic/third-party-licences.txt

# What the tar.gz has beside: what dpkg and rpm do by themselves.
install -m 755 packaging/install.sh packaging/after-install.sh packaging/before-remove.sh $stage/
find $stage -type d -exec chmod 755 {} +

pack $stage "$(version)" $dist
ls -l $dist
