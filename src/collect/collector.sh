#!/bin/sh
# Jixian collector. Reads what the plan below lists and prints it framed; writes nothing, installs nothing, asks nothing.
# Everything is in functions and the last line starts it: a copy that was cut short does nothing at all.

# Prints the line that begins a record.
jx_say() {
    jx_records=$((jx_records + 1))
    jx_mark "$@"
}

# The same without counting it: for what pipelines say, whose counting would be lost.
jx_mark() {
    case ${KSH_VERSION-} in
        '') printf '\n--%s %s\n' "$jx_nonce" "$*" ;;
        # Not every ksh has its own printf, and the nonce is nothing for the arguments of a program.
        *) print -r -- "$jx_newline--$jx_nonce $*" ;;
    esac
}

# Whether a thing was not met yet; it is from now on.
jx_new() {
    case $jx_seen in
        *"$jx_newline$1$jx_newline"*) return 1 ;;
    esac
    jx_seen=$jx_seen$1$jx_newline
}

# The owner and mode of a path are asked for, or why there is none.
jx_ask() {
    jx_asked="$jx_asked$1$jx_newline"
    jx_asked_count=$((jx_asked_count + 1))
    [ "$jx_asked_count" -lt 200 ] || jx_tell
}

# Prints what was asked for.
jx_tell() {
    [ "$jx_asked_count" -gt 0 ] || return 0
    jx_say L
    set -f
    jx_fields=$IFS
    IFS=$jx_newline
    # shellcheck disable=SC2086
    ls -ldn $jx_asked 2>&1
    IFS=$jx_fields
    set +f
    jx_asked=
    jx_asked_count=0
}

# A path without links into jx_real; each link on the way is asked for. False where there are too many or a name has a line end.
jx_resolve() {
    case $1 in
        *"$jx_newline"*) jx_say U line-end; return 1 ;;
    esac
    jx_rest=${1#/}
    jx_real=
    jx_hops=0
    while [ -n "$jx_rest" ]; do
        case $jx_rest in
            */*) jx_name=${jx_rest%%/*}; jx_rest=${jx_rest#*/} ;;
            *) jx_name=$jx_rest; jx_rest= ;;
        esac
        case $jx_name in
            '' | .) continue ;;
            ..) jx_real=${jx_real%/*}; continue ;;
        esac
        jx_real=$jx_real/$jx_name
        [ -L "$jx_real" ] || continue
        jx_hops=$((jx_hops + 1))
        if [ "$jx_hops" -gt 40 ]; then
            jx_say U links
            return 1
        fi
        jx_follow || return 1
    done
    return 0
}

# Goes on with the target of the link at jx_real.
jx_follow() {
    case $jx_links in
        *"$jx_newline$jx_real -> "*)
            jx_target=${jx_links#*"$jx_newline$jx_real -> "}
            jx_target=${jx_target%%"$jx_newline"*}
            ;;
        *)
            jx_capture ls -ldn "$jx_real"
            jx_target=${jx_line#*"$jx_real -> "}
            case $jx_target in
                '' | "$jx_line" | *"$jx_newline"*) jx_say U link; return 1 ;;
            esac
            # Links to directories are met again and again, and few.
            [ -z "$jx_rest" ] || jx_links="$jx_links$jx_real -> $jx_target$jx_newline"
            jx_ask "$jx_real"
            ;;
    esac
    case $jx_target in
        /*) jx_real= ;;
        *) jx_real=${jx_real%/*} ;;
    esac
    jx_rest=$jx_target/$jx_rest
}

# The line that a command prints, into jx_line; nothing where it prints more than one. ksh93 keeps what $( ) takes in a file.
jx_capture() {
    if [ -n "$jx_joined" ]; then
        "$@" 2>/dev/null | { IFS= read -r jx_line || jx_line=; IFS= read -r jx_more && jx_line=; }
    else
        jx_line=$("$@" 2>/dev/null)
    fi
}

# Kind, owner and mode of what is at a path.
jx_look() {
    jx_resolve "$1" || return 0
    jx_ask "${jx_real:-/}"
}

# The names in a directory, with what each is.
jx_list() {
    jx_resolve "$1" || return 0
    jx_ask "${jx_real:-/}"
    [ -d "$jx_real/" ] || return 0
    jx_new "D $jx_real" || return 0
    if [ ! -r "$jx_real/" ] || [ ! -x "$jx_real/" ]; then
        jx_say X denied "${jx_real:-/}"
        return 0
    fi
    jx_say D "${jx_real:-/}"
    { ls -lan "$jx_real/" 2>/dev/null; jx_mark E "$?"; } | head -c "$jx_most"
}

# The content of a regular file.
jx_file() {
    jx_resolve "$1" || return 0
    jx_ask "$jx_real"
    [ -f "$jx_real" ] || return 0
    jx_new "F $jx_real" || return 0
    jx_files=$((jx_files + 1))
    if [ "$jx_files" -gt "$jx_files_most" ]; then
        jx_say X not-collected "$jx_real"
    elif [ ! -r "$jx_real" ]; then
        jx_say X denied "$jx_real"
    else
        jx_say F "$jx_real"
        head -c "$jx_most" "$jx_real" 2>/dev/null
        jx_mark E "$?"
    fi
}

# The output of a command and its exit status.
jx_run() {
    jx_say C "$1"
    { jx_timed sh -c "$2" </dev/null 2>/dev/null; jx_mark E "$?"; } | head -c "$jx_most"
}

# A query of PostgreSQL. Where Debian's packages keep several clusters and its psql is the one that knows them (pg_wrapper(1)), each is
# asked; else the one that psql reaches by default.
jx_postgresql() {
    jx_clusters
    for jx_cluster in /etc/postgresql/*/*/postgresql.conf; do
        [ "$jx_count" -gt 1 ] && [ -f "$jx_cluster" ] || continue
        jx_cluster=${jx_cluster#/etc/postgresql/}
        jx_cluster=${jx_cluster%/postgresql.conf}
        case $jx_cluster in
            *[!A-Za-z0-9._/-]*) jx_say U name; continue ;;
        esac
        jx_run "postgresql@${jx_cluster%%/*}-${jx_cluster#*/}.$1" "PGCLUSTER=$jx_cluster; export PGCLUSTER; $2"
    done
    [ "$jx_count" -gt 1 ] || jx_run "postgresql.$1" "$2"
}

