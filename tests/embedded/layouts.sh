# Sourced by run.sh: the layouts for Zephyr, ESP-IDF and Arduino, as README.md has them.

# block LANGUAGE NUMBER: the README's code of this language.
block() {
    awk -v fence="\`\`\`$1" -v number="$2" '
        on && /^```/ { exit }
        on { print }
        $0 == fence && ++seen == number { on = 1 }' "$here/README.md"
}

# run_layout NAME BOARD ARCHIVE MESSAGES: links the client with an archive and runs it.
run_layout() {
    check "layout for $1 compiles" "$4"
    archives=$3
    message=$(image "layout" "$2" client "$out/client.c" 2>&1) || fail "layout for $1 links" "$message"
    archives=
    client "$2" layout -tls1_3 $certificate
    succeeded "layout for $1, client and openssl s_server, echo" "$echoed"
}

# cmake_layout NAME BLOCK BOARD: a folder with both sources and a block as its CMakeLists.txt.
cmake_layout() {
    folder=$out/layouts/$1
    rm -rf "$folder"
    mkdir -p "$folder/module"
    ln -s "$src" "$folder/module/cubtls"
    ln -s "$bearssl" "$folder/module/bearssl"
    block cmake "$2" >"$folder/module/CMakeLists.txt"
    cp "$here/layouts.cmake" "$folder/CMakeLists.txt"
    board "$3"
    processor "$board_cpu"
    message=$({ cmake -S "$folder" -B "$folder/build" -DCMAKE_SYSTEM_NAME=Generic -DCMAKE_C_COMPILER="$cross-gcc" \
        -DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY -DCMAKE_C_FLAGS="$common $cpu" &&
        cmake --build "$folder/build" -j "$(nproc)"; } 2>&1) && message=
    run_layout "$1" "$3" "$folder/build/module/libcubtls.a" "$message"
}

# arduino_layout BOARD: the library that the README's commands make, compiled as Arduino does.
arduino_layout() (
    library=$out/layouts/Arduino cubtls=$src
    rm -rf "$library"
    block sh 1 >"$out/arduino.sh"
    . "$out/arduino.sh"
    board "$1"
    processor "$board_cpu"
    find "$library/src" -name '*.c' | sed 's|.*|& &.o|' |
        xargs -P "$(nproc)" -L 1 sh -c "$cross-gcc $common $cpu -std=gnu11 -I$library/src -c -o \"\$1\" \"\$0\"" &&
        find "$library/src" -name '*.o' -exec $cross-ar rcs "$library/libcubtls.a" {} +
)

if ! command -v cmake >/dev/null; then
    skip "layouts for Zephyr and ESP-IDF" "no cmake"
else
    cmake_layout Zephyr 1 mps2-an386
    case " $boards " in *" virt "*) cmake_layout ESP-IDF 2 virt ;; esac
fi
message=$(arduino_layout mps2-an385 2>&1)
run_layout Arduino mps2-an385 "$out/layouts/Arduino/libcubtls.a" "$message"
