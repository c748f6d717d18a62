#!/bin/bash
# Installs, upgrades and removes what 'make dist' has built, in clean roots: .deb, .rpm and tar.gz, each over an older
# version with a changed configuration and a lake. Needs root, dpkg and rpm, and a Debian to take the roots from: a root
# holds the essential packages and what the .deb declares, nothing else, so that a library that is not declared is missed.
set -euo pipefail
cd "$(dirname "$0")/.."
test "$(id -u)" = 0 || { echo "packaging/try.sh needs root: it changes into the roots that it makes" >&2; exit 1; }
dist=$PWD/bin/dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
shopt -s nullglob

fail() { echo "FAULT: $*" >&2; exit 1; }
must() { "$@" || fail "$what: $*"; }
must_not() { if "$@"; then fail "$what: unexpected: $*"; fi; }

# closure PACKAGE... lists the packages with all that they depend on, of those that are installed here.
closure() {
	dpkg-query -W -f '${Package}|${Pre-Depends}, ${Depends}|${Provides}\n' | awk -F'|' -v want="$*" '
		function name(s) { sub(/^ +/, "", s); sub(/[ :(].*/, "", s); return s }
		function add(p,   list, n, i, alt) {
			if (!(p in needs)) p = provider[p]
			if (p == "" || p in done) return
			done[p] = 1
			n = split(needs[p], list, ",")
			for (i = 1; i <= n; i++) { split(list[i], alt, "[|]"); add(name(alt[1])) }
		}
		{ rest = $0; sub(/^[^|]*\|/, "", rest); gives = rest; sub(/.*\|/, "", gives); sub(/\|[^|]*$/, "", rest)
		  needs[$1] = rest; n = split(gives, list, ","); for (i = 1; i <= n; i++) provider[name(list[i])] = $1 }
		END { n = split(want, list, " "); for (i = 1; i <= n; i++) add(list[i]); for (p in done) print p }' | sort
}

# make_root ROOT PACKAGE... makes a Debian of these packages and the essential ones.
make_root() {
	local root=$1 list
	shift
	list=$(closure "$@" $(dpkg-query -W -f '${Essential} ${Package}\n' | awk '$1 == "yes" { print $2 }'))
	mkdir -p "$root"/{usr/{bin,sbin,lib,lib64},etc,var/lib/dpkg/{info,updates,triggers},tmp,proc,dev,root,run}
	for d in bin sbin lib lib64; do ln -s usr/$d "$root/$d"; done
	for p in $list; do dpkg-query -L "$p"; done | grep -vE '^/usr/share/(doc|locale|man|i18n|perl)/' | sort -u |
		while read -r f; do if [ -L "$f" ] || [ -f "$f" ]; then echo "$f"; fi; done |
		tar -C / --ignore-failed-read -cf - -T - 2>/dev/null | tar -C "$root" --keep-directory-symlink -xf -
	cp /usr/share/base-passwd/passwd.master "$root/etc/passwd"
	cp /usr/share/base-passwd/group.master "$root/etc/group"
	awk -v RS= -v ORS='\n\n' -v names=" $(echo $list) " '
		{ split($0, line, "\n"); p = substr(line[1], 10); if (index(names, " " p " ")) print }' \
		/var/lib/dpkg/status >"$root/var/lib/dpkg/status"
	for p in $list; do cp $(ls /var/lib/dpkg/info/"$p".list /var/lib/dpkg/info/"$p":*.list 2>/dev/null) "$root/var/lib/dpkg/info/"; done
	cp /var/lib/dpkg/info/format "$root/var/lib/dpkg/info/"
	mknod -m 666 "$root/dev/null" c 1 3
	mknod -m 666 "$root/dev/urandom" c 1 9
	chmod 1777 "$root/tmp"
	chroot "$root" ldconfig
}

in_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin DEBIAN_FRONTEND=noninteractive "$@"; }
as_miic() { chroot --userspec=miic:miic "$root" env -i PATH=/usr/bin HOME=/tmp "$@"; }
owner() { in_root stat -c '%U:%G %a' "$1"; }
kept() { (cd "$root" && sha256sum var/lib/miic/lake/HEAD var/lib/miic/verdicts.csv var/spool/miic/clinic/x.hl7 etc/miic/miic.yaml); }

# What an older version installed: the same with another program, another default, and a file that is no more.
older=$work/older
mkdir "$work/old"
cp -a "$dist/stage" "$older"
rm "$older/etc/miic/miic.yaml" "$older/usr/bin/miic"
printf '#!/bin/sh\necho older\n' >"$older/usr/bin/miic"
chmod 755 "$older/usr/bin/miic"
sed 's/^#threads: 0/#threads: 0 # as it was/' docs/miic.yaml >"$older/etc/miic/miic.yaml"
chmod 640 "$older/etc/miic/miic.yaml"
echo old >"$older/usr/share/doc/miic/gone.md"
PROGRAM=$dist/stage/usr/bin/miic packaging/build.sh pack "$older" 0.0.1 "$work/old" >/dev/null

