#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: submit, status, list, wait, fetch and cancel lead a job through its life, and never create
# a second batch for one file, at whatever moment they are killed or an answer is lost.
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary-for-any-host
many() { # COUNT [TEXT] [MODEL]
	seq 1 "$1" | sed "s/.*/{\"custom_id\":\"q&\",\"method\":\"POST\",\"url\":\"\/v1\/chat\/completions\",\"body\":{\"model\":\"${3:-gpt-4o}\",\"messages\":[{\"role\":\"user\",\"content\":\"${2:-say} &\"}]}}/"
}
fresh() { # [OPTION...]: a provider that has seen nothing, and no state
	: > "$T/provider.log"
	rm -rf "$T/state" "$T"/state.* "$T/res"
	provider_anew "$@"
	url=http://127.0.0.1:$port/v1
}
creations() { jq -r 'select(.method=="POST" and .path=="/v1/batches") | .path' "$T/provider.log" | wc -l | xargs; }
uploads() { jq -r 'select(.method=="POST" and .path=="/v1/files") | .path' "$T/provider.log" | wc -l | xargs; }
submit() { # WHAT STATUS ARG...
	submit_what=$1 submit_want=$2
	shift 2
	t "$submit_what" "$submit_want" llm-batch submit --base-url "$url" --state "$T/state" "$@"
}
job() { # WHAT STATUS COMMAND ARG...
	job_what=$1 job_want=$2 job_command=$3
	shift 3
	t "$job_what" "$job_want" llm-batch "$job_command" --state "$T/state" "$@"
}
last() { jq -rs "map(.$1)|map(select(. != null))|last" "$T/state"; }

# a life
many 5 > "$T/part-0001.jsonl"
many 3 ask > "$T/part-0002.jsonl"
fresh --polls 4
submit 'two files' 0 "$T/part-0001.jsonl" "$T/part-0002.jsonl"
eq 'two batches' "$(creations) $(uploads)" '2 2'
holds 'nothing on standard output' test ! -s "$T/out"
eq 'only the owner reads the state' "$(stat -c %a "$T/state")" 600
eq 'no copy is left' "$(find "$T" -name 'state.*' | wc -l | xargs)" 0
eq 'the metadata names file and job' "$(curl -s "$url/batches" | jq -r '.data[-1].metadata|[.llm_batch_file,(.llm_batch_job|test("^[0-9a-f]{32}$"))]|@csv')" \
	"\"$(sha256sum < "$T/part-0001.jsonl" | cut -d' ' -f1)\",true"
submit 'the same files again' 0 "$T/part-0001.jsonl" "$T/part-0002.jsonl"
eq 'are known' "$(creations) $(uploads)" '2 2'
job 'a status' 5 status
eq 'is a line for each job' "$(awk '{ print $1, $2 }' "$T/out")" 'part-0001 in_progress
part-0002 in_progress'
job 'as JSON' 5 status --format json
eq 'has names' "$(jq -c '.[0]|[.name,.status,.requests,.batch,.fetched]' "$T/out")" '["part-0001","in_progress",5,"batch_0001",null]'
job 'fetching too early' 5 fetch -d "$T/res" part-0001
job 'waiting' 0 wait --poll 10ms
job 'done' 0 status
eq 'and told so' "$(awk '{ print $2, $3, $4 }' "$T/out")" 'completed 5 batch_0001
completed 3 batch_0002'
job 'fetching with -n' 0 fetch -n -d "$T/none"
has 'says where to' "$T/err" "part-0002: would fetch to $T/none/part-0002.jsonl"
holds 'and brings nothing' test ! -e "$T/none"
job 'fetching' 0 fetch -d "$T/res"
eq 'a file for each job' "$(find "$T/res" -type f | sed 's/.*\///' | sort | xargs)" 'part-0001.jsonl part-0002.jsonl'
eq 'only the owner reads them' "$(stat -c %a "$T/res/part-0001.jsonl")" 600
cat "$T/part-0001.jsonl" > "$T/req"
t 'joining' 0 llm-batch join --requests "$T/req" "$T/res/part-0001.jsonl"
eq 'every answer' "$(jq -r '.response.body.choices[0].message.content' "$T/out" | head -n 2 | xargs)" 'Answer to: say 1 Answer to: say 2'
before=$(wc -l < "$T/provider.log")
job 'fetching again' 0 fetch -d "$T/res"
eq 'asks for nothing' "$(wc -l < "$T/provider.log")" "$before"
rm "$T/res/part-0002.jsonl"
job 'fetching what was lost' 0 fetch -d "$T/res"
eq 'brings it' "$(wc -l < "$T/res/part-0002.jsonl" | xargs)" 3
job 'the list' 0 list
eq 'has all batches' "$(awk '{ print $1, $2, $4 }' "$T/out")" 'batch_0002 completed part-0002
batch_0001 completed part-0001'
job 'a job that is none' 2 status part-9
submit 'another base URL' 2 --base-url http://127.0.0.1:1/v1 "$T/part-0001.jsonl"
has 'is refused' "$T/err" 'belongs to the base URL'
lacks 'no key in the state' "$T/state" canary

