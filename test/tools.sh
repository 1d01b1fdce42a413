#!/bin/sh
# Installs the foreign clients that the interop tests drive and the databases
# that adapters/sqldb is tested on. Without root it says what is missing; the
# tests that need it then skip, loudly.
set -u
need=""
want() { # command-or-check package
	sh -c "$1" >/dev/null 2>&1 || need="$need $2"
}
want '/usr/bin/python3 -c "import zeep"' python3-zeep
want 'php -v' php-cli
want 'php -m | grep -qi "^soap"' php-soap
want 'php -m | grep -qi "^curl"' php-curl
want 'command -v xmllint' libxml2-utils
want 'command -v wsdl2h' gsoap
want 'ls /usr/lib/postgresql/*/bin/initdb' postgresql
want 'command -v mariadbd || command -v mysqld' mariadb-server
if [ -n "$need" ]; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
		echo "test/tools.sh: installing$need"
		log=$(mktemp)
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $need; } >"$log" 2>&1 ||
			{ cat "$log"; echo "test/tools.sh: NOT INSTALLED:$need; the tests that need them will be SKIPPED"; }
		rm -f "$log"
	else
		echo "test/tools.sh: NOT ROOT, so not installed:$need; the tests that need them will be SKIPPED"
	fi
fi
# node-soap lives in a cache folder of the user, outside of the project.
soap="${XDG_CACHE_HOME:-$HOME/.cache}/lisgate-test/node"
if command -v npm >/dev/null 2>&1; then
	[ -d "$soap/node_modules/soap" ] || npm install --silent --no-audit --no-fund --prefix "$soap" soap@1 >/dev/null 2>&1 ||
		echo "test/tools.sh: npm could not install soap; the node-soap tests will be SKIPPED"
else
	echo "test/tools.sh: no npm; the node-soap tests will be SKIPPED"
fi
exit 0
