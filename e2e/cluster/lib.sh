# What the scripts of the cluster share; sourced, not run.

# Where built binaries and images are kept from one run to the next.
cache=${PILLION_E2E_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pillion-e2e}

say() { printf '%(%H:%M:%S)T  %s\n' -1 "$*" >&2; }

fail() {
    echo "e2e: $*" >&2
    exit 1
}

# The newest first.
known_versions() {
    local directory
    for directory in "$(dirname "${BASH_SOURCE[0]}")"/kubernetes-*/; do
        directory=${directory%/}
        echo "${directory##*/kubernetes-}"
    done | sort --version-sort --reverse | paste --serial --delimiters=' '
}
