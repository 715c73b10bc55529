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