# installed: what must hold after an installation.
installed() {
	must test "$(in_root miic)" = older
	must test "$(owner /var/lib/miic)" = "miic:miic 700"
	must test "$(owner /var/spool/miic)" = "miic:miic 711"
	must test "$(owner /etc/miic)" = "root:miic 750"
	must test "$(owner /etc/miic/miic.yaml)" = "root:miic 640"
	must test "$(in_root getent passwd miic | cut -d: -f6-)" = "/var/lib/miic:/usr/sbin/nologin"
	must test -f "$root/usr/share/man/man1/miic-nightly.1.gz"
	must test -f "$root/usr/share/man/man1/miic-forecast.1.gz"
	must test -f "$root/usr/share/bash-completion/completions/miic"
	must test -f "$root/usr/lib/systemd/system/miic-nightly.timer"
	must test -x "$root/usr/lib/miic/failed"
	must test -x "$root/usr/lib/miic/rehearse-restore.sh"
	must test -s "$root/usr/share/doc/miic/copyright"
}

# used: a site changes its configuration and has a lake and a delivery.
used() {
	cat >>"$root/etc/miic/miic.yaml" <<-'YAML'
		memory_mib: 512
	YAML
	in_root chown root:miic /etc/miic/miic.yaml
	as_miic sh -c 'umask 077; mkdir -p /var/lib/miic/lake /var/spool/miic/clinic; echo 000007 >/var/lib/miic/lake/HEAD
		echo item_id >/var/lib/miic/verdicts.csv; echo MSH >/var/spool/miic/clinic/x.hl7'
	must chmod 0751 "$root/var/spool/miic" # a choice of the site
	before=$(kept)
}

# upgraded: the new program, the site's settings and its lake.
upgraded() {
	must test "$(kept)" = "$before"
	must test "$(owner /var/spool/miic)" = "miic:miic 751"
	must test "$(owner /etc/miic/miic.yaml)" = "root:miic 640"
	must_not test -e "$root/usr/share/doc/miic/gone.md"
	must grep -q '^#threads: 0$' "$root/etc/miic/miic.yaml.$1" # the new default lies beside
}

# works: the programs run with what there is, as the user of the package: a night from nothing, twice.
works() {
	must test "$(as_miic miic config --config /etc/miic/miic.yaml --json | grep -c '"memory_mib": 512')" = 1
	must grep -q '^miic ' <<<"$(as_miic miic version)"
	must grep -q '^ready for a night' <<<"$(as_miic miic doctor --config /etc/miic/miic.yaml)"
	in_root install -d -m 700 /var/lib/miic/archive # as by somebody who ran a night as root
	must_not as_miic miic doctor --config /etc/miic/miic.yaml >"$work/doctor"
	must grep -q 'fault *folders *archive.*miic may not read or write' <<<"$(tr -s ' \n' ' ' <"$work/doctor")"
	rmdir "$root/var/lib/miic/archive"
	printf 'P\t1\t2020-05-04\tF\nD\ta\t110\t\t2020-07-06\n' >"$root/tmp/people"
	must grep -q '^F' <<<"$(as_miic sh -c 'miic-forecast -as-of 2020-08-01 2>/dev/null </tmp/people')"
	as_miic sh -c 'umask 077; cd /tmp && miic -q synth --clients 100 --seed 1 --nights 1 --out s && mkdir -p s/inbox &&
		mv s/nights/2026-03-02/* s/inbox/ && miic -q --config s/miic.yaml nightly --as-of 2026-03-02 &&
		miic -q --config s/miic.yaml lake check --data' || fail "$what: a night does not run"
	must test -f "$root/tmp/s/out/000001/run.html"
}

# removed: the programs are gone, the registry is not.
removed() {
	for f in usr/bin/miic usr/bin/miic-forecast usr/lib/miic usr/lib/systemd/system/miic-nightly.service usr/share/man/man1/miic.1.gz; do
		must_not test -e "$root/$f"
	done
	must test "$(in_root getent passwd miic | cut -d: -f1)" = miic
	must test "$(owner /var/lib/miic)" = "miic:miic 700"
	must test "$(sed 's/ etc.*//' <<<"$before" | head -n 3)" = "$(cd "$root" && sha256sum var/lib/miic/lake/HEAD \
		var/lib/miic/verdicts.csv var/spool/miic/clinic/x.hl7)"
}

