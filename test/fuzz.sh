#!/bin/sh
# Runs every fuzz test of the module for a while, one after the other.
set -eu
time="${1:-10s}"
grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r dir; do
	grep -ho '^func Fuzz[A-Za-z0-9_]*' "$dir"/*_test.go | sed 's/^func //' | sort -u | while read -r name; do
		echo "fuzz $dir $name for $time"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 1x "$dir" >/tmp/lisgate-fuzz.$$ 2>&1 </dev/null || { cat /tmp/lisgate-fuzz.$$; rm -f /tmp/lisgate-fuzz.$$; exit 1; }
		tail -1 /tmp/lisgate-fuzz.$$
		rm -f /tmp/lisgate-fuzz.$$
	done
done
