#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: jobs at Azure, Anthropic, Gemini and Mistral live as OpenAI's do, each in its provider's words;
# for Bedrock and Vertex the job request and the commands are written.
. "$(dirname "$0")/../lib.sh"

export LLM_API_KEY=canary-for-any-host
lines() { # PROVIDER COUNT [TEXT]
	seq 1 "$2" | sed "s/.*/{\"custom_id\":\"q&\",\"method\":\"POST\",\"url\":\"\/v1\/chat\/completions\",\"body\":{\"model\":\"m-1\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"${3:-say} &\"}]}}/" |
		llm-batch convert --to "$1"
}
fresh() { # [OPTION...]: a provider that has seen nothing, and no state
	: > "$T/provider.log"
	rm -rf "$T/state" "$T"/state.* "$T/res"
	provider_anew "$@"
	url=http://127.0.0.1:$port
}
creations() { jq -r 'select(.method=="POST" and (.path|test("^(/v1/messages/batches|/v1/batch/jobs|.*:batchGenerateContent|.*/batches([?].*)?)$")))|.path' "$T/provider.log" | wc -l | xargs; }
submit() { # WHAT STATUS ARG...
	submit_what=$1 submit_want=$2
	shift 2
	t "$submit_what" "$submit_want" llm-batch submit --base-url "$url" --state "$T/state" --settle 1s "$@"
}
job() { # WHAT STATUS COMMAND ARG...
	job_what=$1 job_want=$2 job_command=$3
	shift 3
	t "$job_what" "$job_want" llm-batch "$job_command" --state "$T/state" "$@"
}
content() { # FILE: the answers, whichever form they have
	jq -r '.response.body.choices[0].message.content? // .result.message.content[0].text? // .response.candidates[0].content.parts[0].text?' "$1" | xargs
}

for p in azure anthropic gemini mistral; do
	lines $p 5 > "$T/$p.jsonl"
	rm -rf "$T/parts"
	llm-batch pack --for $p -d "$T/parts" "$T/$p.jsonl"
	case $p in azure | mistral) for_it="--for $p" ;; *) for_it='' ;; esac
	fresh --polls 3 --shuffle --duplicate 2
	# shellcheck disable=SC2086
	submit "$p: a file" 0 $for_it "$T/parts/part-0001.jsonl"
	eq "$p: one batch" "$(creations)" 1
	eq "$p: the state names it" "$(head -n 1 "$T/state" | jq -r .provider)" $p
	eq "$p: no copy is left" "$(find "$T" -name 'state.*' | wc -l | xargs)" 0
	submit "$p: the same file again" 0 "$T/parts/part-0001.jsonl"
	eq "$p: is known" "$(creations)" 1
	job "$p: fetching too early" 5 fetch -d "$T/res"
	job "$p: waiting" 0 wait --poll 10ms
	job "$p: done" 0 status
	eq "$p: in our words" "$(awk '{ print $1, $2, $3 }' "$T/out")" 'part-0001 completed 5'
	job "$p: fetching" 0 fetch -d "$T/res"
	t "$p: joining" 0 llm-batch join --requests "$T/$p.jsonl" "$T/res/part-0001.jsonl"
	eq "$p: every answer, in order" "$(content "$T/out")" 'Answer to: say 1 Answer to: say 2 Answer to: say 3 Answer to: say 4 Answer to: say 5'
	job "$p: the list" 0 list
	eq "$p: names the job" "$(awk '{ print $2, $4 }' "$T/out")" 'completed part-0001'
	lacks "$p: no key in the state" "$T/state" canary
	submit "$p: another provider for this state" 2 --for openai "$T/parts/part-0001.jsonl"
	has "$p: is refused" "$T/err" "belongs to the provider '$p'"

	# the answer to the creation is lost
	fresh --polls 2 --lose-create 1
	case $p in
	anthropic)
		submit "$p: a lost creation" 3 "$T/parts/part-0001.jsonl"
		has "$p: the candidate is named" "$T/err" 'candidate: msgbatch_0001'
		submit "$p: the same again" 3 "$T/parts/part-0001.jsonl"
		eq "$p: nothing is created unasked" "$(creations)" 1
		submit "$p: it is that one" 0 --adopt msgbatch_0001 "$T/parts/part-0001.jsonl" ;;
	*)
		# shellcheck disable=SC2086
		submit "$p: a lost creation is found" 0 $for_it "$T/parts/part-0001.jsonl" ;;
	esac
	eq "$p: at most one batch" "$(creations)" 1
	job "$p: and it is led to its end" 0 wait --poll 10ms
	job "$p: with its results" 0 fetch -d "$T/res"

	# ends of a job
	for share in 0 1 50 99; do
		lines $p 100 > "$T/hundred.jsonl"
		# what is done stays done; Gemini has no results of a job that did not end well
		want=$share
		[ $p != gemini ] || want=0
		rm -rf "$T/parts"
		llm-batch pack --for $p -d "$T/parts" "$T/hundred.jsonl"
		fresh --polls 1 --batch-status expired --batch-done $share%
		# shellcheck disable=SC2086
		submit "$p: one that expires at $share %" 0 $for_it "$T/parts/part-0001.jsonl"
		job "$p: fetching it" 4 fetch -d "$T/res"
		t "$p: joining what there is" 4 llm-batch join --requests "$T/hundred.jsonl" --missing "$T/again" "$T/res/part-0001.jsonl"
		eq "$p: finished rows are kept, exactly the rest goes again" "$(wc -l < "$T/again" | xargs)" $((100 - want))
	done
	fresh --polls 1000
	# shellcheck disable=SC2086
	submit "$p: a long job" 0 $for_it "$T/parts/part-0001.jsonl"
	job "$p: cancelling it" 0 cancel
	job "$p: waiting for that" 4 wait --poll 10ms
	job "$p: the end" 4 status
	has "$p: is said" "$T/out" ' cancelled '
	fresh --polls 1 --batch-fail 2
	lines $p 4 > "$T/four.jsonl"
	# shellcheck disable=SC2086
	submit "$p: with errors" 0 $for_it --model m-1 "$T/four.jsonl"
	job "$p: errors are told" 4 fetch -d "$T/res"
	t "$p: joined" 4 llm-batch join --requests "$T/four.jsonl" --missing "$T/again" "$T/res/four.jsonl"
	holds "$p: refused ones do not go again" test ! -s "$T/again"