depends=$(dpkg-deb -f "$dist"/*.deb Depends | sed 's/([^)]*)//g; s/,//g')
echo "clean roots of the essential packages and $depends"
make_root "$work/root" $depends

what=deb root=$work/deb
cp -a "$work/root" "$root"
cp "$work"/old/*.deb "$root/tmp/old.deb" && cp "$dist"/*.deb "$root/tmp/new.deb"
in_root dpkg -i /tmp/old.deb >"$work/log" 2>&1 || fail "$(cat "$work/log")"
must grep -q 'systemctl enable --now miic-nightly.timer' "$work/log"
installed && used
in_root dpkg --force-confdef --force-confold -i /tmp/new.deb >"$work/log" 2>&1 || fail "$(cat "$work/log")"
must_not grep -q 'systemctl enable' "$work/log"
upgraded dpkg-dist && works
in_root dpkg -r miic >/dev/null 2>&1
removed
must test "$(kept)" = "$before"
in_root dpkg -P miic >"$work/log" 2>&1
removed
must_not test -e "$root/etc/miic"
must grep -q 'were kept' "$work/log"
# A library that is not there is a fault at installation, not at half past one.
in_root dpkg --force-depends --force-remove-essential -P libstdc++6 >/dev/null 2>&1
must_not in_root dpkg -i /tmp/new.deb >"$work/log" 2>&1
must grep -q 'depends on libstdc++6' "$work/log"
echo "deb: installed, upgraded, used, removed and purged"

what=rpm root=$work/rpm
cp -a "$work/root" "$root"
rpm=(rpm --root "$root" --force-debian --nodeps --nosignature)
"${rpm[@]}" -i "$work"/old/*.rpm >"$work/log" 2>&1 || fail "$(cat "$work/log")"
installed && used
"${rpm[@]}" -U "$dist"/*.rpm >"$work/log" 2>&1 || fail "$(cat "$work/log")"
upgraded rpmnew && works
"${rpm[@]}" -e miic >"$work/log" 2>&1 || fail "$(cat "$work/log")"
removed
must grep -q '^memory_mib: 512' "$root/etc/miic/miic.yaml.rpmsave"
# Its needs are by soname and version, and exactly those of the program.
asked=$(objdump -p "$dist/stage/usr/bin/miic" | awk '$1 == "required" { lib = $3; sub(/:/, "", lib); next }
	NF == 4 && $4 ~ /^GLIBC/ { print lib "(" $4 ")(64bit)" }' | sort -V | awk -F'[(]' '{ newest[$1] = $0 } END { for (l in newest) print newest[l] }')
for lib in $(grep -E '^lib(c|stdc)' <<<"$asked"); do
	must grep -qxF "$lib" <<<"$(rpm -qp --requires "$dist"/*.rpm 2>/dev/null)"
done
echo "rpm: installed, upgraded, used and removed"

what=tar root=$work/tar
cp -a "$work/root" "$root"
mkdir "$root/tmp/old" "$root/tmp/new"
tar -C "$root/tmp/old" --strip-components=1 -xzf "$work"/old/*.tar.gz
tar -C "$root/tmp/new" --strip-components=1 -xzf "$dist"/*.tar.gz
in_root sh /tmp/old/install.sh >"$work/log" 2>&1 || fail "$(cat "$work/log")"
installed && used
in_root sh /tmp/new/install.sh >"$work/log" 2>&1 || fail "$(cat "$work/log")"
must_not grep -q 'systemctl enable' "$work/log"
upgraded new && works
in_root sh /tmp/new/install.sh remove >"$work/log" 2>&1 || fail "$(cat "$work/log")"
removed
must test "$(kept)" = "$before"
echo "tar.gz: installed, upgraded, used and removed"

# The user is the same where systemd makes it and where useradd does.
if command -v systemd-sysusers >/dev/null; then
	what=sysusers root=$work/root
	systemd-sysusers --root="$root" "$PWD/packaging/miic.sysusers" 2>/dev/null
	must test "$(in_root getent passwd miic | cut -d: -f6-)" = "/var/lib/miic:/usr/sbin/nologin"
	systemd-tmpfiles --root="$root" --create "$PWD/packaging/miic.tmpfiles" 2>/dev/null
	must test "$(owner /var/lib/miic) $(owner /var/spool/miic)" = "miic:miic 700 miic:miic 711"
	echo "sysusers.d and tmpfiles.d give the same user and folders"
fi

# The same stage packs to the same bytes.
packaging/build.sh pack "$dist/stage" "$(dpkg-deb -f "$dist"/*.deb Version)" "$work/again" >/dev/null
must cmp "$work/again/SHA256SUMS" "$dist/SHA256SUMS"
echo "packed again: the same bytes"
