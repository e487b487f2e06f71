#!/usr/bin/env bash
# Measures the chat server beside its peers. bench/README.md and bench/peers/README.md say more.
set -u
usage() {
    cat <<'END'
usage: bench/compare.sh [--quick] [--only GROUPS] [--peers NAMES] [--rounds N] [--no-build] [--continue DIR]

Starts the chat server and each peer in turn, runs the load tool beside it, and writes
bench/results/DATE-compare.md and, when the group M was measured, a plot of cost per delivery against members.

  --quick          A and B against the reference and asyncio, one round: under two minutes
  --only A,B       only these groups:
                     A    10 members                  C  latency at 100 lines a second
                     B    1 000 members               D  1 000 rooms
                     M    B with 10 to 10 000 members E  10 000 idle members
                     B25  B at a quarter of its speed F  members who never read
  --peers NAMES    only these, of before,before-hooks,naive,asyncio,uvloop,signalr,ngircd,inspircd,nats;
                   the chat server and the batched reference are always there
  --rounds N       how often everything is measured; tables hold medians (3)
  --no-build       measure what is built
  --continue DIR   add to the runs an earlier start has kept in DIR, and report on all of them

Environment: CHAT_BEFORE is the chat-server of an earlier commit, to be measured as a peer. LOAD and CHAT_SERVER are
programs to use instead of the built ones, PYTHON and DOTNET those to run and build with. SERVER_CORE (0) and LOAD_CORE (1) are pinned to; PORT (22000) is the first of 500 ports to listen on.

Exit code: 0, 1 when a line of the chat server was lost, doubled or reordered or it could not be measured, 2 for anything else.
END
}

root=$(cd "$(dirname "$0")/.." && pwd) || exit 2
compare_dir=$root/bench/compare peers_dir=$root/bench/peers
# shellcheck source=compare/servers.sh
. "$compare_dir/servers.sh"
# shellcheck source=compare/scenarios.sh
. "$compare_dir/scenarios.sh"

fail() {
    printf 'compare.sh: %s\n' "$@" >&2
    exit 2
}

PATH=$PATH:/usr/sbin
export PYTHONDONTWRITEBYTECODE=1 DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
CHAT_BEFORE=${CHAT_BEFORE-} SERVER_CORE=${SERVER_CORE:-0} LOAD_CORE=${LOAD_CORE:-1} PORT=${PORT:-22000} DOTNET=${DOTNET:-dotnet}
builds=()
if [ -z "${CHAT_SERVER-}" ]; then
    CHAT_SERVER=$root/src/Chat.Server/bin/Release/net10.0/chat-server
    builds+=("$root/src/Chat.Server")
fi
if [ -z "${LOAD-}" ]; then
    LOAD=$root/bench/Chat.Load/bin/Release/net10.0/chat-load
    builds+=("$root/bench/Chat.Load")
fi
# The one that the packages of Debian, uvloop for example, belong to.
if [ -z "${PYTHON-}" ]; then
    PYTHON=/usr/bin/python3
    [ -x $PYTHON ] || PYTHON=python3
fi

