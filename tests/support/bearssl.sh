# Sourced by scripts that compile BearSSL for other processors.

# fetch_bearssl: sets bearssl to CUB_BEARSSL_SOURCE, or else to what it fetches into $out. Debian's
# sources are named in a list of our own, so that the machine's stay as they are.
fetch_bearssl() {
    bearssl=${CUB_BEARSSL_SOURCE:-}
    [ -z "$bearssl" ] || return 0
    bearssl=$(ls -d "$out"/bearssl-*/ 2>/dev/null | head -n 1)
    bearssl=${bearssl%/}
    [ -z "$bearssl" ] || return 0
    . /etc/os-release 2>/dev/null || return 1
    mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        sed -nE 's/^(deb +|URIs: *)(\[[^]]*\] *)?(https?:[^ ]*debian)\/? *.*/\3/p' | head -n 1)
    mkdir -p "$out/apt/lists/partial"
    echo "deb-src ${mirror:-http://deb.debian.org/debian} ${VERSION_CODENAME:-bookworm} main" >"$out/apt/sources.list"
    apt="apt-get -q -o Dir::Etc::SourceList=$out/apt/sources.list -o Dir::Etc::SourceParts=/dev/null
        -o Dir::State::Lists=$out/apt/lists -o Dir::Cache::srcpkgcache= -o Dir::Cache::pkgcache="
    # shellcheck disable=SC2086
    (cd "$out" && $apt update && $apt source bearssl) >"$out/apt/log" 2>&1
    bearssl=$(ls -d "$out"/bearssl-*/ 2>/dev/null | head -n 1)
    bearssl=${bearssl%/}
    [ -n "$bearssl" ]
}