# files that are refused: nothing is uploaded
fresh
refused() { # WHAT WHY
	submit "refuses $1" 4 --rejects "$T/rej" "$T/bad.jsonl"
	has "says why: $1" "$T/err" "$2"
	eq "nothing was uploaded: $1" "$(uploads) $(find "$T" -name 'state.*' | wc -l | xargs)" '0 0'
}
{ many 1; many 1 x gpt-4o-mini | sed 's/q1/p1/'; } > "$T/bad.jsonl"
refused 'mixed models' 'another model than the lines before'
{ many 1; printf '{"custom_id":"e","method":"POST","url":"/v1/embeddings","body":{"model":"gpt-4o","input":"x"}}\n'; } > "$T/bad.jsonl"
refused 'mixed endpoints' 'another endpoint'
{ many 2; many 1; } > "$T/bad.jsonl"
refused 'an id that stands twice' 'an id that an earlier line has'
{ many 2; echo '{"custom_id":'; } > "$T/bad.jsonl"
refused 'a line that is no JSON' 'lines were refused; nothing of it was uploaded'
{ many 2; echo null; } > "$T/bad.jsonl"
refused 'what is no object' 'not an object'
many 50001 > "$T/bad.jsonl"
refused '50,001 requests' 'more requests than a file may have'
: > "$T/bad.jsonl"
refused 'an empty file' 'no requests'
many 1 | sed 's/}$/,"response":{"status_code":200,"body":{}}}/' > "$T/bad.jsonl"
refused 'an answered line' 'a line that has its answer'
printf '{"custom_id":"a","params":{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}]}}\n' > "$T/bad.jsonl"
refused "Anthropic's lines" "a line of the shape 'anthropic'"
many 2 > "$T/good.jsonl"
submit 'a good file beside a bad one' 4 "$T/bad.jsonl" "$T/good.jsonl"
eq 'is submitted' "$(uploads)" 1
submit 'a file that is not there' 3 "$T/none.jsonl"
t 'no state' 2 llm-batch submit --base-url "$url" "$T/good.jsonl"
t 'no base URL' 2 llm-batch submit --state "$T/state2" "$T/good.jsonl"
job '-n' 0 submit -n --base-url "$url" "$T/part-0001.jsonl"
eq 'does nothing' "$(uploads)" 1
t '-n without a state' 0 llm-batch submit -n --base-url "$url" --state "$T/state2" "$T/good.jsonl"
holds 'makes none' test ! -e "$T/state2"
t 'status without a state' 2 llm-batch status --state "$T/state2"
{ printf '\357\273\277'; many 2; } | sed 's/}$/,"llm":{"v":1},"odd":1}/; s/"method":"POST",//' > "$T/raw.jsonl"
fresh --polls 1
submit 'a file with annotations and a mark' 0 "$T/raw.jsonl"
eq 'is stripped of them' "$(curl -s "$url/files/file-0001/content" | cmp - "$T/good.jsonl" && echo same)" same

# names
mkdir "$T/other"
many 1 other > "$T/other/part-0001.jsonl"
submit 'another file of the same name' 0 "$T/part-0001.jsonl" "$T/other/part-0001.jsonl"
eq 'gets a name of its own' "$(jq -r 'select(.name)|.name' "$T/state" | xargs)" 'raw part-0001 part-0001-2'

# ends of a job
many 6 > "$T/six.jsonl"
ends() { # STATUS CODE-OF-WAIT OPTION...
	ends_status=$1 ends_code=$2
	shift 2
	fresh --polls 2 "$@"
	submit "a job that ends $ends_status" 0 "$T/six.jsonl"
	job "waiting for one that ends $ends_status" "$ends_code" wait --poll 10ms
	job "fetching one that ended $ends_status" 4 fetch -d "$T/res"
}
ends failed 4 --batch-status failed
has 'each error is named with its line' "$T/err" 'six: line 1: invalid_request: refused'
has 'and that nothing ran' "$T/err" 'nothing of it ran'
t 'joining nothing' 4 llm-batch join --requests "$T/six.jsonl" --missing "$T/again" "$T/res/six.jsonl"
same 'everything goes again' "$T/again" "$T/six.jsonl"
submit 'a file whose job failed' 0 "$T/six.jsonl"
eq 'may be submitted again' "$(creations)" 2
for status in expired cancelled; do
	ends $status 4 --batch-status $status
	t "joining what there is of one that $status" 4 llm-batch join --requests "$T/six.jsonl" --missing "$T/again" "$T/res/six.jsonl"
	eq "finished rows are kept: $status" "$(jq -r 'select(.response.status_code==200)|.custom_id' "$T/out" | xargs)" 'q1 q3 q5'
	eq "the rest goes again: $status" "$(jq -r .custom_id "$T/again" | xargs)" 'q2 q4 q6'
