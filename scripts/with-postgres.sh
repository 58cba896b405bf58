#!/usr/bin/env bash
# Runs a command with a PostgreSQL of its own:
#
#   scripts/with-postgres.sh go test ./...
#
# The server keeps its files and its socket in a new folder that only its user
# and root can enter, listens on no TCP port, and is gone when the command has
# ended, however that came about. The command finds it in LIFECIRCLE_TEST_POSTGRES
# and, by LIFECIRCLE_REQUIRE_POSTGRES, knows that skipping is no answer; it has no
# standard input. Where LIFECIRCLE_TEST_POSTGRES already names a database, that one
# is used.
set -euo pipefail
[ $# -gt 0 ] || {
  echo "usage: with-postgres.sh COMMAND [ARGUMENT...]" >&2
  exit 2
}
export LIFECIRCLE_REQUIRE_POSTGRES=1
[ -z "${LIFECIRCLE_TEST_POSTGRES:-}" ] || exec "$@"

bin=$("$(dirname "$0")/postgres-bin.sh")
# In /tmp and not in TMPDIR: the path of a socket has at most 107 bytes.
folder=$(mktemp -d /tmp/lifecircle-postgres.XXXXXX)
server='' command=''

stop() {
  trap '' INT TERM HUP
  if [ -n "$command" ]; then # still running only if this script was interrupted
    kill -TERM -- "-$command" 2>/dev/null || true
    wait "$command" 2>/dev/null || true
  fi
  if [ -n "$server" ]; then
    kill -INT "$server" 2>/dev/null || true # INT is PostgreSQL's fast shutdown
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# PostgreSQL refuses to run as root. setpriv becomes the program it starts, so $!
# is the server itself.
as_server=(setpriv)
if [ "$(id -u)" = 0 ]; then
  id postgres >/dev/null 2>&1 || {
    echo "with-postgres: root needs the user postgres, which Debian's package postgresql makes" >&2
    exit 1
  }
  chown postgres "$folder"
  as_server+=(--reuid=postgres --regid=postgres --init-groups)
fi

# From here on every job has a process group of its own: Ctrl-C reaches this
# script alone, which then ends the command with all its children, and only after
# it the server.
set -m
log=$folder/log
cd /tmp # the server's user may not be able to enter the present folder
"${as_server[@]}" "$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust \
  --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$log" 2>&1 || {
  cat "$log" >&2
  exit 1
}
# pdeathsig ends the server even if this script is killed outright.
"${as_server[@]}" --pdeathsig=INT "$bin/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= >>"$log" 2>&1 &
server=$!
cd "$OLDPWD"
for ((tenths = 0; ; tenths++)); do
  "$bin/pg_isready" --quiet --host="$folder" && break
  if ! kill -0 "$server" 2>/dev/null || ((tenths == 600)); then
    echo "with-postgres: the server did not start" >&2
    cat "$log" >&2
    exit 1
  fi
  sleep 0.1
done

export LIFECIRCLE_TEST_POSTGRES="host=$folder user=postgres dbname=postgres"
"$@" </dev/null &
command=$!
status=0
wait "$command" || status=$?
command=''
exit "$status"
