#!/usr/bin/env bash
# Prints the folder of PostgreSQL's server programs. Debian keeps them off the
# PATH, one folder per version; the newest is taken.
set -euo pipefail

if command -v initdb >/dev/null; then
  dirname "$(readlink -f "$(command -v initdb)")"
  exit
fi
newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
[ -x "$newest" ] || {
  echo "no PostgreSQL server here: run scripts/setup.sh" >&2
  exit 1
}
dirname "$newest"
