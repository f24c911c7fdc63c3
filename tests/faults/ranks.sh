#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A training by several ranks of mpirun on this machine: the same bytes again, each rank killed in turn, Ctrl-C,
# other numbers of ranks, ranks that were called otherwise; then over two network namespaces, as two machines.
# usage: tests/faults/ranks.sh [path of paracosm]
# Says why it is skipped where there is no mpirun, or this build has no MPI. Last line `N passed, N failed`.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
command=$(realpath "${1:-$root/build/paracosm}")
[ -x "$command" ] || { echo "no command at $command; build it first: ./run build" >&2; exit 2; }
if ! command -v mpirun >/dev/null; then
    echo "skipped: there is no mpirun (./run packages libopenmpi-dev openmpi-bin)"
    exit 0
fi
if ! mpirun --version | grep -q 'Open MPI'; then
    echo "skipped: this mpirun is not Open MPI's, whose exit codes are claimed here"
    exit 0
fi
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cd "$room" || exit 2
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 # of a container, say
passed=0 failed=0
small="--families roll,balance --envs 18 --horizon 16 --width 32 --threads 1 --checkpoint 1 --schedule-lessons 100000 --maker sfl --refresh 20 --candidates 8"

# claim WHAT COMMAND...: counts
claim() {
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what"
        sed 's/^/  out: /' out 2>/dev/null | tail -3
        sed 's/^/  err: /' err 2>/dev/null | tail -8
    fi
}

# ranks N ARGUMENTS...: a training by N ranks; its exit code is in $code
ranks() {
    local count=$1
    shift
    # shellcheck disable=SC2086
    mpirun --oversubscribe --bind-to none -n "$count" "$command" train $small "$@" >out 2>err </dev/null
    code=$?
}

query() { sqlite3 "file:run/run.db?mode=ro" "$1" 2>&1; }
have_sqlite=0
command -v sqlite3 >/dev/null && have_sqlite=1
whole() { [ "$have_sqlite" = 0 ] || [ "$(query 'PRAGMA integrity_check')" = ok ]; }
count_on() {
    [ "$have_sqlite" = 0 ] ||
        [ "$(query 'SELECT count(*) = count(DISTINCT lesson) AND count(*) = coalesce(max(lesson), -1) + 1 FROM lessons')" = 1 ]
}
newest() { find "$1/checkpoints" -name 'lesson-*.safetensors' 2>/dev/null | sort | tail -1; }
lesson_of() { basename "$1" .safetensors | sed 's/lesson-0*\(.\)/\1/'; }
# The process of rank `$1` of the job whose run folder is `run`.
process_of() {
    local id
    for id in $(pgrep -x "$(basename "$command" | cut -c 1-15)"); do
        if { tr '\0' '\n' <"/proc/$id/environ"; } 2>/dev/null | grep -qx "OMPI_COMM_WORLD_RANK=$1" &&
            [ "$(readlink "/proc/$id/cwd")" = "$room" ]; then
            echo "$id"
            return
        fi
    done
}

ranks 2 --lessons 2 --out probe
if grep -q 'this build has no MPI' err; then
    echo "skipped: this build has no MPI; with libopenmpi-dev installed build it anew"
    claim "a build without MPI says so and writes nothing" [ ! -e probe ]
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
    exit
fi

# ---------------------------------------------------------------- the same again
for count in 2 4; do
    ranks $count --lessons 60 --out "a$count"
    claim "$count ranks train (exit $code)" [ "$code" = 0 ]
    claim "$count ranks: one of them tells" [ "$(grep -c '^a new run' out)" = 1 ]
    ranks $count --lessons 60 --out "b$count" --quiet
    for ending in safetensors state; do
        claim "$count ranks: the same $ending again" cmp -s "a$count/checkpoints/lesson-000059.$ending" "b$count/checkpoints/lesson-000059.$ending"
    done
    "$command" eval "a$count" --levels 2 --episodes 2 --quiet --threads 2 >out 2>err
    claim "$count ranks: the player plays" [ $? = 0 ]
done
# shellcheck disable=SC2086
"$command" train $small --lessons 70 --out a4 --quiet >out 2>err
claim "one process goes on with what four left (exit $?)" grep -q . "$(newest a4)"
claim "and has no word to say of it" test ! -s err