groups=() peers=() rounds='' long=10 build=yes work='' quick=no
listed() { # the words of list $2, which option $1 was given, each checked to be among the others
    local word words
    IFS=, read -ra words <<<"$2"
    for word in "${words[@]}"; do
        [[ " ${*:3} " == *" $word "* ]] || fail "$1 $2: there is no '$word'. Choose from: ${*:3}."
    done
    echo "${words[@]}"
}
while [ $# -gt 0 ]; do
    case $1 in
        --quick) quick=yes ;;
        --no-build) build=no ;;
        --help | -h)
            usage
            exit 0
            ;;
        --only | --peers | --rounds | --continue)
            [ -n "${2-}" ] || fail "$1 needs a value after it. compare.sh --help shows all options."
            case $1 in
                --only) read -ra groups <<<"$(listed "$1" "$2" "${every_group[@]}")" ;;
                --peers) read -ra peers <<<"$(listed "$1" "$2" "${every_peer[@]}")" ;;
                --rounds) rounds=$2 ;;
                --continue) work=$2 ;;
            esac
            # A list that is wrong has been told about already, in a shell of its own.
            if [ "$1" = --only ] && [ ${#groups[@]} -eq 0 ] || [ "$1" = --peers ] && [ ${#peers[@]} -eq 0 ]; then exit 2; fi
            shift
            ;;
        *) fail "There is no option '$1'. compare.sh --help shows all options." ;;
    esac
    shift
done
# What was not chosen.
if [ $quick = yes ]; then
    long=4 rounds=${rounds:-1}
    [ ${#groups[@]} -gt 0 ] || groups=(A B)
    [ ${#peers[@]} -gt 0 ] || peers=(asyncio)
fi
[ ${#groups[@]} -gt 0 ] || groups=("${every_group[@]}")
[ ${#peers[@]} -gt 0 ] || peers=("${every_peer[@]}")
rounds=${rounds:-3}
[[ $rounds =~ ^[1-9][0-9]?$ ]] || fail "--rounds $rounds: give a number from 1 to 99."
[ -z "$work" ] || [ -f "$work/runs.jsonl" ] || fail "$work has no runs.jsonl: --continue needs the folder that an earlier start has named."

if [ ! -r /proc/net/tcp ] || ! command -v taskset >/dev/null; then
    fail 'This runs on Linux only, with taskset (apt-get install util-linux).'
fi
for core in "$SERVER_CORE" "$LOAD_CORE"; do
    taskset -c "$core" true 2>/dev/null || fail "Core $core cannot be used here. SERVER_CORE and LOAD_CORE name two others; they have to differ."
done
[ "$SERVER_CORE" != "$LOAD_CORE" ] || fail 'SERVER_CORE and LOAD_CORE are the same: the load tool would take its time from the server.'
command -v "$PYTHON" >/dev/null || fail "There is no $PYTHON, which the report is made with. Install python3, or set PYTHON."

if [ $build = yes ]; then
    echo 'Building'
    builds+=("$peers_dir/signalr")
    for project in "${builds[@]}"; do
        "$DOTNET" build "$project" -c Release -v q --nologo --disable-build-servers || [ "$project" = "$peers_dir/signalr" ] || fail "$project cannot be built; what the compiler says is above."
    done
    make -s -C "$peers_dir/reference" || fail 'The reference cannot be built, without which no ratio can be given; what the compiler says is above.'
fi
for program in "$LOAD" "$CHAT_SERVER" "$peers_dir/reference/bin/reference"; do
    [ -x "$program" ] || fail "$program is not there. Without --no-build it is built first."
done

servers=()
for id in "${every_server[@]}"; do
    [[ " chat chat-hooks reference ${peers[*]} " == *" $id "* ]] || continue
    server "$id"
    if "${present[@]}" >/dev/null 2>&1; then servers+=("$id"); else echo "$name is left out: it is not here. To have it: $hint"; fi
done

ulimit -n "$(ulimit -Hn)"
most_members=$(($(ulimit -n | sed 's/unlimited/1000000/') - 300))
[ "$most_members" -ge 10000 ] || echo "Scenarios with 10 000 members will fail: a process may have only $(ulimit -n) files open here. Raise it with ulimit -Hn, as root."

server_pid='' load_pid='' rate=0
started=$SECONDS
work=${work:-$(mktemp -d "${TMPDIR:-/tmp}/compare.XXXXXX")} || exit 2
runs=$work/runs.jsonl
touch "$runs"
# shellcheck disable=SC2317 # called by the trap
clean_up() {
    [ -z "$load_pid" ] || kill "$load_pid" 2>/dev/null
    stop_server
}
trap clean_up EXIT
trap 'printf "\nStopped. The runs so far are in %s; --continue %s adds to them.\n" "$work" "$work" >&2; exit 130' INT TERM

# What the report begins with.
facts() {
    echo "date: $(date -u '+%F %H:%M') UTC"
    local changes=''
    [ -z "$(git -C "$root" status --porcelain 2>/dev/null)" ] || changes=', with changes'
    echo "commit: $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo none)$changes"
    echo "machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1e6 }' /proc/meminfo), $(uname -sr)"
    echo "load average when it began: $(cut -d' ' -f1-3 /proc/loadavg)"
    echo "settings: server on core $SERVER_CORE, ${LOAD##*/} on core $LOAD_CORE, a fresh server for each run, at most $(ulimit -n) open files"
    local id
    for id in "${servers[@]}"; do
        server "$id"
        [ ${#version[@]} -eq 0 ] || echo "$name: $("${version[@]}" 2>/dev/null | head -1)"
    done
}

# One run: scenario $1, server $2, round $3. Adds a line to the runs and sets outcome to what it says in short.
measure() {
    local dir=$work/$1-$2-$3 port=$((PORT + (runs_done % 500))) error='' code=0 result=null join=()
    while is_taken "$port"; do port=$((port + 1)); done
    rm -rf "$dir"
    scenario "$1"
    if start_server "$2" "$cores" "$port" "$dir"; then
        [ "$rooms $protocol" = 'yes line' ] && join=(--join-cmd '/join r%d')
        # shellcheck disable=SC2086 # the flags are words
        timeout 400 taskset -c "$LOAD_CORE" "$LOAD" --port "$port" --proto "$protocol" --pid "$server_pid" $flags "${load_flags[@]}" "${join[@]}" --json \
            >"$dir/run.json" 2>"$dir/load.log" </dev/null &
        load_pid=$!
        wait "$load_pid"
        code=$? load_pid=''
        result=$(grep '^{' "$dir/run.json" | tail -1)
        [ -n "$result" ] || result=null error="$(tail -1 "$dir/load.log")" error=${error:-the load tool ended with exit code $code}
    else
        error="the server did not start: $(tail -1 "$dir/log")"
    fi
    stop_server
    error=${error//[[:cntrl:]\"\\]/}
    printf '{"scenario":"%s","title":"%s","kind":"%s","server":"%s","name":"%s","round":%d,"flags":"%s","error":"%s","run":%s}\n' \
        "$1" "$title" "$kind" "$2" "$name" "$3" "$flags" "$error" "$result" >>"$runs"
    if [ -n "$error" ]; then
        outcome="failed: $error"
    else
        outcome=${result##*'"ns_per_delivery":'}
        outcome="${outcome%%,*} ns per delivery"
        rm -rf "$dir"
    fi
}

# Every run as "scenario server round", in the order they are made: servers in turn, so that what happens to the machine happens to all.
plan() {
    local round group id each
    for ((round = 1; round <= rounds; round++)); do
        for group in "${groups[@]}"; do
            for each in $(if [ $quick = yes ]; then echo "$group"; else scenarios_of "$group"; fi); do
                for id in "${servers[@]}"; do
                    if takes_part "$id" "$each"; then echo "$each $id $round $seconds"; fi
                done
            done
        done
    done
}

# Of each start that has added to the runs.
known=$(cat "$work/facts" 2>/dev/null)
{ [ -z "$known" ] || echo "$known"; facts; } | awk '!seen[$0]++' >"$work/facts.new" && mv "$work/facts.new" "$work/facts"
mapfile -t planned < <(plan)
seconds_left=$(printf '%s\n' "${planned[@]}" | awk '{ s += $4 + 1 } END { print s }')
echo "${#planned[@]} runs, about $((seconds_left / 60 + 1)) min. Each of them is kept in $work"
runs_done=0 gave_up=' '
for run in "${planned[@]}"; do
    read -r id_scenario id_server round run_seconds <<<"$run"
    if [ "$id_scenario" = B25 ] && [ "$rate" = 0 ]; then
        rate=$("$PYTHON" "$compare_dir/report.py" rate "$runs")
        if [ -z "$rate" ]; then
            echo 'B of Chat comes first, as B25 is a quarter of it'
            measure B chat 0
            rate=$("$PYTHON" "$compare_dir/report.py" rate "$runs")
        fi
        [ -n "$rate" ] || fail 'B of Chat could not be measured, so its quarter is not known.' "$outcome"
    fi
    server "$id_server"
    scenario "$id_scenario"
    runs_done=$((runs_done + 1)) outcome='left out, as it failed before'
    printf '[%d of %d, %d:%02d, about %d min left] round %d, %s, %s: ' "$runs_done" "${#planned[@]}" $(((SECONDS - started) / 60)) $(((SECONDS - started) % 60)) \
        $(((seconds_left + 59) / 60)) "$round" "$id_scenario" "$name"
    [[ $gave_up == *" $id_scenario/$id_server "* ]] || measure "$id_scenario" "$id_server" "$round"
    [[ $outcome != failed* ]] || gave_up+="$id_scenario/$id_server "
    echo "$outcome"
    seconds_left=$((seconds_left - run_seconds - 1))
done

stem=$root/bench/results/$(date -u +%F)-
mkdir -p "${stem%/*}"
[ $quick = yes ] && report=${stem}compare-quick.md || report=${stem}compare.md
"$PYTHON" "$compare_dir/report.py" tables "$runs" "$work/facts" "$report" "${stem}cost-per-delivery.svg"
