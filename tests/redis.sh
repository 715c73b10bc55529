# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# Read by the tests that need a Redis server: they start their own, on a socket in $T.

# redis_there WHAT: true if a server can be started, else one skipped check that says why not
redis_there() {
	if ! command -v redis-server > /dev/null || ! command -v redis-cli > /dev/null; then
		skip "$1" 'redis-server is not installed'
	elif llm-cache --version | grep -q 'no hiredis'; then
		skip "$1" 'built without hiredis'
	else
		return 0
	fi
	return 1
}
# redis [ARG...]: starts it; sets redis_socket
redis() {
	redis_socket=$T/redis/sock
	mkdir -p "$T/redis"
	redis-server --port 0 --unixsocket "$redis_socket" --dir "$T/redis" --save '' --databases 500 "$@" > "$T/redis/log" 2>&1 &
	server_pid=$!
	redis_tries=200
	while [ $((redis_tries -= 1)) -gt 0 ]; do
		[ ! -S "$redis_socket" ] || ! redis-cli -s "$redis_socket" PING 2>&1 | grep -qE 'PONG|NOAUTH' || return 0
		sleep .05
	done
	fail 'the server starts' "$(cat "$T/redis/log")"
	finish
}
stop_redis() {
	kill -CONT "$server_pid" 2> /dev/null
	kill -9 "$server_pid" 2> /dev/null
	wait "$server_pid" 2> /dev/null
	server_pid=''
	rm -f "$redis_socket"
}
cli() { redis-cli -s "$redis_socket" "$@"; }

# on_redis NAME...: these tests again, with every store and ledger that they make on a server
on_redis() {
	redis_there 'the tests of a file on Redis' || return 0
	redis --loglevel warning
	real=$(dirname "$(command -v llm-cache)")
	mkdir "$T/bin"
	for tool in llm-route llm-compress; do ln -s "$real/$tool" "$T/bin/$tool"; done
	for tool in llm-cache llm-cost llm-batch; do ln -s "$TOP/tests/redis-tool" "$T/bin/$tool"; done
	for name in "$@"; do
		LLM_TEST_SOCKET=$redis_socket LLM_TEST_REAL=$real LLM_BIN=$T/bin TMPDIR=$T sh "$TOP/tests/t/$name.t" > "$T/inner" 2>&1
		code=$?
		eq "$name.t on Redis" "$code $(grep -A3 '^not ok' "$T/inner")" '0 '
		holds 'was more than a few checks' test "$(grep -c '^ok' "$T/inner")" -ge 20
	done
}
