#!/bin/sh
# SPDX-License-Identifier: MIT
# run beside a bare libcurl loop and aiohttp, against nginx on loopback that answers at once; its memory
# with 1,024 calls in flight; what it adds to a call at 1,000 a second; how near it comes to a limit.
#
# usage: sh scripts/bench.d/run.sh FOLDER-OF-BINARIES      BENCH_CALLS (20000)
#   BENCH_RUN_ROUNDS (3)
#   BENCH_PYTHON: a python3 that has aiohttp
#   BENCH_FIRST: words before each measured command and nginx, such as `chrt -f 1` on a machine that
#   does other work
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1 n=${BENCH_CALLS:-20000} python=${BENCH_PYTHON:-python3} first=${BENCH_FIRST:-}
dir=$(mktemp -d) || exit 3
nginx='' provider=''
trap '[ -z "$nginx" ] || kill "$nginx" 2> /dev/null; [ -z "$provider" ] || kill "$provider" 2> /dev/null; rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
command -v nginx > /dev/null || { echo 'run: nginx is not installed, nothing is measured'; exit 0; }
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
answer='{"id":"chatcmpl-1","object":"chat.completion","created":1790000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"fine","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":1,"total_tokens":101}}'
cat > "$dir/conf" <<E
daemon off; worker_processes 1; pid $dir/pid; error_log /dev/null;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 10000000; client_body_temp_path $dir; proxy_temp_path $dir; fastcgi_temp_path $dir; uwsgi_temp_path $dir; scgi_temp_path $dir;
 server { listen 127.0.0.1:$port backlog=4096; location / { default_type application/json; return 200 '$answer'; } } }
E
# shellcheck disable=SC2086 # words
$first nginx -c "$dir/conf" 2> /dev/null &
nginx=$!
text=$(head -c 420 /dev/zero | tr '\0' x)
awk -v n="$n" -v t="$text" 'BEGIN { for (i = 0; i < n; i++) printf "{\"custom_id\":\"r%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"%d %s\"}],\"max_tokens\":5,\"temperature\":0}}\n", i, i, t }' > "$dir/in"
head -n 1 "$dir/in" | jq -c .body > "$dir/body"
url=http://127.0.0.1:$port/v1
# shellcheck disable=SC2046 # flags are words
"${CC:-cc}" -O2 scripts/bench.d/run.c -o "$dir/bare" $(pkg-config --cflags --libs libcurl) || exit 3
# calls a second, CPU seconds and peak memory of a run
measure() { # N ARG...
	calls=$1
	shift
	# shellcheck disable=SC2086 # words
	python3 - "$calls" $first "$@" <<'P'
import resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, check=True)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.0f a second, %.1f CPU seconds, %d MB" % (int(sys.argv[1]) / (time.monotonic() - begin), u.ru_utime + u.ru_stime, u.ru_maxrss // 1024))
P
}
rounds=${BENCH_RUN_ROUNDS:-3}
echo "run, nginx on loopback, 100 in flight, $n calls:"
while [ $((rounds -= 1)) -ge 0 ]; do
	printf '%-44s %s\n' 'bare libcurl multi loop' "$(measure "$n" "$dir/bare" "$url/chat/completions" "$dir/body" "$n" 100)"
	printf '%-44s %s\n' 'llm-batch run -j 100' "$(measure "$n" "$bin/llm-batch" run --base-url "$url" -j 100 "$dir/in")"
	printf '%-44s %s\n' 'llm-batch run -j 100 --unordered' "$(measure "$n" "$bin/llm-batch" run --base-url "$url" -j 100 --unordered "$dir/in")"
	if "$python" -c 'import aiohttp' 2> /dev/null; then
		printf '%-44s %s\n' aiohttp "$(measure "$n" "$python" scripts/bench.d/run-aiohttp.py "$url/chat/completions" "$dir/in" "$n" 100)"
	else
		printf '%-44s %s\n' aiohttp 'not installed'
	fi
done
printf '%-44s %s\n' '1,024 in flight' "$(measure "$n" "$bin/llm-batch" run --base-url "$url" -j 1024 --unordered "$dir/in")"
head -n 8000 "$dir/in" > "$dir/five"
# shellcheck disable=SC2086 # words
$first "$bin/llm-batch" run --base-url "$url" -j 200 --rpm 60000 --unordered "$dir/five" |
	jq -s 'map(.llm.batch.latency_ms)[2000:]|sort|"p50 \(.[length/2|floor]) ms, p99 \(.[length*0.99|floor]) ms, most \(.[-1]) ms, whole calls, at 1,000 a second, behind the burst of the first second"' -r
# kept WHAT LIMIT OPTION-OF-PROVIDER CALLS WEIGHT OPTION...: how much of a limit was used behind the first second
kept() {
	what=$1 limit=$2 option=$3 calls=$4 weight=$5
	shift 5
	: > "$dir/port"
	# shellcheck disable=SC2086 # words
	$first python3 tests/provider.py --answers ok "$option" "$limit" > "$dir/port" &
	provider=$!
	while [ ! -s "$dir/port" ]; do sleep .05; done
	head -n "$calls" "$dir/in" > "$dir/few"
	began=$(date +%s.%N)
	# shellcheck disable=SC2086 # words
	$first "$bin/llm-batch" run --base-url "http://127.0.0.1:$(cat "$dir/port")/v1" -j 50 --no-times "$@" "$dir/few" > "$dir/out"
	ended=$(date +%s.%N)
	jq -r .llm.batch.attempts "$dir/out" | awk -v w="$weight" -v b="$began" -v now="$ended" -v e="$limit" -v n="$calls" -v what="$what" '{ again += $1 - 1 } END { printf "%s %d: %.1f %% of it behind the first second, %d calls were refused\n", what, e, (n * w - e / 60) * 60 / (now - b) / e * 100, again }'
	kill $provider
	provider=''
}
kept --rpm 600 --limit-rpm 300 1 --rpm 600
kept --rpm 6000 --limit-rpm 1000 1 --rpm 6000
tokens=$(head -n 1 "$dir/in" | "$bin/llm-cost" count --model gpt-4o-mini --format csv | awk -F, 'END { print $3 + 5 }')
kept --tpm 60000 --limit-tpm $((10000 / tokens)) "$tokens" --tpm 60000
