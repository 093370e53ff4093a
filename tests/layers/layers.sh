#!/bin/sh
# The house rules that a compiler does not know: what each floor may use, what it may include, and
# what the shared library shows to the world.
#
#   layers.sh SOURCE_DIR OBJECT_LISTS NM SIZE SHARED_LIBRARY
#
# OBJECT_LISTS is a directory with one file a floor, which names its object files.
set -u
src=$1 lists=$2 nm=$3 size=$4 shared=$5
. "$src/tests/support/report.sh"
LC_ALL=C
export LC_ALL
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

missing=$(cat "$lists"/* | xargs ls 2>&1 >/dev/null)
check "everything is built" "$missing"
[ -z "$missing" ] || exit 1

floors="crypto record x509 handshake engine api"
core="crypto record x509 handshake engine"

# What each floor may use besides itself.
below() {
    case $1 in
    crypto) ;;
    record | x509) echo crypto ;;
    handshake) echo crypto record x509 ;;
    engine) echo crypto record x509 handshake ;;
    api | cli) echo crypto record x509 handshake engine ;;
    esac
}

objects() {
    cat "$lists/$1" 2>/dev/null
}

# symbols FLOOR defined|undefined
symbols() {
    if [ "$2" = defined ]; then
        objects "$1" | xargs -r "$nm" --defined-only --extern-only -P
    else
        objects "$1" | xargs -r "$nm" --undefined-only -P
    fi | awk 'NF >= 2 { print $1 }' | sort -u
}

# The sources of a floor.
sources() {
    case $1 in
    engine) find "$src/api" -maxdepth 1 -name 'engine*.[ch]' -o -maxdepth 1 -name 'profile*.[ch]' -o \
        -maxdepth 1 -name cub_engine.h ;;
    api) find "$src/api" -maxdepth 1 -name '*.[ch]' ! -name 'engine*' ! -name 'profile*' ! -name cub_engine.h ;;
    cli) find "$src/api/cli" -name '*.[ch]' ;;
    *) find "$src/$1" -name '*.[ch]' ;;
    esac 2>/dev/null | sort
}

for floor in $floors; do
    symbols "$floor" defined >"$tmp/$floor.defined"
    symbols "$floor" undefined >"$tmp/$floor.undefined"
done

# What compilers call or refer to by themselves (bcmp is clang's for memcmp), and the five functions
# that every platform has.
compiler='^(memcpy|memmove|memset|memcmp|bcmp|strlen|_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__cpu_model|__cpu_indicator_init|__(u?div|u?mod|mul)ti3)$'

for floor in $core; do
    [ -s "$lists/$floor" ] || continue
    for lower in $floor $(below "$floor"); do
        cat "$tmp/$lower.defined"
    done | sort -u >"$tmp/allowed"
    comm -23 "$tmp/$floor.undefined" "$tmp/allowed" | grep -Ev "$compiler" >"$tmp/others"
    if [ "$floor" = crypto ]; then
        check "crypto uses of BearSSL only its primitives" \
            "$(grep -E '^br_(ssl|x509|pem|skey|pkey|tls)' "$tmp/others")"
        sed -i '/^br_/d' "$tmp/others"
    fi
    check "$floor uses only itself, $(below "$floor" | tr ' ' ',') and mem*, strlen" "$(cat "$tmp/others")"
    check "$floor has no writable data" "$(objects "$floor" | xargs "$size" -A |
        awk '$1 ~ /^\.(data|bss|tdata|tbss)(\.|$)/ && $1 !~ /^\.data\.rel\.ro/ && $2 > 0 { print f, $1, $2 }
             / :$/ { f = $1 }')"
done
if [ -s "$lists/api" ]; then
    check "api uses no BearSSL" "$(grep '^br_' "$tmp/api.undefined")"
fi

for floor in record x509 handshake engine api; do
    check "$floor does not include BearSSL" "$(sources "$floor" | xargs -r grep -nE 'include.*bearssl')"
done

# Headers carry inline functions, so includes point downwards too.
for floor in $floors; do
    allowed=$floor
    for lower in $(below "$floor"); do
        allowed="$allowed|$lower"
    done
    allowed=$(echo "$allowed" | sed 's/engine/api/')
    check "$floor includes only what lies below it" \
        "$(sources "$floor" | xargs -r grep -nE '^ *# *include +"' | grep -vE "include +\"($allowed)/")"
done
for floor in $core; do
    check "$floor includes only freestanding headers and string.h" "$(sources "$floor" |
        xargs -r grep -nE '^ *# *include +<' |
        grep -vE '<(float|limits|stdalign|stdarg|stdbool|stddef|stdint|stdnoreturn|string|bearssl)\.h>')"
done

# No #if in the core: features are chosen by what is linked. Include guards aside, the exceptions
# are the lines of tests/layers/conditions, each "file: directive".
for floor in $core; do
    check "$floor has no conditional compilation" "$(sources "$floor" | xargs -r awk -v root="$src/" '
        FNR == 1 { guard = 0 }
        /^[ \t]*#[ \t]*(if|elif|else)/ {
            file = substr(FILENAME, length(root) + 1)
            if ($0 ~ /^#ifndef CUB_[A-Z0-9_]+_H$/ && !guard++)
                next
            sub(/[ \t]+$/, "")
            print file ": " $0
        }' | sort -u | grep -vxFf "$src/tests/layers/conditions")"
done

# Bounds that keep the code readable.
# The public header is read by looking up, and is one by design.
check "no file of more than 800 lines, nor the public header of 1200" "$(
    for floor in $floors cli; do sources "$floor"; done |
        xargs -r awk 'FNR == (FILENAME ~ /\/cubtls\.h$/ ? 1201 : 801) { print FILENAME }')"
check "no function of more than 100 lines" "$(for floor in $floors; do sources "$floor"; done |
    xargs -r awk '
        FNR == 1 { start = 0 }
        /^[A-Za-z_].*\(/ && !/;[ \t]*$/ { start = FNR; name = $0 }
        /^}/ { if (start && FNR - start >= 100) print FILENAME ":" start ": " name; start = 0 }')"

# Names declared in the public headers: those with our prefix before "(", "[" or ";".
declared() {
    for header in cubtls.h cub_engine.h; do
        [ -f "$src/api/$header" ] && cat "$src/api/$header"
    done | sed 's|//.*||; s/^ *#.*//; s/^extern "C" {//' | awk '
        # Comments: from here to there, over lines.
        {
            line = $0
            for (;;) {
                if (inside) {
                    if (!(i = index(line, "*/"))) { line = ""; break }
                    line = substr(line, i + 2)
                    inside = 0
                }
                if (!(i = index(line, "/*"))) break
                printf "%s ", substr(line, 1, i - 1)
                line = substr(line, i + 2)
                inside = 1
            }
            print line
        }' | awk '
        { text = text " " $0 }
        END {
            depth = 0
            n = length(text)
            for (i = 1; i <= n; i++) {
                c = substr(text, i, 1)
                if (c == "{") depth++
                if (depth == 0) out = out c
                if (c == "}" && depth > 0 && --depth == 0) out = out " "
                else if (c == "}" && depth == 0) out = "" # of extern "C"
                if (c == ";" && depth == 0) { print out; out = "" }
            }
        }' | grep -vE '^ *(typedef|static)|^ *(struct|enum|union) +[A-Za-z0-9_]+ *;' |
        sed -E 's/__attribute__ *\(\([^;]*\)\)//g; s/^([^(]*)\(.*/\1/; s/\[.*//; s/;//' |
        grep -oE 'cub_[A-Za-z0-9_]+ *$' | tr -d ' ' | sort -u
}

if [ -f "$src/api/cubtls.h" ]; then
    declared >"$tmp/declared"
    "$nm" -D --defined-only -P "$shared" | awk '$2 != "A" { print $1 }' | sed 's/@.*//' | sort -u >"$tmp/exported"
    check "the public headers declare something" "$([ -s "$tmp/declared" ] || echo "found nothing to parse")"
    check "the shared library exports what the public headers declare" \
        "$(comm -23 "$tmp/declared" "$tmp/exported" |
            sed 's/$/: declared, not exported (not defined, or outside of the visibility pragma)/')"
    check "the shared library exports nothing else" "$(comm -13 "$tmp/declared" "$tmp/exported")"