done
ends 'with errors only' 0 --batch-fail 1
eq 'the error file is read' "$(jq -r .response.status_code "$T/res/six.jsonl" | xargs)" '400 400 400 400 400 400'
fresh --polls 1000
submit 'a long job' 0 "$T/six.jsonl"
job 'waiting no longer than' 5 wait --poll 10ms --timeout 200ms
job 'cancelling it' 0 cancel
job 'it is cancelled' 4 status
submit 'a cancelled one is not created again unasked' 0 "$T/six.jsonl"
eq 'one batch' "$(creations)" 1

# results vanish
fresh --polls 1
submit 'an old job' 0 "$T/six.jsonl"
now=$(date +%s)
job 'after 19 days' 0 status --now "$((now + 19 * 86400))"
job 'after 20 days' 1 status --now "$((now + 20 * 86400 + 60))"
has 'the job and its last day are named' "$T/err" "six: not fetched yet; the last day of its results is $(date -u -d "@$((now + 30 * 86400))" +%Y-%m)"
job 'once it is fetched' 0 fetch -d "$T/res"
job 'nobody is warned' 0 status --now "$((now + 25 * 86400))"

# answers that are lost, and kills
fresh --polls 1 --lose-create 1
submit 'a creation whose answer is lost' 0 "$T/six.jsonl"
eq 'is found again' "$(creations) $(last batch)" '1 batch_0001'
for ms in 005 010 020 040 060 090 120 150 190 230 290; do
	fresh --polls 1 --delay .05
	timeout -s KILL ".$ms" llm-batch submit --base-url "$url" --state "$T/state" "$T/six.jsonl" > "$T/.kill" 2>&1
	submit "killed after $ms ms, and again" 0 --settle 300ms "$T/six.jsonl"
	eq "killed after $ms ms: one batch" "$(creations) $(last step)" '1 created'
	eq "killed after $ms ms: no copy is left behind" "$(find "$T" -name 'state.*.jsonl' | wc -l | xargs)" 0
done
fresh --polls 1
submit 'a file' 0 "$T/six.jsonl"
echo '{}' > "$T/state.$(last tag).jsonl"
submit 'a file whose copy a killed run left behind' 0 "$T/six.jsonl"
eq 'it is gone' "$(find "$T" -name 'state.*.jsonl' | wc -l | xargs)" 0
fresh --polls 1 --fail-first 1 --fault-all --retry-after 3600
submit 'a provider that wants to be asked in an hour' 3 "$T/six.jsonl"
has 'is not asked before' "$T/err" 'nothing was created: status 429'
eq 'not even once' "$(uploads)" 1
fresh --polls 1 --drop 3 --fault-all
curl -s "$url/batches" -o "$T/.curl"
submit 'a creation that is dropped unheard' 3 "$T/six.jsonl"
has 'so nobody knows' "$T/err" 'outcome unknown'
holds 'but the list does, after a while' test "$(creations)" -eq 1
tries=10
until llm-batch submit --base-url "$url" --state "$T/state" --settle 300ms "$T/six.jsonl" 2> "$T/err" || [ $((tries -= 1)) -eq 0 ]; do
	[ $((tries % 2)) -eq 0 ] || curl -s "$url/batches" -o "$T/.curl"
done
eq 'and a later run creates it, once' "$(last step) $(curl -s --retry 3 --retry-all-errors "$url/batches" | jq '.data|length')" 'created 1'

