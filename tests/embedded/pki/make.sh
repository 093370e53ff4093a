#!/bin/sh
# The certificates of tests/embedded, made once: run.sh takes the files as they are, so that every
# run has the same bytes. P-256 throughout, for 100 years.
set -eu
cd "$(dirname "$0")"
rm -f ./*.pem

# certificate NAME ISSUER SUBJECT EXTENSIONS: NAME.pem and NAME.key.pem
certificate() {
    openssl ecparam -name prime256v1 -genkey -noout -out "$1.key.pem"
    openssl req -new -key "$1.key.pem" -subj "$3" -out request.tmp
    printf '%s\n' "$4" >extensions.tmp
    if [ "$1" = "$2" ]; then
        set -- "$1" -signkey "$1.key.pem"
    else
        set -- "$1" -CA "$2.pem" -CAkey "$2.key.pem"
    fi
    name=$1
    shift
    openssl x509 -req -in request.tmp "$@" -set_serial 0x$(openssl rand -hex 8 | sed 's/^./4/') \
        -days 36500 -sha256 -extfile extensions.tmp -out "$name.pem" 2>/dev/null
    rm -f ./*.tmp
}

ca='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash'
leaf='basicConstraints=CA:FALSE
keyUsage=digitalSignature
subjectAltName=DNS:board.example
authorityKeyIdentifier=keyid'
certificate ca ca "/CN=Embedded Test CA" "$ca"
certificate stranger stranger "/CN=Another CA" "$ca"
certificate intermediate ca "/CN=Embedded Test Intermediate" "$ca"
certificate server ca "/CN=board.example" "$leaf"
certificate deep intermediate "/CN=board.example" "$leaf"
rm -f intermediate.key.pem ca.key.pem stranger.key.pem
