# shellcheck shell=bash disable=SC2034,SC2154  # compare.sh reads what is set here, and sets what is read
# The servers that take part, one case each: what they are, how to get them, how they are started.

every_server=(chat chat-hooks before before-hooks reference naive asyncio uvloop signalr ngircd inspircd nats)
every_peer=(before before-hooks naive asyncio uvloop signalr ngircd inspircd nats)

# Sets what there is to know of server $1. $2 and $3 are the port and the folder it is to use.
server() {
    local port=${2-0} dir=${3-}
    name=$1 protocol=line has_rooms=yes load_flags=() template='' hint='' present=()
    case $1 in
        chat)
            name='Chat'
            command=("$CHAT_SERVER" --data "$dir" --tcp "127.0.0.1:$port" --no-bundled-plugins)
            version=("$CHAT_SERVER" --version)
            hint='dotnet build src/Chat.Server -c Release'
            ;;
        before)
            server chat "$port" "$dir"
            name='Chat before'
            command[0]=$CHAT_BEFORE
            version=("$CHAT_BEFORE" --version)
            hint='CHAT_BEFORE=PROGRAM, the chat-server of an earlier commit'
            ;;
        *-hooks)
            server "${1%-hooks}" "$port" "$dir"
            name+=', 5 hooks'
            version=()
            ;;
        reference | naive)
            local mode=batched
            [ "$1" = naive ] && mode=naive
            name="reference, $mode"
            command=("$peers_dir/reference/bin/reference" "$mode" "$port")
            version=(cc --version)
            [ "$1" = naive ] && version=()
            hint='make -C bench/peers/reference; it needs a C compiler (apt-get install gcc make)'
            ;;
        asyncio)
            has_rooms=no
            command=("$PYTHON" "$peers_dir/asyncio/server.py" "$port")
            version=("$PYTHON" --version)
            hint='apt-get install python3'
            ;;
        uvloop)
            server asyncio "$port"
            name='asyncio with uvloop'
            command+=(uvloop)
            present=("$PYTHON" -c 'import uvloop')
            version=("$PYTHON" -c 'import uvloop; print("uvloop", uvloop.__version__)')
            hint='apt-get install python3-uvloop'
            ;;
        signalr)
            name='SignalR'
            protocol=signalr
            command=("$peers_dir/signalr/bin/Release/net10.0/SignalRPeer" "$port")
            version=("$DOTNET" --version)
            hint='dotnet build bench/peers/signalr -c Release'
            ;;
        ngircd)
            # It lets ten people wait to be accepted, and resets who comes on top of that.
            name='ngircd'
            protocol=irc
            load_flags=(--conc 8)
            template=$peers_dir/ngircd/ngircd.conf
            command=(ngircd -n -f "$dir/ngircd.conf")
            version=(ngircd --version)
            hint='apt-get install ngircd'
            ;;
        inspircd)
            # It lets people in once a second, as many as are waiting.
            name='InspIRCd'
            protocol=irc
            load_flags=(--conc 1000)
            template=$peers_dir/inspircd/inspircd.conf
            command=(inspircd --nofork --runasroot --config "$dir/inspircd.conf")
            version=(inspircd --version)
            hint='apt-get install inspircd'
            ;;
        nats)
            name='NATS'
            protocol=nats
            template=$peers_dir/nats/nats.conf
            command=(nats-server -c "$dir/nats.conf")
            version=(nats-server --version)
            hint='apt-get install nats-server'
            ;;
        *) return 1 ;;
    esac
    [ ${#present[@]} -gt 0 ] || present=(command -v "${command[0]}")
}

# Whether somebody listens at port $1. Looked up, not tried: a connection would be part of what is measured.
is_taken() {
    grep -q "$(printf ':%04X 00000000:0000 0A' "$1")" /proc/net/tcp
}

# Starts server $1, pinned to cores $2, and waits until it listens. Sets server_pid; what it prints is in $4/log.
start_server() {
    local id=$1 cores=$2 port=$3 dir=$4
    mkdir -p "$dir/plugins"
    server "$id" "$port" "$dir"
    [[ $id != *-hooks ]] || cp "$compare_dir/five-hooks.csx" "$dir/plugins/"
    [ -z "$template" ] || sed "s|@PORT@|$port|g; s|@DIR@|$dir|g" "$template" >"$dir/${template##*/}"
    taskset -c "$cores" "${command[@]}" >"$dir/log" 2>&1 </dev/null &
    server_pid=$!
    disown "$server_pid"

    local tries=0
    until is_taken "$port"; do
        kill -0 "$server_pid" 2>/dev/null || return 1
        [ $((tries += 1)) -le 300 ] || return 1
        sleep 0.1
    done
    [[ $id != *-hooks ]] || wait_for_hooks "$dir/log"
}

wait_for_hooks() {
    local tries=0
    until [ "$(grep -c 'hook .*five-hooks' "$1")" = 5 ]; do
        [ $((tries += 1)) -le 100 ] || return 1
        sleep 0.1
    done
}

stop_server() {
    [ -n "$server_pid" ] || return 0
    local tries=0
    kill "$server_pid" 2>/dev/null
    while kill -0 "$server_pid" 2>/dev/null; do
        [ $((tries += 1)) -le 50 ] || kill -KILL "$server_pid" 2>/dev/null
        sleep 0.1
    done
    server_pid=''
}
