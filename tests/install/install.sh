#!/bin/sh
# The library as others find it: installed into an empty directory, its headers by themselves, and the
# programs of README.md built against it by CMake and by pkg-config, shared and static.
#
#   install.sh SOURCE_DIR BUILD_DIR
set -u
src=$1 build=$2
. "$src/tests/support/report.sh"
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 1
: "${CC:=cc}"

# silent NAME COMMAND...: passes if the command succeeds and says nothing.
silent() {
    name=$1
    shift
    "$@" >"$tmp/log" 2>&1 || echo "status $?: $*" >>"$tmp/log"
    check "$name" "$(cat "$tmp/log")"
}

# quiet NAME COMMAND...: passes if the command succeeds; its output is shown if not.
quiet() {
    name=$1
    shift
    if "$@" >"$tmp/log" 2>&1; then pass "$name"; else fail "$name" "$(tail -n 20 "$tmp/log")"; fi
}

quiet "cmake --install" cmake --install "$build" --prefix "$tmp/prefix"
PKG_CONFIG_PATH=$(dirname "$(find "$tmp/prefix" -name cubtls.pc)")
export PKG_CONFIG_PATH
check "man pages" "$(cd prefix/share/man && ls man1/cub.1 man3/cubtls.3 2>&1 >/dev/null)"
libdir=$(dirname "$(find "$tmp/prefix" -name libcubtls.a)")

for header in cubtls.h cub_engine.h; do
    printf '#include <%s>\n#include <%s>\n' $header $header >header.c
    # shellcheck disable=SC2046
    silent "<$header> stands by itself" $CC -std=c11 -Wall -Wextra -pedantic -fsyntax-only \
        $(pkg-config --cflags cubtls) header.c
done
# Both at once, in either order, in C and, where there is a compiler for it, in C++.
printf '#include <cubtls.h>\n#include <cub_engine.h>\n' >both1.c
printf '#include <cub_engine.h>\n#include <cubtls.h>\n' >both2.c
for order in 1 2; do
    # shellcheck disable=SC2046
    silent "both headers in C, order $order" $CC -std=c11 -Wall -Wextra -pedantic -fsyntax-only \
        $(pkg-config --cflags cubtls) both$order.c
    cp both$order.c both$order.cc
    for cxx in g++ clang++; do
        if ! command -v $cxx >/dev/null; then
            skip "both headers in C++, order $order, $cxx" "no $cxx"
            continue
        fi
        # shellcheck disable=SC2046
        silent "both headers in C++, order $order, $cxx" $cxx -std=c++11 -Wall -Wextra -pedantic \
            -fsyntax-only $(pkg-config --cflags cubtls) both$order.cc
    done
done

# The programs of README.md: its C blocks, in order.
mkdir consumer
awk '/^```c$/ { n++; inside = 1; next } /^```/ { inside = 0 } inside { print > ("consumer/readme" n ".c") }' \
    "$src/README.md"
# The port that the README names may be in use here.
port=$((20000 + $$ % 20000))
sed -i "s/8443/$port/" consumer/readme*.c
programs=$(cd consumer && grep -l 'int main' readme*.c | sed 's/\.c$//')
check "README.md has a client and a server" "$([ "$(echo "$programs" | wc -w)" -ge 2 ] || echo "found: $programs")"
cat >consumer/CMakeLists.txt <<END
cmake_minimum_required(VERSION 3.25)
project(consumer C)
find_package(CubTLS 0.1 REQUIRED)
foreach(program $(echo $programs))
    add_executable(\${program} \${program}.c)
    target_link_libraries(\${program} PRIVATE CubTLS::cubtls)
endforeach()
add_executable(core core.c)
target_link_libraries(core PRIVATE CubTLS::cubtls_core)
END
cat >consumer/core.c <<END
#include <cub_engine.h>
int main(void)
{
    return sizeof(struct cub_engine) == 0;
}
END

for kind in shared static; do
    static=OFF
    [ $kind = shared ] || static=ON
    quiet "find_package, $kind: configure" cmake -G Ninja -S consumer -B $kind -DCMAKE_PREFIX_PATH="$tmp/prefix" \
        -DCMAKE_C_COMPILER="$CC" -DCMAKE_C_FLAGS="-Wall -Wextra -Werror" -DCubTLS_USE_STATIC_LIBS=$static
    quiet "find_package, $kind: build" cmake --build $kind
    for program in $programs; do
        needs=$(readelf -d "$kind/$program" | grep -c 'NEEDED.*libcubtls\.so\.0')
        check "$program, $kind: links libcubtls.so only if shared" \
            "$([ "$needs" -eq "$([ $kind = shared ] && echo 1 || echo 0)" ] || echo "NEEDED: $needs")"
    done
done
for program in $programs; do
    # shellcheck disable=SC2046
    silent "pkg-config, shared: $program" $CC -Wall -Wextra -o "$program" consumer/"$program".c \
        $(pkg-config --cflags --libs cubtls)
    # Static of ours alone: the C library stays shared.
    # shellcheck disable=SC2046
    silent "pkg-config, static: $program" $CC -Wall -Wextra -o "$program".static \
        consumer/"$program".c \
        $(pkg-config --static --cflags --libs cubtls | sed 's/-lcubtls/-Wl,-Bstatic & -Wl,-Bdynamic/')
done

# readme1 is the client, readme2 the server; they find their files where they run.
{
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem \
        -subj /CN=ca -days 2 -addext keyUsage=critical,keyCertSign,cRLSign
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key \
        -out server.pem -subj /CN=localhost -days 2 -CA ca.pem -CAkey ca.key \
        -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE
} >log 2>&1 || fail "certificates" "$(cat log)"

# talk NAME SERVER CLIENT: the client gets its answer and the version.
talk() {
    "$2" &
    server=$!
    tries=0
    answer="nobody there"
    while [ "$answer" = "nobody there" ] && [ $tries -lt 100 ]; do
        answer=$(timeout 20 "$3" 2>&1)
        tries=$((tries + 1))
        sleep 0.05
    done
    kill $server
    wait $server 2>/dev/null
    check "$1" "$([ "$answer" = "TLSv1.3, Hello, world" ] || echo "$answer")"
}
talk "client and server of README.md, static" ./readme2.static ./readme1.static
LD_LIBRARY_PATH=$libdir
export LD_LIBRARY_PATH
talk "client and server of README.md, shared" ./readme2 ./readme1
finish
