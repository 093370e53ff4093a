# Sourced by the scripts that must work on a bare Debian 12: installs what is missing of the given
# packages, through sudo where needed.

# install_packages PACKAGE...: status 1 if some are still missing afterwards.
install_packages() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        echo "Not a Debian system: please have installed what Debian calls: $*"
        return 0
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    echo "installing:" $missing
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "Neither root nor sudo: as root, run: apt-get install" $missing
            return 1
        fi
        as_root="sudo"
        [ -z "${CI:-}" ] || as_root="sudo -n"
    fi
    log=$(mktemp)
    # A list that is not fresh names files that the mirror no longer has.
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update >"$log" 2>&1
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        $missing >>"$log" 2>&1 || tail -n 15 "$log"
    rm -f "$log"
    [ -z "$(missing_packages "$@")" ]
}

# missing_packages PACKAGE...: prints those that are not installed.
missing_packages() {
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
            echo "$package"
    done
}

# unpack_package COMMAND PACKAGE DIRECTORY: for a server that should not start with the machine from
# now on because tests want its program: unpacks the package unless the command is there.
unpack_package() {
    command -v "$1" >/dev/null && return 0
    [ -z "$(find "$3" -name "$1" -perm -u+x 2>/dev/null)" ] || return 0
    mkdir -p "$3" && (cd "$3" && apt-get download "$2" && dpkg-deb -x "$2"_*.deb . && rm "$2"_*.deb) \
        >/dev/null 2>&1
}