# a provider that cannot list its batches, and one that does not have it
deaf() { # COUNT-OF-CREATIONS-TO-LOSE: the state of a job whose creation was cut off
	fresh --polls 1
	submit 'a job' 0 "$T/six.jsonl"
	tag=$(last tag)
	sed -i '/"step":"created"/d' "$T/state"
}
deaf
curl -s -X POST "$url/batches/batch_0001/cancel" -o "$T/.curl"
submit 'a state that was cut after the intent' 0 "$T/six.jsonl"
eq 'finds its batch by the metadata' "$(creations) $(last batch)" '1 batch_0001'
deaf
stop_provider
: > "$T/provider.log"
provider --polls 1
sed -i "s/127.0.0.1:[0-9]*/127.0.0.1:$port/" "$T/state"
url=http://127.0.0.1:$port/v1
curl -s -F purpose=batch -F file=@"$T/six.jsonl" "$url/files" -o "$T/.curl"
curl -s -H 'content-type: application/json' -d '{"input_file_id":"file-0001","endpoint":"/v1/chat/completions","completion_window":"24h"}' "$url/batches" -o "$T/.curl"
submit 'a batch that is not in the list' 3 --settle 300ms "$T/six.jsonl"
has 'is an unknown outcome' "$T/err" 'outcome unknown'
has 'its candidates are listed' "$T/err" 'candidate: batch_0001 validating'
has 'and what to do' "$T/err" "llm_batch_job=$tag"
eq 'nothing is created' "$(creations)" 1
submit 'asked again: still nothing' 3 --settle 300ms "$T/six.jsonl"
eq 'is created' "$(creations)" 1
cp "$T/state" "$T/kept"
chmod 600 "$T/kept"
submit '--adopt takes the one that the user found' 0 --adopt batch_0001 "$T/six.jsonl"
eq 'and creates none' "$(creations) $(last batch)" '1 batch_0001'
submit 'the same again' 0 --adopt batch_0001 "$T/six.jsonl"
submit 'another one, when it is known' 4 --adopt batch_0002 "$T/six.jsonl"
has 'is refused' "$T/err" "its outcome is known: it is not 'batch_0002'"
submit '--adopt with --again' 2 --adopt batch_0001 --again "$T/six.jsonl"
job 'it goes on from there' 0 wait --poll 10ms
cp "$T/kept" "$T/state"
job '--again creates it' 0 submit --again "$T/six.jsonl"
eq 'once' "$(creations)" 2
submit '--adopt wants an id' 2 --adopt '../x' "$T/part-0001.jsonl"
stop_provider
submit 'nobody listens' 3 --max-time 50ms "$T/part-0002.jsonl"
has 'nothing was created' "$T/err" 'not uploaded; nothing was created: Failed to connect'

cat > "$T/deaf.py" <<'P'
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class H(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        print(self.path, file=sys.stderr, flush=True)
        if "files" in self.path:
            return self.out(200, {"id": "file-1"})
        self.close_connection = True # heard, and no answer
    def do_GET(self):
        self.out(404, {"error": {"message": "no lists here"}})
    def out(self, status, body):
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
    def log_message(self, *_): pass
s = HTTPServer(("127.0.0.1", 0), H)
print(s.server_address[1], flush=True)
s.serve_forever()
P
rm -rf "$T/state"
python3 "$T/deaf.py" > "$T/deaf.port" 2> "$T/deaf.log" &
server_pid=$!
while [ ! -s "$T/deaf.port" ]; do sleep .05; done
url=http://127.0.0.1:$(cat "$T/deaf.port")/v1
submit 'an answer that is lost where there is no list' 3 "$T/six.jsonl"
has 'is an unknown outcome' "$T/err" 'outcome unknown'
submit 'and stays one' 3 --settle 300ms "$T/six.jsonl"
eq 'one creation was tried' "$(grep -c batches "$T/deaf.log")" 1
stop_provider

# answers that try to lead astray
cat > "$T/evil.py" <<'P'
import json, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class H(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.out({"id": "file-1"} if "files" in self.path else {"id": "batch_1", "status": "validating"})
    def do_GET(self):
        print(self.path, file=sys.stderr, flush=True)
        self.out({"id": "batch_1", "status": "completed", "output_file_id": "../../secret?x=http://example.invalid/"})
    def out(self, body):
        raw = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
    def log_message(self, *_): pass
s = HTTPServer(("127.0.0.1", 0), H)
print(s.server_address[1], flush=True)
s.serve_forever()
P
rm -rf "$T/state" "$T/res"
python3 "$T/evil.py" > "$T/evil.port" 2> "$T/evil.log" &
server_pid=$!
while [ ! -s "$T/evil.port" ]; do sleep .05; done
url=http://127.0.0.1:$(cat "$T/evil.port")/v1
submit 'a provider that means no good' 0 "$T/six.jsonl"
job 'fetching from it' 3 fetch -d "$T/res"
lacks 'no address is built from what is no id' "$T/evil.log" secret
stop_provider

# two at once
fresh --delay 1
llm-batch submit --base-url "$url" --state "$T/state" "$T/six.jsonl" > "$T/.out" 2>&1 &
pid=$!
tries=100
while [ ! -s "$T/state" ] && [ $((tries -= 1)) -gt 0 ]; do sleep .02; done
submit 'a second run on one state' 5 "$T/six.jsonl"
has 'names who has it' "$T/err" "process $pid"
wait "$pid"
eq 'the first one ends well' "$? $(creations)" '0 1'
finish