else
    skip "exports of the shared library" "api/cubtls.h does not exist"
fi

# The tool shows what the public API can do, so it has nothing else; but what makes certificates and
# measures primitives, the files *primitives.c, takes those from crypto/, and what takes certificates
# apart for firmware, anchors.c, has x509/ for that.
if [ -s "$lists/cli" ]; then
    symbols cli defined >"$tmp/cli.defined"
    symbols vectors defined >"$tmp/vectors.defined"
    sort -u "$tmp/cli.defined" "$tmp/vectors.defined" "$tmp/declared" >"$tmp/allowed"
    objects cli | grep -v -e 'primitives\.c\.o$' -e 'anchors\.c\.o$' | xargs -r "$nm" --undefined-only -P |
        awk 'NF >= 2 { print $1 }' | sort -u >"$tmp/cli.undefined"
    check "the tool uses the public API alone" \
        "$(comm -23 "$tmp/cli.undefined" "$tmp/allowed" | grep -E '^(cub|br)_')"
    sort -u "$tmp/allowed" "$tmp/crypto.defined" "$tmp/x509.defined" >"$tmp/with.crypto"
    check "the tool's primitives are those of crypto/ and x509/" \
        "$(symbols cli undefined | comm -23 - "$tmp/with.crypto" | grep -E '^(cub|br)_')"
fi
finish