done

# lines of Gemini name no model
printf '{"key":"q%d","request":{"contents":[{"role":"user","parts":[{"text":"hi"}]}]}}\n' 1 2 > "$T/g.jsonl"
fresh --polls 1
t 'sync without a model' 4 llm-batch sync --base-url "$url" --state "$T/state" -d "$T/res" "$T/g.jsonl"
has 'says what to give' "$T/err" "give '--model'"
t 'sync takes it' 0 llm-batch sync --base-url "$url" --state "$T/state" -d "$T/res" --model m-1 "$T/g.jsonl"
eq 'and the job has it' "$(creations) $(jq -r 'select(.path|test("models/m-1:batch"))|.method' "$T/provider.log")" '1 POST'

# a job that is taken up by sync after a kill at any moment; the file of the batch is still there
lines anthropic 3 > "$T/a.jsonl"
for n in .001 .005 .02 .05; do
	fresh --polls 1 --delay .01
	timeout -s KILL $n llm-batch submit --base-url "$url" --state "$T/state" "$T/a.jsonl" > /dev/null 2>&1
	llm-batch submit --base-url "$url" --state "$T/state" "$T/a.jsonl" > "$T/out" 2> "$T/err"
	code=$?
	holds "anthropic, killed after $n s: one batch at most ($(creations))" test "$(creations)" -le 1
	if [ $code -eq 0 ]; then pass "anthropic, killed after $n s: created"; else
		eq "anthropic, killed after $n s: unknown is said" $code 3
	fi
done