# How many clusters can be told apart, into jx_count.
jx_clusters() {
    jx_count=0
    jx_resolve /usr/bin/psql && [ "$jx_real" = /usr/share/postgresql-common/pg_wrapper ] || return 0
    for jx_cluster in /etc/postgresql/*/*/postgresql.conf; do
        [ ! -f "$jx_cluster" ] || jx_count=$((jx_count + 1))
    done
}

# Runs a command for a limited time.
jx_timed() {
    case $jx_timeout in
        1) timeout -k 2 "$jx_seconds" "$@" ;;
        2) timeout "$jx_seconds" "$@" ;;
        *) jx_watched "$@" ;;
    esac
}

# The same where there is no timeout(1): what a command leaves behind then ends with the connection.
jx_watched() {
    (exec "$@") &
    jx_child=$!
    (
        exec >/dev/null 2>&1
        sleep "$jx_seconds" &
        jx_sleep=$!
        trap 'kill "$jx_sleep"; exit 0' TERM
        wait "$jx_sleep"
        kill -9 "$jx_child"
    ) &
    jx_watch=$!
    wait "$jx_child"
    jx_status=$?
    kill "$jx_watch" 2>/dev/null
    return "$jx_status"
}

# Sets what the rest rests on.
jx_begin() {
    unset ENV BASH_ENV CDPATH GLOBIGNORE POSIXLY_CORRECT LS_COLORS LS_BLOCK_SIZE BLOCK_SIZE TIME_STYLE QUOTING_STYLE
    LC_ALL=C
    TZ=UTC0
    PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin
    export LC_ALL TZ PATH
    umask 077
    cd /
    set +f
    jx_newline='
'
    IFS=' 	
'
    jx_most=@ITEM_BYTES@
    jx_files_most=@FILES@
    jx_seconds=@SECONDS@
    jx_records=0
    jx_files=0
    jx_asked=
    jx_asked_count=0
    jx_seen=$jx_newline
    jx_links=$jx_newline
    # Whether the last part of a pipeline is this shell itself.
    jx_joined=
    echo 1 | read -r jx_joined || :
    jx_timeout=0
    if timeout -k 1 5 true 2>/dev/null; then
        jx_timeout=1
    elif timeout 5 true 2>/dev/null; then
        jx_timeout=2
    fi
}

# The nonce of a copy that was installed: the first line that the client sends, or else one of its own.
jx_own_nonce() {
    if [ ! -t 0 ]; then
        IFS= read -r jx_nonce || jx_nonce=
        case $jx_nonce in
            '# jixian '*) jx_nonce=${jx_nonce#'# jixian '} ;;
            *) jx_nonce= ;;
        esac
        cat >/dev/null
    fi
    case $jx_nonce in
        *[!0-9a-f]*) jx_nonce= ;;
    esac
    if [ "${#jx_nonce}" != 32 ]; then
        jx_capture od -An -N16 -tx1 /dev/urandom
        jx_nonce=
        for jx_byte in $jx_line; do
            jx_nonce=$jx_nonce$jx_byte
        done
    fi
    [ "${#jx_nonce}" = 32 ]
}

# Everything, in one stream.
jx_all() {
    jx_say B @VERSION@
    printf 'platform=%s\nscript=%s\n' '@PLATFORM@' '@DIGEST@'
    printf 'user=' && id -u
    printf 'kernel=' && uname -sr
    printf 'node=' && uname -n
    printf 'at=' && date +%Y-%m-%dT%H:%M:%SZ
    jx_plan
    jx_tell
    jx_say Z "$jx_records"
}

jx_main() {
    [ "$2" = end ] || exit 64
    jx_begin
    jx_nonce=$1
    [ -n "$jx_nonce" ] || jx_own_nonce || exit 65
    exec </dev/null
    jx_all | head -c @ALL_BYTES@
}

# What is read, and nothing else.
jx_plan() {
@PLAN@
}

