#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: what every tool owes its user, asked of all five alike: odd lines, odd files, odd ends.
. "$(dirname "$0")/../lib.sh"

# CONTRACT_TOOLS and CONTRACT_FILTERS ask some only
tools=${CONTRACT_TOOLS:-llm-route llm-compress llm-cache llm-batch llm-cost}
# one way to use each tool as a filter
filters=${CONTRACT_FILTERS:-route compress cache validate run annotate}

# f FILTER ARG...: runs the filter with more arguments
f() {
	f_name=$1
	shift
	case $f_name in
	route) llm-route "$@" ;;
	compress) llm-compress "$@" ;;
	cache) llm-cache get --store "$T/store" "$@" ;;
	validate) llm-batch validate --for openai "$@" ;;
	run) llm-batch run --base-url http://127.0.0.1:9/v1 "$@" ;;
	annotate) llm-cost annotate "$@" ;;
	esac
}
tool_of() {
	case $1 in
	route | compress) echo "llm-$1" ;;
	cache) echo llm-cache ;;
	validate | run) echo llm-batch ;;
	annotate) echo llm-cost ;;
	esac
}
# words FILTER: the command as words, for python and exec
words() {
	case $1 in
	cache) echo "llm-cache get --store $T/store" ;;
	validate) echo 'llm-batch validate --for openai' ;;
	run) echo 'llm-batch run --base-url http://127.0.0.1:9/v1' ;;
	annotate) echo 'llm-cost annotate' ;;
	*) echo "llm-$1" ;;
	esac
}
# undo: takes off what `annotate` adds (these lines have no member llm of their own)
undo() { sed 's/,"llm":{.*}}\(.\{0,1\}\)$/}\1/' "$1"; }

# record ID [MEMBERS] [TEXT]: a line that every filter passes: answered, but for validate unanswered
record() {
	printf '{"custom_id":"%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"%s"}]}' "$1" "${3:-hi}"
	[ "$filter" = validate ] ||
		printf ',"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yo"}}],"usage":{"prompt_tokens":8,"completion_tokens":1,"total_tokens":9}}}'
	printf '%s}\n' "${2:-}"
}

# many N: so many records, each with an id of its own
many() {
	record @ | awk -v n="$1" '{
		at = index($0, "@"); head = substr($0, 1, at - 1); tail = substr($0, at + 1)
		for (i = 1; i <= n; i++) print head i tail
	}'
}

# --- words of the command line, once for each tool

for tool in $tools; do
	t "$tool: --help" 0 "$tool" --help
	has "$tool: --help is on standard output" "$T/out" "$tool"
	eq "$tool: --help says nothing on standard error" "$(cat "$T/err")" ''
	for option in output dry-run quiet verbose help version config prices encoding models calibration \
		field shape rejects strict max-line now tz format require-version; do
		grep -q -e "--$option" "$T/out" || echo "$option"
	done > "$T/lacking"
	eq "$tool: --help names the common options" "$(xargs < "$T/lacking")" ''
	t "$tool: -h" 0 "$tool" -h
	t "$tool: --version" 0 "$tool" --version
	has "$tool: --version says llm-tools" "$T/out" llm-tools
	for library in utf8proc:utf8proc pcre2-8:PCRE2 sqlite3:SQLite crypto:OpenSSL zstd:zstd hiredis:hiredis; do
		ldd "$LLM_BIN/$tool" 2> "$T/err" | grep -q "lib${library%:*}\.so" || continue
		grep -q "${library#*:} [0-9]" "$T/out" || echo "${library#*:}"
	done > "$T/lacking"
	eq "$tool: --version names the libraries that it is linked with" "$(xargs < "$T/lacking")" ''
	t "$tool: -V" 0 "$tool" -V
	t "$tool: an unknown option" 2 "$tool" --no-such-thing
	has "$tool: is named" "$T/err" "$tool: "
	has "$tool: as it was written" "$T/err" no-such-thing
	eq "$tool: nothing on standard output then" "$(cat "$T/out")" ''
	t "$tool: a slip of the finger" 2 "$tool" --reject x
	has "$tool: did you mean" "$T/err" "did you mean '--rejects'"
	t "$tool: a command behind an option" 2 "$tool" -q "$("$tool" --help | sed -n '/^commands:/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p' | head -n 1)"
	has "$tool: comes first" "$T/err" "comes before all options"
	t "$tool: options are not abbreviated" 2 "$tool" --vers
	t "$tool: an unknown letter" 2 "$tool" -Z
	t "$tool: a wrong value" 2 "$tool" --max-line=many
	has "$tool: what the value should be" "$T/err" '--max-line'
	t "$tool: a value that is missing" 2 "$tool" --rejects
	t "$tool: --now wants a time" 2 "$tool" --now=yesterday
	t "$tool: --field wants NAME=PATH" 2 "$tool" --field=tenant /dev/null
	t "$tool: a shape that is none" 2 "$tool" --shape=round /dev/null
	t "$tool: a configuration that is not there" 2 "$tool" --config "$T/none" /dev/null
	t "$tool: a version that is too high" 2 "$tool" --require-version 999 /dev/null
	t "$tool: control characters of the command line" 2 "$tool" "--x$(printf '\033')[31m"
	lacks "$tool: reach no terminal" "$T/err" "$(printf '\033')"
