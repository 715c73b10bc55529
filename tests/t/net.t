#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: certificates are verified whatever is wrong with them, proxies of the user are used, a
# redirect is not followed, and the provider of the tests does what the tests believe of it.
. "$(dirname "$0")/../lib.sh"

get=$LLM_BIN/unit/net_http
if [ ! -x "$get" ]; then
	skip 'the network' 'no unit tests are built (make units)'
	finish
fi
unset http_proxy HTTP_PROXY https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE

# a server that says ok to everybody and notes what it heard: python3 server.py LOG [CERT KEY [old]]
cat > "$T/server.py" <<'P'
import socket, ssl, sys, threading
log = open(sys.argv[1], "ab", buffering=0)
context = None
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    if len(sys.argv) > 4:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("ALL:@SECLEVEL=0")
def serve(c):
    try:
        if context:
            c = context.wrap_socket(c, server_side=True)
        heard = b""
        while b"\r\n\r\n" not in heard:
            piece = c.recv(65536)
            if not piece:
                return
            heard += piece
        log.write(heard)
        c.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        c.close()
    except OSError:
        pass
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
while True:
    threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
P
started=''
# start NAME ARG...: sets port; the log is $T/NAME.log
start() {
	start_name=$1
	shift
	: > "$T/$start_name.port"
	python3 "$T/server.py" "$T/$start_name.log" "$@" > "$T/$start_name.port" 2> "$T/$start_name.err" &
	started="$started $!"
	start_tries=100
	while [ $((start_tries -= 1)) -gt 0 ] && [ ! -s "$T/$start_name.port" ]; do sleep .05; done
	port=$(head -n 1 "$T/$start_name.port")
}
# outcome WHAT WANTED [ARG...]
outcome() {
	outcome_what=$1 outcome_want=$2
	shift 2
	"$get" "$@" > "$T/out" 2> "$T/err"
	eq "$outcome_what" "$(cat "$T/out")" "$outcome_want"
	lacks "$outcome_what: no key in the message" "$T/err" canary
}

start plain
outcome 'a plain server' 'answered 200' "http://127.0.0.1:$port/"
has 'gets the key' "$T/plain.log" 'Bearer canary-5c2f'
plain=$port

# --- proxies

outcome 'a host that is not there' 'not sent 0' "http://host.invalid/x"
http_proxy=http://127.0.0.1:$plain && export http_proxy
outcome 'HTTP_PROXY' 'answered 200' "http://host.invalid/through"
has 'the proxy is asked' "$T/plain.log" 'GET http://host.invalid/through'
no_proxy=host.invalid && export no_proxy
outcome 'NO_PROXY' 'not sent 0' "http://host.invalid/x"
unset http_proxy no_proxy
https_proxy=http://127.0.0.1:$plain && export https_proxy
: > "$T/plain.log"
"$get" "https://host.invalid/x" > "$T/out" 2> "$T/err"
has 'HTTPS_PROXY: by CONNECT' "$T/plain.log" 'CONNECT host.invalid:443'
lacks 'the proxy sees no key' "$T/plain.log" canary
for https_proxy in gopher://u:canary@host 'http://u:canary@[host' http://u:canary@host:99999; do
	outcome 'a proxy that is none' 'not sent 0' "https://host.invalid/x"
	has 'is said' "$T/err" 'the address of the proxy'
done
unset https_proxy

# --- redirects

provider --redirect "http://127.0.0.1:$plain/elsewhere"
: > "$T/plain.log"
outcome 'a redirect' 'answered 302' "http://127.0.0.1:$port/v1/batches"
eq 'is not followed' "$(cat "$T/plain.log")" ''
stop_provider

# --- certificates

if ! command -v openssl > "$T/which"; then
	skip 'certificates' 'openssl is not installed'
