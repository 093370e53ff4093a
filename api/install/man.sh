#!/bin/sh
# The man pages, made from what says it already: the header's comments, and what the tool prints.
#
#   man.sh library VERSION HEADER >cubtls.3
#   man.sh tool VERSION CUB >cub.1
set -u
kind=$1 version=$2 source=$3

# Comments become text, declarations stay as they are; each declaration comes before what the header
# says above it.
library() {
    cat <<END
.TH CUBTLS 3 "" "CubTLS $version" "CubTLS"
.SH NAME
cubtls \\- TLS 1.2 and 1.3, with the API of Python's ssl module
.SH SYNOPSIS
.nf
.B #include <cubtls.h>
.PP
cc \\fIprogram.c\\fP $(printf '$(pkg\\-config \\-\\-cflags \\-\\-libs cubtls)')
.fi
.SH DESCRIPTION
END
    awk '
    function escape(s) {
        gsub(/\\/, "\\e", s)
        gsub(/-/, "\\-", s)
        return s ~ /^[.'"'"']/ ? "\\&" s : s
    }
    # Text of a comment: lines further in are examples, empty ones part paragraphs.
    function say(text,    lines, n, i, verbatim) {
        n = split(text, lines, "\n")
        for (i = 1; i <= n; i++) {
            if ((lines[i] ~ /^    /) != verbatim) {
                verbatim = !verbatim
                print verbatim ? ".PP\n.nf" : ".fi\n.PP"
            }
            if (lines[i] != "")
                print escape(lines[i])
            else if (i < n && !verbatim && lines[i + 1] !~ /^    /)
                print ".PP"
        }
        if (verbatim)
            print ".fi"
    }
    function flush() {
        if (code != "") {
            printf ".PP\n.nf\n%s.fi\n", code
            if (text != "") {
                print ".RS 4"
                say(text)
                print ".RE"
            }
        } else if (text != "" && loose) {
            print ".PP"
            say(text)
        }
        if (code != "" || loose)
            text = ""
        code = ""
        loose = 0
    }
    # One line of a comment without its signs.
    function strip(s) {
        sub(/^\/\* ?/, "", s)
        sub(/^ \*( |$)/, "", s)
        sub(/ *\*\/ *$/, "", s)
        return s
    }
    !header { # the comment at the top
        if (/\*\//) { header = 1; say(top) }
        else if (!/^\/\*/) top = top strip($0) "\n"
        next
    }
    /visibility push/ { inside = 1; next }
    /visibility pop/ { flush(); exit }
    !inside { next }
    /^\/\* ---- / {
        flush()
        sub(/^\/\* -+ /, "")
        sub(/ -+ \*\/$/, "")
        print ".SH " toupper($0)
        next
    }
    comment || /^\/\*/ {
        if (!comment) flush()
        line = strip($0)
        comment = !/\*\//
        if (line != "" || comment) text = text (text == "" ? "" : "\n") line
        if (!comment) sub(/\n+$/, "", text)
        next
    }
    /^$/ && depth == 0 {
        if (code == "") loose = 1
        flush()
        next
    }
    {
        depth += gsub(/\{/, "{") - gsub(/\}/, "}")
        code = code escape($0) "\n"
    }' "$source"
    cat <<END
.SH SEE ALSO
.BR cub (1),
.BR ciphers (1)
END
}

# --help of each command: usage, text, options under headings.
tool() {
    cat <<END
.TH CUB 1 "" "CubTLS $version" "CubTLS"
.SH NAME
cub \\- TLS from the command line
.SH SYNOPSIS
.B cub
.I COMMAND
.RI [ OPTION ...]
.RI [ ARGUMENT ...]
.SH DESCRIPTION
Shows what
.BR cubtls (3)
does: connects, serves, verifies, measures.
Options bear the names of the parameters of Python's ssl module.
.SH COMMANDS
END
    for command in $("$source" --help | awk '/^  [a-z]/ { print $1 }'); do
        echo "%%command $command"
        "$source" "$command" --help
    done | awk '
    function escape(s) {
        gsub(/\\/, "\\e", s)
        gsub(/-/, "\\-", s)
        return s ~ /^[.'"'"']/ ? "\\&" s : s
    }
    /^%%command/ { next }
    /^Usage: / { sub(/^Usage: /, ""); sub(/ +$/, ""); print ".SS \"" escape($0) "\""; next }
    /^ [^ ].*:$/ { sub(/^ /, ""); sub(/:$/, ""); print ".PP\n.I " escape($0); next }
    /^ +-/ { # an option, and its text behind two spaces or one where it is long
        sub(/^ +/, "")
        at = match($0, / +/)
        option = at ? substr($0, 1, at - 1) : $0
        print ".TP\n.B " escape(option)
        if (at) print escape(substr($0, at + RLENGTH))
        next
    }
    /^$/ { print ".PP"; next }
    { sub(/^ +/, ""); print escape($0) }' | awk '
    # No paragraph before a heading, at an end, or twice.
    /^\.PP$/ { held = 1; next }
    held && !/^\.(SS|TP|PP)/ { print ".PP" }
    { held = 0; print }'
    cat <<END
.SH EXIT STATUS
.TP
0
done
.TP
1
TLS or verification failed
.TP
2
wrong usage
.TP
3
network
.PP
Errors are one line on stderr:
.BI "cub: [" LIBRARY ": " REASON "] " text
.SH ENVIRONMENT
.TP
.B SSL_CERT_FILE, SSL_CERT_DIR
certificates that are trusted, in place of the system's
.TP
.B SSLKEYLOGFILE
a file to which the secrets of connections are written
.SH SEE ALSO
.BR cubtls (3)
END
}

$kind