done

for tool in llm-cache llm-batch; do
	case " $tools " in *" $tool "*) ;; *) continue ;; esac
	t "$tool: --help" 0 "$tool" --help
	has "$tool: --help tells that a command is wanted" "$T/out" "usage: $tool COMMAND [option...] [FILE...]"
	lacks "$tool: --help lists nothing that cannot be run" "$T/out" '(none)'
	t "$tool: no command" 2 "$tool"
	has "$tool: is said" "$T/err" "$tool: a command is missing; '$tool --help' lists them"
	t "$tool: a word that is no command" 2 "$tool" nonsense
	has "$tool: is quoted" "$T/err" "$tool: no command 'nonsense'; '$tool --help' lists them"
done

# --- files that options name, and that are not there: one message, and nothing is written

printf '{"custom_id":"a","body":{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]},"response":{"status_code":200,"body":{"model":"gpt-4o","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yo"}}],"usage":{"prompt_tokens":8,"completion_tokens":1,"total_tokens":9}}}}\n' > "$T/ended"
absent() { # STATUS COMMAND...
	case " $tools " in *" $2 "*) ;; *) return ;; esac
	absent_status=$1
	shift
	t "a file that is not there: $*" "$absent_status" "$@" "$T/ended"
	eq "is named once: $*" "$(cat "$T/out"; grep -c nowhere "$T/err"; wc -l < "$T/err")" "1
1"
}
cd "$T" || exit 3
absent 3 llm-batch distill --holdout nowhere
absent 3 llm-batch judge --model gpt-4o --against nowhere
absent 3 llm-batch join --requests nowhere
absent 3 llm-batch uncombine --requests nowhere
absent 3 llm-cache put --store "$T/answers" --requests nowhere
absent 3 llm-compress apply --answers nowhere
absent 3 llm-route apply --answers nowhere
absent 3 llm-route check --to gpt-4.1 --judged nowhere
absent 3 llm-cost --judged nowhere
absent 3 llm-cost estimate --past nowhere
for tool in $tools; do
	absent 2 "$tool" --prices nowhere
	lacks "$tool: --prices says the name once" "$T/err" 'nowhere: nowhere'
done
cd "$TOP" || exit 3

# --- one filter of each

