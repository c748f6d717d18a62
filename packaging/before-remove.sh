#!/bin/sh
# Before a removal, not before an upgrade: no night starts any more. One that is running ends by itself.
set -e
case "$1" in
remove | 0)
	if [ -d /run/systemd/system ]; then
		systemctl disable --now miic-nightly.timer miic-prune.timer || true
	fi
	;;
esac
