#!/bin/sh
# Installs what is beside this file, for systems without dpkg and rpm; over an older version it is an upgrade.
#
#   sh install.sh            install or upgrade; changed settings are kept, and new defaults lie beside as NAME.new
#   sh install.sh remove     remove the programs; settings, lake and deliveries stay
set -eu
cd "$(dirname "$0")"
umask 022
files=$(find usr -type f)
list=/usr/lib/miic/installed # what was installed, so that an upgrade removes what is no more

case "${1:-install}" in
install)
	before=upgrade
	test -f $list || before=install
	for f in $files; do
		mkdir -p "/${f%/*}"
		cp -p "$f" "/$f.miic-new" && mv "/$f.miic-new" "/$f" # a night that is running keeps its program
	done
	if [ -f $list ]; then
		while read -r f; do
			test -e "$f" || rm -f "/$f"
		done <$list
	fi
	echo "$files" >$list
	mkdir -p -m 750 /etc/miic
	for f in etc/miic/*; do
		if [ ! -e "/$f" ]; then
			cp -p "$f" "/$f"
		elif ! cmp -s "$f" "/$f"; then
			cp -p "$f" "/$f.new"
		fi
	done
	chown 0:0 /etc/miic/*
	sh ./after-install.sh $before
	;;
remove)
	sh ./before-remove.sh remove
	while read -r f; do
		rm -f "/$f"
	done <$list
	rm -f $list
	rmdir /usr/lib/miic 2>/dev/null || true
	;;
*)
	sed -n '2,5s/^# *//p' "$0" >&2
	exit 2
	;;
esac