for filter in $filters; do
	tool=$(tool_of "$filter")
	record a > "$T/a"
	record b > "$T/b"
	record c > "$T/c"
	cat "$T/a" "$T/c" > "$T/ac"
	cat "$T/a" "$T/b" "$T/c" > "$T/abc"

	t "$filter: empty input" 0 f "$filter" /dev/null
	eq "$filter: nothing comes of it" "$(cat "$T/out" "$T/err")" ''

	t "$filter: good lines" 0 f "$filter" "$T/abc"
	undo "$T/out" > "$T/undone"
	same "$filter: leave as they came" "$T/undone" "$T/abc"

	f "$filter" < "$T/abc" > "$T/one" 2> "$T/err"
	f "$filter" - < "$T/abc" > "$T/two" 2>> "$T/err"
	same "$filter: no operand and - are standard input" "$T/one" "$T/two"
	same "$filter: and that is as good as a file" "$T/one" "$T/out"

	f "$filter" "$T/a" - "$T/c" < "$T/b" > "$T/one" 2> "$T/err"
	same "$filter: operands in turn, standard input among them" "$T/one" "$T/out"
	cp "$T/a" "$T/-dash"
	(cd "$T" && f "$filter" -- -dash) > "$T/one" 2> "$T/err"
	undo "$T/one" > "$T/undone"
	same "$filter: after -- all are operands" "$T/undone" "$T/a"
	f "$filter" "$T/abc" --strict -q > "$T/one" 2> "$T/err"
	same "$filter: options behind operands are options" "$T/one" "$T/out"

	# odd lines between good ones: FATE in each of three groups of tools, and the status
	case $filter in
	route | compress | cache) group='filter' ;;
	validate | run) group='batch' ;;
	annotate) group='cost' ;;
	esac
	# row WHAT FILTERS BATCH COST: the odd line is in $T/odd; a fate is pass, reject or any
	# (it may leave or not), with the status behind the slash
	row() {
		row_what=$1
		case $group in
		filter) row_fate=$2 ;;
		batch) row_fate=$3 ;;
		cost) row_fate=$4 ;;
		esac
		row_status=${row_fate#*/} row_fate=${row_fate%/*}
		cat "$T/a" "$T/odd" "$T/c" > "$T/in"
		rm -f "$T/rej" "$T/rej.why"
		row_got=0
		f "$filter" --rejects "$T/rej" "$T/in" > "$T/out" 2> "$T/err" || row_got=$?
		undo "$T/out" > "$T/undone"
		row_bad=''
		[ "$row_got" = "$row_status" ] || row_bad="status $row_got, not $row_status;"
		case $row_fate in
		pass) cmp -s "$T/undone" "$T/in" || row_bad="$row_bad the line has changed;" ;;
		any)
			cmp -s "$T/undone" "$T/in" || cmp -s "$T/undone" "$T/ac" || row_bad="$row_bad the others have changed;" ;;
		reject)
			cmp -s "$T/undone" "$T/ac" || row_bad="$row_bad the good lines have changed;"
			cmp -s "$T/rej" "$T/odd" || row_bad="$row_bad the rejects are not the line;"
			grep -qF "$tool: $T/in:2: " "$T/err" || row_bad="$row_bad no message '$tool: $T/in:2: ';"
			printf '{"tool":"%s","file":"%s","line":2,"reason":"\n' "$tool" "$T/in" > "$T/begin"
			[ "$(wc -l < "$T/rej.why")" -eq 1 ] && grep -qF -f "$T/begin" "$T/rej.why" || row_bad="$row_bad .why is wrong;"
			cat "$T/rej.why" >> "$T/whys"
			;;
		esac
		[ "$row_fate" = reject ] || [ ! -s "$T/rej" ] || row_bad="$row_bad something was rejected;"
		if [ -z "$row_bad" ]; then pass "$filter: $row_what"; else fail "$filter: $row_what" "$row_bad" "$(head -c 400 "$T/err")"; fi
	}
	# shellcheck disable=SC2059 # these are formats
	odd() { printf "$@" > "$T/odd"; }
	nested() { # DEPTH: a record that is so deep
		python3 -c 'import sys; n = int(sys.argv[1]) - 1; print(",\"x\":" + "[" * n + "]" * n, end="")' "$1"
	}

	odd '\n'
	row 'a blank line' pass/0 any/0 any/0
	odd ' \t\r\n'
	row 'a line of white space' pass/0 any/0 any/0
	odd 'not json\n'
	row 'text that is not JSON' reject/4 reject/4 reject/4
	odd '{"custom_id":"x","body":{"model":"gpt-4o","mess\n'
	row 'a line that is cut' reject/4 reject/4 reject/4
	odd '{"a":1} {"b":2}\n'
	row 'two objects on a line' reject/4 reject/4 reject/4
	odd '{"a":1,}\n'
	row 'a comma too many' reject/4 reject/4 reject/4
	odd '{"a":01}\n'
	row 'a number with a zero before it' reject/4 reject/4 reject/4
	odd '{"a":NaN}\n'
	row 'NaN' reject/4 reject/4 reject/4
	odd '\357\273\277{"a":1}\n'
	row 'a byte-order mark that is not at the start' reject/4 reject/4 reject/4
	odd '{"a":"\t"}\n'
	row 'a raw tab in a string' reject/4 reject/4 reject/4
	odd '{"a":"\001"}\n'
	row 'a raw control character in a string' reject/4 reject/4 reject/4
	odd '{"a":"x\000y"}\n'
	row 'NUL in a string' reject/4 reject/4 reject/4
	odd '\000\n'
	row 'NUL alone' reject/4 reject/4 reject/4
	odd '{"a":1}\000\n'
	row 'NUL behind an object' reject/4 reject/4 reject/4
	odd '{"a":"\377"}\n'
	row 'a byte that no UTF-8 has' reject/4 reject/4 reject/4
	odd '{"a":"\300\200"}\n'
	row 'an overlong form' reject/4 reject/4 reject/4
	odd '{"a":"\355\240\200"}\n'
	row 'a raw surrogate' reject/4 reject/4 reject/4
	odd '{"a":"\364\220\200\200"}\n'
	row 'a character beyond the last' reject/4 reject/4 reject/4
	odd '{"a":"\303"}\n'
	row 'a character that is cut' reject/4 reject/4 reject/4
	for value in null true 12 '"text"' '[]' '[{"a":1}]'; do
		odd '%s\n' "$value"
		row "$value, which is no object" pass/0 reject/4 any/0
	done
	odd '{}\n'
	row 'an object without members' pass/0 reject/4 any/0
	odd '{"what":"is this"}\n'
	row 'an object of no known shape' pass/0 reject/4 any/0
	{ nested 1025 | { read -r x; record deep "$x"; }; } > "$T/odd"
	row 'depth 1,025' reject/4 reject/4 reject/4
	{ nested 1024 | { read -r x; record deep "$x"; }; } > "$T/odd"
	row 'depth 1,024' pass/0 pass/0 pass/0
	python3 -c 'print("[" * 1000000)' > "$T/odd"
	row 'depth a million' reject/4 reject/4 reject/4
	record twice | sed 's/"body":/"body":{},"body":/' > "$T/odd"
	row 'a body that stands twice' reject/4 reject/4 reject/4
	record twice | sed 's/"body":/"\\u0062ody":{},"body":/' > "$T/odd"
	row 'a body that stands twice, once in escapes' reject/4 reject/4 reject/4
	record twice ',"odd":1,"odd":2' > "$T/odd"
	row 'another member that stands twice' pass/0 pass/0 pass/0
	record big ',"n":123456789012345678901234567890,"m":1e400,"z":-0,"w":1.0,"k":9007199254740993' > "$T/odd"
	row 'numbers of any size and spelling' pass/0 pass/0 pass/0
	record esc ',"e":"\ud800 \u0000 \/ \u00e9 \uFFFF"' > "$T/odd"
	row 'odd escapes' pass/0 pass/0 pass/0
	record utf ",\"e\":\"$(printf '\303\251 \342\202\254 \360\237\230\200 \177')\"" > "$T/odd"
	row 'UTF-8 of every length' pass/0 pass/0 pass/0
	record blanks | sed 's/":/" : /g; s/,"/ ,  "/g' > "$T/odd"
	row 'blanks between members' pass/0 pass/0 pass/0
	record cr | sed 's/$/\r/' > "$T/odd"
	row 'CR before LF' pass/0 pass/0 pass/0
	python3 -c 'print(",\"n\":" + "7" * 1000000, end="")' > "$T/digits"
	record digits "$(head -c 100000 "$T/digits")" > "$T/odd"
	row 'a number of 100,000 digits' pass/0 pass/0 pass/0

	holds "$filter: each .why is one JSON object with a reason" jq -es 'length > 15 and all(.reason | type == "string" and length > 0)' "$T/whys"
	rm -f "$T/whys"

	# so many members that a search among them for each would never end
	{
		record members | tr -d '\n' | sed 's/}$//'
		awk 'BEGIN { for (i = 0; i < 200000; i++) printf ",\"m%d\":%d", i, i; print "}" }'
	} > "$T/odd"
	row 'a record of 200,000 members' pass/0 pass/0 pass/0

	# a record of ten million bytes
	python3 -c '
