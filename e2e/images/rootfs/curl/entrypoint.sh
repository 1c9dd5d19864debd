#!/bin/sh
set -e
# As the official one: an option or an address is for curl, anything else is a command.
if [ "${1#-}" != "$1" ] || ! command -v "$1" >/dev/null; then
  set -- curl "$@"
fi
exec "$@"