# Azure: the file has to be ready, the older addresses, a queue that is full
lines azure 3 > "$T/z.jsonl"
fresh --polls 1 --slow-files 2
submit 'azure: a file that takes its time' 0 --for azure "$T/z.jsonl"
fresh --polls 1
submit 'azure: the older addresses' 0 --for azure --api-version 2024-10-21 "$T/z.jsonl"
has 'have their version' "$T/provider.log" '"/batches?api-version=2024-10-21"'
job 'and keep it' 0 fetch -d "$T/res"
lacks 'in each call' "$T/provider.log" '"/v1/'
fresh --polls 1 --batch-status full
submit 'azure: a queue that is full' 0 --for azure "$T/z.jsonl"
job 'is no failure' 5 status
has 'but told' "$T/out" ' full '
job 'sync creates it anew' 5 sync -d "$T/res" --base-url "$url"
eq 'once a run' "$(creations)" 2
job 'once more' 5 sync -d "$T/res" --base-url "$url"
job 'a file larger than the whole queue: an error in the end' 4 sync -d "$T/res" --base-url "$url"
has 'that says what to do' "$T/err" "smaller files with 'pack --max-tokens'"
job 'which stays' 4 sync -d "$T/res" --base-url "$url"
eq 'and is not created for ever' "$(creations)" 3
job 'status says so' 4 status
has 'as failed' "$T/out" ' failed '

# a model that nobody names
lines gemini 2 | jq -c 'del(.model)' > "$T/nomodel.jsonl"
fresh
submit 'gemini: no model' 4 "$T/nomodel.jsonl"
has 'is said' "$T/err" "give '--model'"
submit 'gemini: --model' 0 --model gemini-2.5-flash "$T/nomodel.jsonl"
has 'is in the address' "$T/provider.log" '/v1beta/models/gemini-2.5-flash:batchGenerateContent'
lacks 'a host that an answer names is not asked' "$T/err" 'example.invalid'

# Bedrock and Vertex
lines bedrock 3 > "$T/b file.jsonl"
t 'bedrock: a job request' 0 llm-batch submit --for bedrock -d "$T/cloud" --storage s3://box/in/ --role arn:aws:iam::1:role/r --model anthropic.claude-x "$T/b file.jsonl"
eq 'the commands' "$(sed "s|$T|DIR|g; s/-[0-9a-f]\{8\}/-HASH/g" "$T/out")" "aws s3 cp 'DIR/cloud/b-file-HASH.input.jsonl' 's3://box/in/b-file-HASH.input.jsonl'
aws bedrock create-model-invocation-job --cli-input-json 'file://DIR/cloud/b-file-HASH.job.json'
# when 'aws bedrock list-model-invocation-jobs' shows it Completed:
aws s3 cp --recursive --exclude '*' --include '*.jsonl.out' 's3://box/in/b-file-HASH/' 'DIR/cloud'"
eq 'the request' "$(jq -r '[.modelId,.roleArn,.inputDataConfig.s3InputDataConfig.s3InputFormat,(.clientRequestToken|length)]|@csv' "$T"/cloud/*.job.json)" '"anthropic.claude-x","arn:aws:iam::1:role/r","JSONL",64'
eq 'the input is the checked one' "$(jq -r '.recordId' "$T"/cloud/*.input.jsonl | xargs)" 'q1 q2 q3'
lines vertex 2 > "$T/v.jsonl"
t 'vertex: a job request' 0 llm-batch submit --for vertex -d "$T/vertex" --storage gs://box --project p-1 --region europe-west4 --model gemini-2.5-flash "$T/v.jsonl"
eq 'has the model' "$(jq -r .model "$T"/vertex/*.job.json)" publishers/google/models/gemini-2.5-flash
has 'is posted by curl' "$T/out" "'https://europe-west4-aiplatform.googleapis.com/v1/projects/p-1/locations/europe-west4/batchPredictionJobs'"
holds 'the commands are a shell script' sh -n "$T/out"
printf '#!/bin/sh\necho token-1\n' > "$T/gcloud"
printf '#!/bin/sh\n{ echo "$*"; cat; } > "%s"\n' "$T/sent" > "$T/curl"
chmod +x "$T/gcloud" "$T/curl"
grep curl "$T/out" > "$T/post"
PATH=$T:$PATH sh "$T/post"
eq 'the token is no argument of a command' "$(head -n 1 "$T/sent" | grep -c token-1) $(sed -n 2p "$T/sent")" '0 Authorization: Bearer token-1'
t 'bedrock without a role' 2 llm-batch submit --for bedrock -d "$T/cloud" --storage s3://box "$T/b file.jsonl"
t 'vertex with the wrong storage' 2 llm-batch submit --for vertex -d "$T/cloud" --storage s3://box --project p --region r "$T/v.jsonl"
finish