import sys
head, tail = sys.stdin.read().split("CONTENT")
sys.stdout.write(head + "word " * 2000000 + tail)' <<-E > "$T/odd"
		$(record long '' CONTENT)
	E
	row 'a line of 10 MB' pass/0 pass/0 pass/0

	# ends and starts of files
	printf '%s' "$(cat "$T/abc")" > "$T/in"
	t "$filter: no newline at the end" 0 f "$filter" "$T/in"
	undo "$T/out" > "$T/undone"
	same "$filter: one is written" "$T/undone" "$T/abc"
	printf '%s' "$(cat "$T/a")" > "$T/in"
	f "$filter" "$T/in" "$T/b" > "$T/out" 2> "$T/err"
	eq "$filter: two files are not joined in one line" "$(wc -l < "$T/out" | xargs)" 2
	{ printf '\357\273\277'; cat "$T/abc"; } > "$T/in"
	t "$filter: a byte-order mark at the start" 0 f "$filter" "$T/in"
	undo "$T/out" > "$T/undone"
	case $group in
	filter) same "$filter: is kept" "$T/undone" "$T/in" ;;
	*)
		tail -c +4 "$T/in" > "$T/bare"
		if cmp -s "$T/undone" "$T/in" || cmp -s "$T/undone" "$T/bare"; then
			pass "$filter: hurts nobody"
		else
			fail "$filter: hurts nobody"
		fi
		;;
	esac
	{ printf '\357\273\277'; many 3; } > "$T/more"
	f "$filter" "$T/in" "$T/more" > "$T/out" 2> "$T/err" || true
	eq "$filter: each file may start with one" "$(wc -l < "$T/out" | xargs)" 6
	python3 -c 'import sys; sys.stdout.buffer.write("{\"a\":1}\n".encode("utf-16"))' > "$T/in"
	t "$filter: a file in UTF-16" 4 f "$filter" "$T/in"
	has "$filter: is named as such" "$T/err" 'UTF-16'

	# --max-line
	record long '' "$(printf '%02000d' 0)" > "$T/odd"
	cat "$T/a" "$T/odd" "$T/c" > "$T/in"
	rm -f "$T/rej" "$T/rej.why"
	t "$filter: a line over --max-line" 4 f "$filter" --max-line 1500 --rejects "$T/rej" "$T/in"
	undo "$T/out" > "$T/undone"
	same "$filter: the others leave" "$T/undone" "$T/ac"
	same "$filter: the long one is kept whole" "$T/rej" "$T/odd"
	has "$filter: and named" "$T/err" "$T/in:2: "
	t "$filter: --max-line takes units" 0 f "$filter" --max-line=1M "$T/in"

	# many faults
	yes '{' | head -n 1000 > "$T/in"
	rm -f "$T/rej" "$T/rej.why"
	t "$filter: 1,000 equal faults" 4 f "$filter" --rejects "$T/rej" "$T/in"
	holds "$filter: 20 messages, then a count" test "$(wc -l < "$T/err")" -ge 20 -a "$(wc -l < "$T/err")" -le 23
	has "$filter: the count" "$T/err" 980
	same "$filter: all bytes are kept" "$T/rej" "$T/in"
	eq "$filter: all reasons are kept" "$(wc -l < "$T/rej.why" | xargs)" 1000
	cp "$T/rej" "$T/kept"
	f "$filter" --rejects "$T/rej" "$T/in" > "$T/out" 2> "$T/err" || true
	eq "$filter: rejects are appended" "$(wc -l < "$T/rej" | xargs)" 2000
	rm -f "$T/rej" "$T/rej.why"
	LLM_REJECTS=$T/rej f "$filter" "$T/in" > "$T/out" 2> "$T/err" || true
	same "$filter: LLM_REJECTS" "$T/rej" "$T/in"
	printf '# all tools\nrejects = %s\n[%s]\nstrict\n[llm-other]\nno-such = 1\n' "$T/rej2" "$tool" > "$T/config"
	rm -f "$T/rej2" "$T/rej2.why"
	t "$filter: --config" 4 f "$filter" --config "$T/config" "$T/in"
	eq "$filter: reads its lines" "$(wc -l < "$T/rej2" | xargs)" 1
	rm -f "$T/rej2" "$T/rej2.why"
	LLM_CONFIG=$T/config f "$filter" --strict=off "$T/in" > "$T/out" 2> "$T/err" || true
	eq "$filter: LLM_CONFIG; an option wins over it" "$(wc -l < "$T/rej2" | xargs)" 1000
	printf '[%s]\nno-such = 1\n' "$tool" > "$T/config"
	t "$filter: a wrong line of a configuration" 2 f "$filter" --config "$T/config" "$T/in"
	has "$filter: is named" "$T/err" "$T/config:2: "

	# --strict
	{ cat "$T/a"; echo '{'; cat "$T/c"; } > "$T/in"
	t "$filter: --strict stops" 4 f "$filter" --strict "$T/in"
	undo "$T/out" > "$T/undone"
	same "$filter: at the bad line" "$T/undone" "$T/a"
	{ cat "$T/a"; echo null; cat "$T/c"; } > "$T/in"
	t "$filter: --strict refuses what is no record" 4 f "$filter" --strict "$T/in"
	undo "$T/out" > "$T/undone"
	same "$filter: and stops there" "$T/undone" "$T/a"

	# files that are none
	mkdir -p "$T/folder"
	t "$filter: a folder as input" 3 f "$filter" "$T/a" "$T/folder" "$T/c"
	undo "$T/out" > "$T/undone"
	same "$filter: the other files are read" "$T/undone" "$T/ac"
	has "$filter: the folder is named" "$T/err" "$T/folder"
	t "$filter: a file that is not there" 3 f "$filter" "$T/none" "$T/c"
	has "$filter: it is named" "$T/err" "$T/none"
	undo "$T/out" > "$T/undone"
	same "$filter: and the other is read" "$T/undone" "$T/c"
	strange=$T/$(printf 'x\033[31m\ny')
	echo '{' > "$strange"
	t "$filter: control characters in a name" 4 f "$filter" "$strange"
	lacks "$filter: never reach the terminal" "$T/err" "$(printf '\033')"
	eq "$filter: one line of message" "$(wc -l < "$T/err" | xargs)" 1

	# where it writes
	for limit in '' long; do
		if [ -n "$limit" ]; then many 3000 > "$T/in"; else cp "$T/a" "$T/in"; fi
		disk=0
		f "$filter" "$T/in" > /dev/full 2> "$T/err" || disk=$?
		eq "$filter: a full disk${limit:+, many lines}" "$disk" 3
		has "$filter: it says so" "$T/err" "$tool: "
	done
	disk=0
	f "$filter" "$T/in" >&- 2> "$T/err" || disk=$?
	eq "$filter: standard output is closed" "$disk" 3
	has "$filter: it says so" "$T/err" "$tool: "
	disk=0
	f "$filter" <&- > "$T/out" 2> "$T/err" || disk=$?
	eq "$filter: standard input is closed" "$disk" 3
	has "$filter: it says so" "$T/err" "$tool: "
	disk=0
	echo '{' | f "$filter" --rejects /dev/full > "$T/out" 2> "$T/err" || disk=$?
	eq "$filter: no room for the rejects" "$disk" 3

	rm -f "$T"/o "$T"/o.* "$T"/.o*
	t "$filter: -o" 0 f "$filter" -o "$T/o" "$T/abc"
	eq "$filter: nothing on standard output then" "$(cat "$T/out")" ''
	undo "$T/o" > "$T/undone"
	same "$filter: all is in the file" "$T/undone" "$T/abc"
	echo old > "$T/o"
	t "$filter: -o when a file cannot be read" 3 f "$filter" -o "$T/o" "$T/a" "$T/none"
	eq "$filter: what stood there stands" "$(cat "$T/o")" old
	mkdir -p "$T/beside"
	f "$filter" -o "$T/beside/o" "$T/a" "$T/none" > "$T/out" 2> "$T/err" || true
	eq "$filter: and nothing is left beside" "$(find "$T/beside" -type f | wc -l | xargs)" 0
	t "$filter: -o in a folder that is not there" 3 f "$filter" -o "$T/none/o" "$T/abc"
	has "$filter: it is named" "$T/err" "$T/none/o"
	t "$filter: -o twice: the last counts" 0 f "$filter" -o "$T/o1" -o "$T/o2" "$T/abc"
	holds "$filter: and only that is written" test ! -e "$T/o1" -a -s "$T/o2"
	rm -f "$T/o2"
	ln -s o "$T/link"
	f "$filter" -o "$T/link" "$T/a" > "$T/out" 2> "$T/err"
	undo "$T/o" > "$T/undone"
	same "$filter: -o through a link writes what it names" "$T/undone" "$T/a"
	holds "$filter: and the link stays" test -L "$T/link"
	rm -f "$T/pipe" "$T/link" "$T/o2"
	mkdir -p "$T/links"
	ln -sf links/next "$T/link"
	ln -sf ../o2 "$T/links/next"
	f "$filter" -o "$T/link" "$T/a" > "$T/out" 2> "$T/err"
	holds "$filter: and makes it where it is not there yet" test -L "$T/link" -a -L "$T/links/next" -a -s "$T/o2"
	rm -f "$T/link" "$T/o2"
	mkfifo "$T/pipe"
	cat "$T/pipe" > "$T/piped" &
	f "$filter" -o "$T/pipe" "$T/abc" > "$T/out" 2> "$T/err"
	holds "$filter: -o leaves a pipe or a device what it is" test -p "$T/pipe"
	if [ -p "$T/pipe" ]; then wait; else kill $!; fi
	undo "$T/piped" > "$T/undone"
	same "$filter: and writes to it" "$T/undone" "$T/abc"

	# where the output goes on, and where it ends
	many 20000 > "$T/in"
	cat > "$T/piped.py" <<-'P'
		import os, signal, subprocess, sys
		manner = signal.SIG_IGN if sys.argv[1] == "ignored" else signal.SIG_DFL
		p = subprocess.Popen(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.PIPE, restore_signals=False,
		    preexec_fn=lambda: signal.signal(signal.SIGPIPE, manner))
		p.stdout.readline()
		p.stdout.close()
		said = p.stderr.read()
		p.wait()
		print(p.returncode, "silent" if not said else "said")
	P
	# shellcheck disable=SC2046 # a command in words
	eq "$filter: a reader that goes ends it in silence" "$(python3 "$T/piped.py" default $(words "$filter") "$T/in")" '-13 silent'
	# shellcheck disable=SC2046
	eq "$filter: where SIGPIPE is ignored it says so" "$(python3 "$T/piped.py" ignored $(words "$filter") "$T/in")" '3 said'
	cat > "$T/live.py" <<-'P'
		import select, subprocess, sys
		lines = open(sys.argv[1], "rb").readlines()
		p = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
		for turn, line in enumerate(lines):
		    p.stdin.write(line)
		    p.stdin.flush()
		    ready, _, _ = select.select([p.stdout], [], [], 20)
		    if not ready:
		        p.kill()
		        sys.exit("turn %d: nothing came" % turn)
		    assert p.stdout.readline().startswith(line[:20])
		p.stdin.close()
		rest = p.stdout.read()
		sys.exit(p.wait() or len(rest))
	P
	# shellcheck disable=SC2046
	holds "$filter: a record leaves while the input pauses" python3 "$T/live.py" "$T/abc" $(words "$filter")

	# how much it says
	t "$filter: -q still names bad lines" 4 f "$filter" -q "$strange"
	has "$filter: with its name" "$T/err" "$tool: "
	t "$filter: -v" 0 f "$filter" -v "$T/abc"
	undo "$T/out" > "$T/undone"
	same "$filter: -v changes no record" "$T/undone" "$T/abc"

	# the same again
	f "$filter" "$T/abc" > "$T/one" 2> "$T/err"
	f "$filter" "$T/abc" > "$T/two" 2> "$T/err"
	same "$filter: same input, same output" "$T/one" "$T/two"
