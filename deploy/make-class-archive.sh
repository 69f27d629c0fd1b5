#!/bin/sh
# Makes an archive of the classes that a start loads, which halves the time of later starts:
#
#   make-class-archive.sh JAR ARCHIVE [JVM OPTION ...]
#
# Starts the server without a relay on free ports, waits until it serves, however slow the machine is, and stops it. A later
# start uses the archive with -XX:SharedArchiveFile=ARCHIVE if the JVM, the jar and the kind of collector are the same.
set -eu
jar=$1
archive=$2
shift 2

work=$(mktemp -d)
server=
cleanup() {
  [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

"${JAVA:-java}" "$@" -XX:ArchiveClassesAtExit="$archive" -Xlog:cds=off -Xlog:cds+dynamic=off -jar "$jar" serve \
  --ws-url ws://127.0.0.1:1/ --data-dir "$work/data" \
  --listen-addr 127.0.0.1:0 --metrics-listen-addr 127.0.0.1:0 >"$work/log" 2>&1 &
server=$!
until grep -q 'listening subscribe=' "$work/log"; do
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$work/log" >&2
    echo "the server ended before it served" >&2
    exit 1
  fi
  sleep 0.2
done
kill -TERM "$server"
status=0
wait "$server" || status=$?
server=
if [ "$status" -ne 0 ] || [ ! -s "$archive" ]; then
  cat "$work/log" >&2
  echo "no class archive was made, exit code $status" >&2
  exit 1
fi