else
	# certificate NAME SUBJECT-ALT [DAYS]: signed by our own authority
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '/CN=test authority' -days 2 -keyout "$T/ca.key" -out "$T/ca.pem" 2> "$T/err"
	certificate() {
		openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$T/$1.key" -out "$T/$1.csr" 2> "$T/err"
		printf 'subjectAltName=%s\n' "$2" > "$T/$1.ext"
		openssl x509 -req -in "$T/$1.csr" -CA "$T/ca.pem" -CAkey "$T/ca.key" -CAcreateserial -days "${3:-2}" -extfile "$T/$1.ext" -out "$T/$1.pem" 2> "$T/err"
	}
	certificate good IP:127.0.0.1
	certificate other DNS:other.example
	certificate late IP:127.0.0.1 -1
	start good "$T/good.pem" "$T/good.key"
	outcome 'an authority that nobody knows' 'not sent 0' "https://127.0.0.1:$port/"
	eq 'the server hears nothing' "$(cat "$T/good.log")" ''
	outcome 'one that is named' 'answered 200' "https://127.0.0.1:$port/" "$T/ca.pem"
	has 'hears the key' "$T/good.log" 'Bearer canary-5c2f'
	SSL_CERT_FILE=$T/ca.pem && export SSL_CERT_FILE
	outcome 'one that SSL_CERT_FILE names' 'answered 200' "https://127.0.0.1:$port/"
	unset SSL_CERT_FILE
	outcome 'a CA file that is not there' 'not sent 0' "https://127.0.0.1:$port/" "$T/none.pem"
	start other "$T/other.pem" "$T/other.key"
	outcome 'a certificate of another host' 'not sent 0' "https://127.0.0.1:$port/" "$T/ca.pem"
	start late "$T/late.pem" "$T/late.key"
	outcome 'one that has expired' 'not sent 0' "https://127.0.0.1:$port/" "$T/ca.pem"
	start old "$T/good.pem" "$T/good.key" old
	outcome 'an old protocol' 'not sent 0' "https://127.0.0.1:$port/" "$T/ca.pem"
	eq 'none of them heard a key' "$(cat "$T/other.log" "$T/late.log" "$T/old.log")" ''
fi

# --- the provider: what it does by default, and its faults, by their numbers

calls() { # N PATH...: statuses of N calls in a row, to each path; 000 where no answer came
	python3 - "$port" "$@" <<'P'
import http.client, json, sys
got = []
for path in sys.argv[3:] * int(sys.argv[2]):
    c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
    try:
        c.request("POST", path, json.dumps({"model": "m", "max_tokens": 5, "input": "a b", "messages": [{"role": "user", "content": "one two three"}]}), {"content-type": "application/json"})
        r = c.getresponse()
        status = str(r.status)
        json.loads(r.read())
    except (http.client.HTTPException, OSError):
        status = "000"
    got.append(status)
print(" ".join(got))
P
}
rm -f "$T/provider.log"
provider
eq 'the provider answers chat, responses, embeddings, messages, and no other' "$(calls 1 /v1/chat/completions /v1/responses /v1/embeddings /v1/messages /v1/other)" '200 200 200 200 404'
eq 'each call is in its log' "$(jq -r .path "$T/provider.log" | xargs)" '/v1/chat/completions /v1/responses /v1/embeddings /v1/messages /v1/other'
stop_provider
provider --fail-first 2
eq '--fail-first' "$(calls 4 /v1/chat/completions)" '429 429 200 200'
stop_provider
provider --error-rate 50% --status 503
eq '--error-rate' "$(calls 4 /v1/chat/completions)" '200 503 200 503'
stop_provider
provider --drop 3
eq '--drop' "$(calls 4 /v1/chat/completions)" '200 200 000 200'
stop_provider
provider --cut 2
eq '--cut' "$(calls 4 /v1/chat/completions)" '200 000 200 000'
stop_provider
# shellcheck disable=SC2086 # several numbers
kill $started 2> /dev/null
finish