done

# -o onto what cannot be replaced: a file that is mounted by itself, or whose folder takes no new one
mkdir -p "$T/fixed"
echo > "$T/fixed/o"
record s > "$T/a"
llm-route "$T/a" > "$T/want" 2> "$T/err"
cat > "$T/fixed.sh" <<-P
	[ \$1 != folder ] || { mount --bind "$T/fixed" "$T/fixed" && mount -o remount,bind,ro "$T/fixed"; }
	mount --bind "$T/outside" "$T/fixed/o"
	llm-route -o "$T/fixed/o" "$T/a"
P
for fixed in file folder; do
	if ! unshare -rm mount --bind "$T/fixed" "$T/fixed" 2> "$T/err"; then
		skip "-o onto a mounted $fixed" 'no mount namespaces'
		continue
	fi
	cat "$T/want" "$T/want" > "$T/outside"
	t "-o onto a mounted $fixed" 0 unshare -rm sh -e "$T/fixed.sh" $fixed
	same 'all is in it' "$T/outside" "$T/want"
	eq 'and nothing beside' "$(find "$T/fixed" -type f | wc -l | xargs)" 1
done

# a store is never written to in place of a standard stream that was closed
filter=cache
record s > "$T/a"
rm -f "$T/store"
llm-cache get --store "$T/store" "$T/a" > "$T/out" 2> "$T/err"
llm-cache get --store "$T/store" "$T/a" >&- 2> "$T/err" || true
llm-cache get --store "$T/store" "$T/a" > "$T/out" 2>&- || true
t 'cache: the store is whole after closed streams' 0 llm-cache get --store "$T/store" "$T/a"
finish
