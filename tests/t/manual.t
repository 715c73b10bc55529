#!/bin/sh
# SPDX-License-Identifier: MIT
# Goal: what a manual says is so. Every example runs and ends as it says (`# exits N` in its block,
# else 0), the README's too; every option of --help stands in the manual and the other way round.
. "$(dirname "$0")/../lib.sh"

provider --usage 100,50
cat > "$T/blocks.py" <<'P'
# Examples of the named files into folder argv[1], one file each: NAME-N, with its lines as sh.
import re, sys
def text(line):
    if line.startswith(".") or line.startswith("'"):
        return None
    return re.sub(r"\\(e|&|-|\(aq|\(dq|\(ga|\(ti|\(ha)", lambda m: {
        "e": "\\", "&": "", "-": "-", "(aq": "'", "(dq": '"', "(ga": "`", "(ti": "~", "(ha": "^"}[m.group(1)], line)
for name in sys.argv[2:]:
    block, blocks, examples = None, [], name.endswith(".md")
    for line in open(name, encoding="utf-8"):
        line = line.rstrip("\n")
        if name.endswith(".md"):
            if block is None and line.startswith("```sh"):
                block = [] if marked else None
            elif block is not None and line.startswith("```"):
                blocks.append(block)
                block = None
            elif block is not None:
                block.append(line)
            marked = line.strip() == "<!-- runs -->"
            continue
        if line.startswith(".Sh "):
            examples = line[4:].strip() == "EXAMPLES"
        elif examples and line.startswith(".Bd -literal"):
            block = []
        elif line.startswith(".Ed") and block is not None:
            blocks.append(block)
            block = None
        elif block is not None and text(line) is not None:
            block.append(text(line))
    for i, block in enumerate(blocks, 1):
        with open("%s/%s-%d" % (sys.argv[1], name.rsplit("/", 1)[-1], i), "w", encoding="utf-8") as f:
            f.write("\n".join(block) + "\n")
P

# what the examples find
prepare() {
	rm -rf "$T/room"
	mkdir "$T/room"
	for i in 1 2 3; do
		printf '{"custom_id":"q%s","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","max_tokens":100,"metadata":{"task":"ask","user":"u%s","tenant":"t1"},"messages":[{"role":"system","content":"You   help."},{"role":"user","content":"Question %s?"}]}}\n' $i $i $i
	done > "$T/room/req.jsonl"
	sed 's/}$/,"response":{"status_code":200,"body":{"model":"gpt-4o-2024-08-06","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}],"usage":{"prompt_tokens":20,"completion_tokens":1,"total_tokens":21}}},"time":"2026-11-20T10:00:00Z"}/' "$T/room/req.jsonl" > "$T/room/answered.jsonl"
	printf '%s\n' '{"time":"2026-11-20T10:00:00Z","model":"gpt-4o","usage":{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105},"metadata":{"user":"u1"}}' \
		'{"time":"2026-11-20T11:00:00Z","model":"gpt-4o-mini","usage":{"prompt_tokens":300,"completion_tokens":20,"total_tokens":320},"metadata":{"user":"u2"}}' > "$T/room/log.jsonl"
	printf 'id,subject,text\n1,printer,it is on fire\n2,coffee,there is none\n' > "$T/room/tickets.csv"
	printf '{"custom_id":"{id}","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o-mini","max_tokens":50,"messages":[{"role":"user","content":"Classify: {subject}: {text}"}]}}\n' > "$T/room/ask.json"
	printf 'tier small gpt-4o-mini\nrule short tokens>100000 -> small\ndefault -> keep\n' > "$T/room/routes"
	printf 'How many tokens is this?\n' > "$T/room/prompt.txt"
	printf 'one line\nanother line\n' > "$T/room/lines.txt"
}
# example FILE: runs it where those of its page before it ran; the first line that fails ends it
example() {
	page=${1##*/} page=${page%-*}
	[ "$page" = "${room_of:-}" ] || prepare
	room_of=$page
	wanted=$(sed -n 's/.*# exits \([0-9]*\).*/\1/p' "$1" | tail -n 1)
	name=$(basename "$1")
	for need in parallel less spark-submit faketime; do
		if grep -qw -- "$need" "$1" && ! command -v "$need" > "$T/which"; then
			skip "example $name: $(head -n 1 "$1")" "$need is not installed"
			return
		fi
	done
	got=0
	(cd "$T/room" && LLM_BASE_URL="http://127.0.0.1:$port/v1" timeout 60 sh -eu "$1") > "$T/out" 2> "$T/err" < /dev/null || got=$?
	if [ "$got" = "${wanted:-0}" ]; then
		pass "example $name: $(head -n 1 "$1" | cut -c1-100)"
	else
		fail "example $name" "status $got, not ${wanted:-0}:" "$(cat "$1")" "$(head -c 600 "$T/err")"
	fi
}

mkdir "$T/blocks"
python3 "$T/blocks.py" "$T/blocks" "$TOP"/man/*.[157] "$TOP/README.md"
for page in llm-route.1 llm-compress.1 llm-cache.1 llm-batch.1 llm-cost.1 llm-tools.7; do
	holds "$page has at least three examples" test "$(find "$T/blocks" -name "$page-*" | wc -l)" -ge 3
	for section in NAME SYNOPSIS DESCRIPTION EXAMPLES 'EXIT STATUS'; do
		case $page/$section in *.7/SYNOPSIS) continue ;; esac
		grep -q "^\.Sh $section" "$TOP/man/$page" || echo "$section"
	done > "$T/lacking" 2>&1
	eq "$page has its sections" "$(xargs < "$T/lacking")" ''
done
for block in $(find "$T/blocks" -type f | sort -V); do example "$block"; done

# options: of the tool and of each of its commands
for tool in llm-route llm-compress llm-cache llm-batch llm-cost; do
	"$tool" --help > "$T/help" 2>&1
	sed -n '/^commands:/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' "$T/help" > "$T/commands"
	while read -r command; do "$tool" "$command" --help; done < "$T/commands" >> "$T/help" 2>&1
	# the lines of the tables of options
	grep -E '^ +(-[A-Za-z],? +)?--[a-z]' "$T/help" | grep -oE -e '--[a-z0-9][a-z0-9-]*' | sort -u > "$T/in-help"
	# .Fl -name or .Fl \-name, of this page and of what all tools share
	options_in() { grep -ohE -e 'Fl (\\-|-)[a-z0-9][a-z0-9-]*' "$@" | sed -E 's/^Fl (\\-|-)/--/' | sort -u; }
	options_in "$TOP/man/$tool.1" "$TOP/man/llm-tools.7" > "$T/in-page"
	eq "$tool: every option of --help is in its page or in llm-tools(7)" "$(comm -23 "$T/in-help" "$T/in-page" | xargs)" ''
	options_in "$TOP/man/$tool.1" > "$T/in-page"
	eq "$tool: every option of its page exists" "$(comm -13 "$T/in-help" "$T/in-page" | xargs)" ''
	while read -r command; do grep -qE "^\.(It|Nm|Cm|Ic|Sx|Ss|Op|Xo).*\b$command\b" "$TOP/man/$tool.1" || echo "$command"; done < "$T/commands" > "$T/lacking"
	eq "$tool: every command is in its page" "$(xargs < "$T/lacking")" ''
done
finish
