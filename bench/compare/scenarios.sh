# shellcheck shell=bash disable=SC2034,SC2154  # compare.sh reads what is set here, and sets what is read
# The scenarios: who connects, who talks, how long. A group is what --only names.

every_group=(A B M B25 C D E F)

# The scenarios of group $1.
scenarios_of() {
    case $1 in
        A) echo A A8 A1 ;;
        B) echo B B8 B1 ;;
        M) echo M10 M100 M1000 M10000 ;;
        B25 | C) echo "$1" ;;
        D) echo D Dbusy D2 ;;
        E) echo E Emax ;;
        F) echo F0 F10 F500 ;;
        *) return 1 ;;
    esac
}

# Sets what there is to know of scenario $1: its title, the load tool's flags, the kind of its table, the servers it leaves out,
# the cores of the server and about how many seconds a run takes.
scenario() {
    local ten_talk="--senders 10 --rate 0 --size 64 --warmup 3" many_rooms="--rate 0 --size 64 --warmup 3 --setup-timeout 150"
    kind=cost rooms=no leaves_out='' cores=$SERVER_CORE seconds=9
    case $1 in
        A | A8 | A1)
            local window=${1#A}
            title="A: 10 members, 1 sender at full speed, window ${window:-64}"
            flags="--receivers 10 --senders 1 --rate 0 --size 64 --warmup 3 --duration 4 --window ${window:-64}"
            ;;
        B)
            title='B: 1 000 members, 10 senders at full speed, window 64'
            flags="--receivers 1000 $ten_talk --duration $long"
            seconds=$((5 + long))
            ;;
        B8 | B1)
            title="B: 1 000 members, 10 senders at full speed, window ${1#B}"
            flags="--receivers 1000 $ten_talk --duration 4 --window ${1#B}"
            ;;
        M*)
            title="B with ${1#M} members, 10 senders at full speed, window 64"
            flags="--receivers ${1#M} $ten_talk --duration 4 --setup-timeout 90"
            [ "$1" != M10000 ] || seconds=20
            ;;
        B25)
            title='B at a pace: 1 000 members, 10 senders, a quarter of the lines Chat can deliver'
            flags="--receivers 1000 --senders 10 --rate $rate --size 64 --warmup 2 --duration 8"
            kind=latency seconds=14
            ;;
        C)
            title='C: 100 members, 1 sender, 100 lines a second'
            flags='--receivers 100 --senders 1 --rate 100 --size 64 --warmup 2 --duration 10'
            kind=latency seconds=13
            ;;
        D)
            title='D: 1 000 rooms of 10 members, in 100 of them one talks at full speed'
            flags="--receivers 10000 --senders 100 --rooms 1000 $many_rooms --duration $long"
            rooms=yes seconds=$((12 + long))
            ;;
        Dbusy)
            title='D without the silent rooms: 100 rooms of 10 members, in each one talks at full speed'
            flags="--receivers 1000 --senders 100 --rooms 100 $many_rooms --duration 5"
            rooms=yes seconds=11
            ;;
        D2)
            title='D on two cores, which the load tool shares'
            flags="--receivers 10000 --senders 100 --rooms 1000 $many_rooms --duration $long"
            rooms=yes leaves_out='chat-hooks before-hooks reference naive signalr ngircd inspircd nats' cores=$SERVER_CORE,$LOAD_CORE seconds=$((12 + long))
            ;;
        E | Emax)
            local members=10000
            title='E: 10 000 members, 1 line a second'
            [ "$1" = E ] || members=$most_members title="E: $most_members members, as many as the open files allow, 1 line a second"
            flags="--receivers $members --senders 1 --rate 1 --lines 5 --duration 8 --size 64 --settle 1500 --setup-timeout 150"
            kind=idle seconds=25
            [ "$1" = E ] || leaves_out='chat-hooks before-hooks naive asyncio uvloop signalr ngircd inspircd nats'
            ;;
        F0 | F10 | F500)
            title="F: 1 000 members, ${1#F} of them never read, 10 senders, 200 lines of 400 bytes a second"
            flags="--receivers 1000 --senders 10 --stalled ${1#F} --rate 200 --size 400 --warmup 2 --duration 25"
            kind=stalled leaves_out='chat-hooks before-hooks' seconds=33
            ;;
        *) return 1 ;;
    esac
}

# Whether server $1 takes part in scenario $2. Both are asked for what is known of them.
takes_part() {
    server "$1"
    scenario "$2"
    [[ " $leaves_out " != *" $1 "* ]] && { [ $rooms = no ] || [ "$has_rooms" = yes ]; }
}
