#!/bin/sh
# SPDX-License-Identifier: MIT
# run beside a bare libcurl loop and aiohttp, against nginx on loopback that answers at once; its memory
# with 1,024 calls in flight; what it adds to a call at 1,000 a second; how near it comes to a limit.
#
# usage: sh scripts/bench.d/run.sh FOLDER-OF-BINARIES      BENCH_CALLS (20000)
#   BENCH_PYTHON: a python3 that has aiohttp
set -u
cd "$(dirname "$0")/../.." || exit 3
bin=$1 n=${BENCH_CALLS:-20000} python=${BENCH_PYTHON:-python3}
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
nginx -c "$dir/conf" 2> /dev/null &
nginx=$!
text=$(head -c 420 /dev/zero | tr '\0' x)
awk -v n="$n" -v t="$text" 'BEGIN { for (i = 0; i < n; i++) printf "{\"custom_id\":\"r%d\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"%d %s\"}],\"max_tokens\":5,\"temperature\":0}}\n", i, i, t }' > "$dir/in"
head -n 1 "$dir/in" | jq -c .body > "$dir/body"
url=http://127.0.0.1:$port/v1
# shellcheck disable=SC2046 # flags are words
"${CC:-cc}" -O2 scripts/bench.d/run.c -o "$dir/bare" $(pkg-config --cflags --libs libcurl) || exit 3
# calls a second, CPU seconds and peak memory of a run
measure() { # N ARG...
	python3 - "$@" <<'P'
import resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, check=True)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%.0f a second, %.1f CPU seconds, %d MB" % (int(sys.argv[1]) / (time.monotonic() - begin), u.ru_utime + u.ru_stime, u.ru_maxrss // 1024))
P
}
echo "run, nginx on loopback, 100 in flight, $n calls:"
for _ in 1 2 3; do
	printf '%-44s %s a second\n' 'bare libcurl multi loop' "$("$dir/bare" "$url/chat/completions" "$dir/body" "$n" 100)"
	printf '%-44s %s\n' 'llm-batch run -j 100' "$(measure "$n" "$bin/llm-batch" run --base-url "$url" -j 100 "$dir/in")"
	printf '%-44s %s\n' 'llm-batch run -j 100 --unordered' "$(measure "$n" "$bin/llm-batch" run --base-url "$url" -j 100 --unordered "$dir/in")"
	if "$python" -c 'import aiohttp' 2> /dev/null; then
		printf '%-44s %s a second\n' aiohttp "$("$python" scripts/bench.d/run-aiohttp.py "$url/chat/completions" "$dir/in" "$n" 100)"
	else
		printf '%-44s %s\n' aiohttp 'not installed'
	fi
done
printf '%-44s %s\n' '1,024 in flight' "$(measure "$n" "$bin/llm-batch" run --base-url "$url" -j 1024 --unordered "$dir/in")"
head -n 5000 "$dir/in" > "$dir/five"
"$bin/llm-batch" run --base-url "$url" -j 200 --rpm 60000 --unordered "$dir/five" |
	jq -s 'map(.llm.batch.latency_ms)[1000:]|sort|"p50 \(.[length/2|floor]) ms, p99 \(.[length*0.99|floor]) ms, most \(.[-1]) ms, whole calls, at 1,000 a second, after the burst of the first"' -r
for limit in 600 6000; do
	python3 tests/provider.py --answers ok --limit-rpm $limit > "$dir/port" &
	provider=$!
	sleep 1
	calls=$((limit / 6))
	head -n $calls "$dir/in" > "$dir/few"
	began=$(date +%s.%N)
	"$bin/llm-batch" run --base-url "http://127.0.0.1:$(cat "$dir/port")/v1" -j 50 --rpm $limit --no-times "$dir/few" | jq -r .llm.batch.attempts | awk -v b="$began" -v e="$limit" -v n=$calls '{ again += $1 - 1 } END { "date +%s.%N" | getline now; printf "--rpm %d: %.1f %% of it behind the first second, %d calls were refused\n", e, (n - e / 60) * 60 / (now - b) / e * 100, again }'
	kill $provider
	provider=''
done
