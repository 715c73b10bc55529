# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Read by every test: TAP in plain sh. T is a scratch folder, removed at the end; the tools are
# taken from $LLM_BIN, else from build/. A test file runs alone by hand: sh tests/t/NAME.t

set -u
TOP=$(cd "$(dirname "$0")/../.." && pwd)
LLM_BIN=${LLM_BIN:-$TOP/build}
PATH=$LLM_BIN:$PATH
export PATH LC_ALL=C TZ=UTC0
unset LLM_CACHE LLM_REJECTS LLM_PRICES LLM_CONFIG LLM_CALIBRATION LLM_MODELS LLM_BASE_URL LLM_SIMD
T=$(mktemp -d) || exit 1
count=0 failed=0 server_pid=''
# shellcheck disable=SC2154 # the trap sets code itself
trap 'code=$?; [ -z "$server_pid" ] || kill "$server_pid" 2> /dev/null; rm -rf "$T"; exit $code' EXIT
trap 'exit 130' INT TERM

pass() { count=$((count + 1)); printf 'ok %d - %s\n' "$count" "$1"; }
fail() { # WHAT [DETAIL...]
	count=$((count + 1)) failed=$((failed + 1))
	printf 'not ok %d - %s\n' "$count" "$1"
	shift
	for detail in "$@"; do printf '%s\n' "$detail" | head -c 2000 | sed 's/^/#   /'; done
}
skip() { # WHAT WHY
	count=$((count + 1))
	printf 'ok %d - %s # SKIP %s\n' "$count" "$1" "$2"
}
eq() { # WHAT GOT WANTED
	if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "got:  $2" "want: $3"; fi
}
# t WHAT STATUS COMMAND...: standard output to $T/out, standard error to $T/err; the status counts
t() {
	t_what=$1 t_want=$2
	shift 2
	t_got=0
	"$@" > "$T/out" 2> "$T/err" || t_got=$?
	if [ "$t_got" = "$t_want" ]; then pass "$t_what"; else fail "$t_what" "status $t_got, not $t_want: $*" "$(head -c 600 "$T/err")"; fi
}
same() { # WHAT FILE FILE
	if cmp "$2" "$3" > "$T/.cmp" 2>&1; then pass "$1"; else fail "$1" "$(diff "$3" "$2" | head -n 20)"; fi
}
has() { # WHAT FILE STRING
	if grep -qF -e "$3" "$2"; then pass "$1"; else fail "$1" "no '$3' in:" "$(head -c 1500 "$2")"; fi
}
lacks() { # WHAT FILE STRING
	if grep -qF -e "$3" "$2"; then fail "$1" "'$3' is in:" "$(grep -F -e "$3" "$2" | head -n 5)"; else pass "$1"; fi
}
holds() { # WHAT COMMAND...: holds where the command succeeds
	holds_what=$1
	shift
	if "$@" > "$T/.holds" 2>&1; then pass "$holds_what"; else fail "$holds_what" "failed: $*" "$(head -c 600 "$T/.holds")"; fi
}
# golden WHAT FILE NAME: the file equals tests/golden/NAME; UPDATE=1 accepts what came
golden() {
	[ -z "${UPDATE:-}" ] || cp "$2" "$TOP/tests/golden/$3"
	same "$1" "$2" "$TOP/tests/golden/$3"
}
# data WHAT: true if outside data is there, else one skipped check that says so
data() {
	[ -n "${LLM_TEST_DATA:-}" ] && [ -d "$LLM_TEST_DATA" ] && return 0
	skip "$1" "LLM_TEST_DATA is not set"
	return 1
}
# provider [ARG...]: starts the provider on loopback (tests/provider.py); sets port; its log is $T/provider.log
provider() {
	: > "$T/provider.port"
	python3 "$TOP/tests/provider.py" --log "$T/provider.log" "$@" > "$T/provider.port" 2> "$T/provider.err" &
	server_pid=$!
	provider_tries=100
	while [ $((provider_tries -= 1)) -gt 0 ]; do
		port=$(head -n 1 "$T/provider.port")
		[ -z "$port" ] || return 0
		sleep .05
	done
	fail 'the provider starts' "$(cat "$T/provider.err")"
	finish
}
# provider_anew [ARG...]: the same, in a twentieth of the time where one of these runs
provider_anew() {
	if [ -z "$server_pid" ]; then
		provider "$@"
	elif ! printf '%s\n' "$@" | curl -sf --data-binary @- "http://127.0.0.1:$port/_anew" -o "$T/.anew"; then
		stop_provider
		provider "$@"
	fi
}
stop_provider() { kill "$server_pid" 2> /dev/null; wait "$server_pid" 2> /dev/null; server_pid=''; }
finish() {
	printf '1..%d\n' "$count"
	[ "$failed" -eq 0 ]
	exit
}