# ---------------------------------------------------------------- each rank killed
for count in 2 4; do
    rm -rf run
    for rank in $(seq 0 $((count - 1))); do
        # shellcheck disable=SC2086
        mpirun --oversubscribe --bind-to none -n $count "$command" train $small --minutes 0 --lessons 0 --out run --json >out 2>err </dev/null &
        job=$!
        before=$(newest run)
        for _ in $(seq 300); do # until it has written one itself
            sleep 0.1
            [ "$(newest run)" != "$before" ] && break
        done
        id=$(process_of "$rank")
        claim "$count ranks: rank $rank is there" [ -n "$id" ]
        [ -n "$id" ] && kill -9 "$id"
        wait $job
        code=$?
        claim "$count ranks, rank $rank killed: mpirun ends with 137 (exit $code)" [ "$code" = 137 ]
        claim "$count ranks, rank $rank killed: nobody is left" [ -z "$(process_of 0)$(process_of 1)" ]
        claim "$count ranks, rank $rank killed: integrity_check" whole
        kept=$(lesson_of "$(newest run)")
        ranks $count --lessons $((kept + 3)) --out run --json
        claim "$count ranks, rank $rank killed: the same command goes on (exit $code)" [ "$code" = 0 ]
        claim "$count ranks, rank $rank killed: from lesson $((kept + 1))" \
            [ "$(sed -n '1s/.*"lesson":\([0-9]*\).*/\1/p' out)" = $((kept + 1)) ]
        claim "$count ranks, rank $rank killed: without a word of damage" [ "$(grep -vc '^$' err)" = 0 ]
        claim "$count ranks, rank $rank killed: lessons without gap or repetition" count_on
    done
    last=$(lesson_of "$(newest run)")
    ranks $count --lessons $((last + 1)) --out unbroken --quiet
    for ending in safetensors state; do
        file=checkpoints/$(basename "$(newest run)" .safetensors).$ending
        claim "$count ranks, after all kills: $ending of lesson $last as in one go" cmp -s "run/$file" "unbroken/$file"
    done
    echo "$count ranks, each killed once: lesson $last, $failed failed so far"
    rm -rf unbroken
done

# ---------------------------------------------------------------- stops
# stopped WHAT SIGNAL AT CODE: a signal stops the job of two
stopped() {
    rm -rf run
    # shellcheck disable=SC2086
    mpirun --oversubscribe --bind-to none -n 2 "$command" train $small --checkpoint 3600 --minutes 0 --lessons 0 --out run >out 2>err </dev/null &
    job=$!
    for _ in $(seq 300); do
        sleep 0.1
        grep -q lesson out && break
    done
    sleep 0.5
    kill "-$2" "$("$3" "$job")"
    wait $job
    code=$?
    claim "$1: it ends ($code)" [ "$code" = "$4" ]
    claim "$1: a checkpoint is written" [ -n "$(newest run)" ]
    claim "$1: says that the work is kept" grep -q '^stopped; everything is kept' out
    claim "$1: integrity_check" whole
    kept=$(lesson_of "$(newest run)")
    ranks 2 --lessons $((kept + 3)) --out run --json
    claim "$1: goes on" [ "$(sed -n '1s/.*"lesson":\([0-9]*\).*/\1/p' out)" = $((kept + 1)) ]
}
itself() { echo "$1"; }
rank_1() { process_of 1; }
stopped "Ctrl-C at mpirun" INT itself 1 # mpirun's own code
stopped "SIGTERM at one rank" TERM rank_1 130

# A rank that answers no more: the others find out themselves.
rm -rf run
# shellcheck disable=SC2086
mpirun --oversubscribe --bind-to none -n 3 "$command" train $small --minutes 0 --lessons 0 --patience 3 --out run >out 2>err </dev/null &
job=$!
for _ in $(seq 300); do
    sleep 0.1
    [ -n "$(newest run)" ] && break
done
kill -STOP "$(rank_1)"
wait $job
code=$?
claim "a rank is stopped: the job ends with 75 (exit $code)" [ "$code" = 75 ]
claim "a rank is stopped: says what to do" grep -q 'one of the 3 ranks is lost.*the same command goes on' err
claim "a rank is stopped: nobody is left" [ -z "$(process_of 0)$(process_of 1)$(process_of 2)" ]
kept=$(lesson_of "$(newest run)")
ranks 3 --lessons $((kept + 3)) --out run --json
claim "a rank is stopped: the same command goes on" [ "$(sed -n '1s/.*"lesson":\([0-9]*\).*/\1/p' out)" = $((kept + 1)) ]

