#!/bin/sh
# After an installation or an upgrade, by dpkg, rpm or install.sh: the user, its folders, the units. Nothing is started
# that was not running.
set -e

if command -v systemd-sysusers >/dev/null; then
	systemd-sysusers /usr/lib/sysusers.d/miic.conf
elif ! getent passwd miic >/dev/null; then
	getent group miic >/dev/null || groupadd --system miic
	useradd --system --gid miic --home-dir /var/lib/miic --no-create-home --shell /usr/sbin/nologin \
		--comment 'miic immunization registry' miic
fi

# A folder that is there keeps the owner and the mode that the site gave it.
test -d /var/lib/miic || install -d -m 700 -o miic -g miic /var/lib/miic
test -d /var/spool/miic || install -d -m 711 -o miic -g miic /var/spool/miic

# The settings may name a password of a hook: only root writes them, only miic reads them.
chgrp miic /etc/miic /etc/miic/miic.yaml /etc/miic/environment

if [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi

case "$1/${2:-}" in
configure/ | 1/ | install/)
	cat <<-'TEXT'
		miic is installed. What is left to do:
		  edit /etc/miic/miic.yaml (senders), and MAILTO in /etc/miic/environment
		  sudo -u miic miic doctor --config /etc/miic/miic.yaml
		  systemctl enable --now miic-nightly.timer miic-prune.timer
		See /usr/share/doc/miic/operating.md.
	TEXT
	;;
esac
