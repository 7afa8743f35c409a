# Functions that packaging/run, packaging/test and their helpers share. Sourced, not called.
# Names of packages: packaging/packages.
# shellcheck shell=bash

project_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$(basename "$0"): $*"
    exit 2
}

# Where downloads and libraries stay that are made once per machine, outside every build folder.
cache_folder() {
    printf '%s\n' "${DASHSTREAM_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/dashstream-build}"
}

# Waits until nobody else on this machine makes the thing called $1, and holds that right until this process ends.
hold_lock() {
    mkdir -p "$(cache_folder)"
    exec 9> "$(cache_folder)/$1.lock"
    flock 9
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        die "needs root to install packages, and there is no sudo. Call it as root, or install this by hand and call it
with --no-install: ${missing[*]}"
    fi
}

require_debian() {
    local ID='' VERSION_ID='' PRETTY_NAME='an unknown system'
    # shellcheck disable=SC1091
    [ -r /etc/os-release ] && . /etc/os-release
    case "$ID:$VERSION_ID" in
        debian:12 | debian:13) ;;
        *) die "this is $PRETTY_NAME; packages can be installed on Debian 12 and 13 only. Elsewhere install what
packaging/packages lists by hand and call again with --no-install." ;;
    esac
}

# packages_of SECTION…: the packages of these sections, one a line.
packages_of() {
    local section
    for section in "$@"; do
        sed -n "/^\[$section\]\$/,/^\[/{/^[a-z0-9]/p}" "$project_root/packaging/packages"
    done
}

# Fills the array `missing` with those of its arguments that are not installed.
find_missing() {
    local installed name
    installed=" $(dpkg-query --show --showformat='${db:Status-Status}:${Package} ' "$@" 2> /dev/null || true)"
    missing=()
    for name in "$@"; do
        case "$installed" in
            *" installed:$name "*) ;;
            *) missing+=("$name") ;;
        esac
    done
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600 install \
        --no-install-recommends "$@" < /dev/null >&2
}

# install_packages SECTION…: installs what is missing of these sections; nothing missing takes no time.
install_packages() {
    local wanted
    mapfile -t wanted < <(packages_of "$@")
    find_missing "${wanted[@]}"
    [ "${#missing[@]}" -gt 0 ] || return 0
    require_debian
    say "Installing ${#missing[@]} of ${#wanted[@]} packages: ${missing[*]}"
    local fresh
    fresh=$(find /var/lib/apt/lists -name '*_Packages*' -mmin -720 2> /dev/null | head -n 1)
    if [ -n "$fresh" ] && apt_install "${missing[@]}"; then
        return 0
    fi
    as_root apt-get -q -o DPkg::Lock::Timeout=600 update < /dev/null >&2 ||
        die "apt-get update failed; check the network and apt's sources, then call again."
    apt_install "${missing[@]}" || die "apt-get could not install: ${missing[*]}. Its own message stands above."
}

# Makes librdkafka available and tells CMake's presets where it is.
provide_librdkafka() {
    DASHSTREAM_LIBRDKAFKA_ROOT=$("$project_root/packaging/librdkafka") || exit 1
    export DASHSTREAM_LIBRDKAFKA_ROOT
}

# build_tree PRESET [CMake argument…] [-- target…]: configures and builds it with as many jobs as there are processors.
build_tree() {
    local preset=$1 arguments=() targets=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        arguments+=("$1")
        shift
    done
    [ $# -gt 0 ] && shift && targets=("$@")
    export CCACHE_BASEDIR=$project_root CCACHE_NOHASHDIR=1
    (cd "$project_root" && cmake --preset "$preset" "${arguments[@]}" --log-level=NOTICE >&2 &&
        cmake --build "build/$preset" --parallel "$(nproc)" ${targets:+--target "${targets[@]}"} >&2)
}