# ---------------------------------------------------------------- refused
refused() { # WHAT TEXT
    claim "$1 is refused (exit $code)" [ "$code" = 1 ]
    claim "$1: says why" grep -q "$2" err
    claim "$1: said once" [ "$(grep -c "$2" err)" = 1 ]
}
# shellcheck disable=SC2086
mpirun --oversubscribe -n 1 "$command" train $small --lessons 5 --out other : -n 1 "$command" train $small --lessons 6 --out other >out 2>err </dev/null
code=$?
refused "ranks with other limits" 'rank 1: it was called with other limits than rank 0'
ranks 2 --model --lessons 5 --out refused
refused "a model beside" 'no model, dream or curiosity'
claim "a refused run leaves no folder" [ ! -e refused ]
ranks 2 --lessons 5 --out refused --families nobody
refused "a family that is not there" 'nobody'

# ---------------------------------------------------------------- two machines
# Two network namespaces, an address each; what starts a process on the other machine is no ssh but a step into it.
spaces="paracosm-a-$$ paracosm-b-$$"
leave_spaces() {
    local space
    for space in $spaces; do ip netns del "$space" 2>/dev/null; done
    rm -rf "$room"
}
make_spaces() {
    local a b
    read -r a b <<<"$spaces"
    ip netns add "$a" && ip netns add "$b" &&
        ip link add pa-$$ type veth peer name pb-$$ && ip link set pa-$$ netns "$a" && ip link set pb-$$ netns "$b" &&
        ip -n "$a" addr add 10.77.0.1/24 dev pa-$$ && ip -n "$b" addr add 10.77.0.2/24 dev pb-$$ &&
        ip -n "$a" link set pa-$$ up && ip -n "$b" link set pb-$$ up && ip -n "$a" link set lo up && ip -n "$b" link set lo up
}
trap leave_spaces EXIT
if ! command -v ip >/dev/null; then
    echo "two machines: skipped, there is no ip (iproute2)"
elif ! make_spaces >space 2>&1; then
    echo "two machines: skipped, network namespaces cannot be made here: $(tail -n 1 space)"
else
    read -r a b <<<"$spaces"
    cat >step_into <<EOF
#!/bin/sh
shift # the machine's name
words="\$*"
export words
exec ip netns exec $b unshare -u sh -c 'hostname other-machine; eval "\$words"'
EOF
    chmod +x step_into
    far() { # ARGUMENTS...: a training by two machines
        # shellcheck disable=SC2086
        ip netns exec "$a" mpirun --mca plm_rsh_agent "$room/step_into" --mca oob_tcp_if_include 10.77.0.0/24 \
            --mca btl tcp,self --mca btl_tcp_if_include 10.77.0.0/24 --host 10.77.0.1:1,10.77.0.2:1 --bind-to none -n 2 \
            "$command" train $small "$@" >out 2>err </dev/null
    }
    far --lessons 60 --out far
    code=$?
    claim "two machines train (exit $code)" [ "$code" = 0 ]
    sent=$(ip -n "$a" -s link show "pa-$$" | awk '/TX:/ { getline; print $1 }')
    claim "two machines: over the network ($sent bytes)" [ "${sent:-0}" -gt 1000000 ]
    for ending in safetensors state; do
        claim "two machines: the same $ending as on one" cmp -s "far/checkpoints/lesson-000059.$ending" "a2/checkpoints/lesson-000059.$ending"
    done
    # The cable is pulled.
    rm -rf run
    far --minutes 0 --lessons 0 --patience 3 --out run &
    job=$!
    for _ in $(seq 300); do
        sleep 0.1
        [ -n "$(newest run)" ] && break
    done
    ip -n "$a" link set "pa-$$" down
    for _ in $(seq 150); do # mpirun itself goes on waiting for the other machine
        sleep 0.1
        [ -z "$(process_of 0)" ] && break
    done
    claim "a cable is pulled: the machine of rank 0 ends" [ -z "$(process_of 0)" ]
    for _ in $(seq 100); do # what it said last comes by mpirun, in its own time
        grep -q 'ranks is lost' err && break
        sleep 0.1
    done
    claim "a cable is pulled: says what to do" grep -q 'one of the 2 ranks is lost.*the same command goes on' err
    for id in $(ip netns pids "$b") $(ip netns pids "$a"); do kill -9 "$id" 2>/dev/null; done
    wait $job 2>/dev/null
    claim "a cable is pulled: integrity_check" whole
    kept=$(lesson_of "$(newest run)")
    ranks 2 --lessons $((kept + 3)) --out run --json
    claim "a cable is pulled: the same command goes on" [ "$(sed -n '1s/.*"lesson":\([0-9]*\).*/\1/p' out)" = $((kept + 1)) ]
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
