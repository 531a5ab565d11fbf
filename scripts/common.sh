# Shared by the scripts: sourced, not run. Works from any directory.
set -euo pipefail
project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc 2>/dev/null || echo 2)

# What was compiled in one clone serves another: the cache looks at paths below the project only.
export CCACHE_BASEDIR=$project CCACHE_NOHASHDIR=1

say() { printf '\n== %s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 2
}

# configure_and_build PRESET [CMAKE_OPTION ...] -- [TARGET ...]
configure_and_build() {
    local preset=$1
    shift
    local options=()
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    [ $# -gt 0 ] && shift
    (cd "$project" && cmake --preset "$preset" ${options[@]+"${options[@]}"} >"$project/build/$preset.configure.log" 2>&1) || {
        cat "$project/build/$preset.configure.log" >&2
        fail "Configuring the build failed; the lines above say what is missing."
    }
    cmake --build "$project/build/$preset" --parallel "$jobs" ${1+--target "$@"}
}
mkdir -p "$project/build"
