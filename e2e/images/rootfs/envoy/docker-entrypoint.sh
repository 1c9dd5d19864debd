#!/bin/sh
set -e
# As the official one: options are for envoy, and root becomes the user "envoy".
if [ "${1#-}" != "$1" ]; then
  set -- envoy "$@"
fi
if [ "$(id -u)" = 0 ] && [ "${ENVOY_UID:-}" != 0 ]; then
  exec su -s /bin/sh envoy -c 'exec "$@"' sh "$@"
fi
exec "$@"
