# Functions for the scripts in this directory, which source this file.

# The cache for binaries and images.
cache=${PILLION_E2E_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pillion-e2e}

say() { printf '%(%H:%M:%S)T  %s\n' -1 "$*" >&2; }

fail() {
    echo "e2e: $*" >&2
    exit 1
}

# Prints the versions, the newest first.
known_versions() {
    local directory
    for directory in "$(dirname "${BASH_SOURCE[0]}")"/kubernetes-*/; do
        directory=${directory%/}
        echo "${directory##*/kubernetes-}"
    done | sort --version-sort --reverse | paste --serial --delimiters=' '
}
