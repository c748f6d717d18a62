#!/bin/sh
# After a removal. The lake, the deliveries and their owner stay, also after a purge: no package deletes a registry.
set -e
if [ -d /run/systemd/system ]; then
	systemctl daemon-reload || true
fi
case "$1" in
purge | 0)
	if [ -d /var/lib/miic ] || [ -d /var/spool/miic ]; then
		echo "miic: /var/lib/miic, /var/spool/miic and the user miic were kept: they hold the registry." >&2
	fi
	;;
esac
