#!/bin/sh
# SPDX-License-Identifier: MIT
# llm-route lint, and what a ROUTES file must not say
. "$(dirname "$0")/../lib.sh"

fine() { # WHAT LINE...
	fine_what=$1
	shift
	printf '%s\n' "$@" > "$T/routes"
	t "$fine_what" 0 llm-route lint "$T/routes"
	eq 'has no findings' "$(cat "$T/out")" ''
}
bad() { # WHAT FINDING LINE...
	bad_what=$1 bad_want=$2
	shift 2
	printf '%s\n' "$@" > "$T/routes"
	t "$bad_what" 1 llm-route lint "$T/routes"
	has 'is found' "$T/out" "$T/routes:$bad_want"
	eq 'and nothing else' "$(wc -l < "$T/out" | tr -d ' ')" 1
}
wrong() { # LINE MESSAGE
	printf '# first\n%s\n' "$1" > "$T/routes"
	printf '{}\n' > "$T/in"
	t "wrong: $1" 2 llm-route -r "$T/routes" -o "$T/never" "$T/in"
	has 'the line is named' "$T/err" "llm-route: $T/routes:2: "
	has 'and what is wrong' "$T/err" "$2"
	holds 'nothing was written' test ! -e "$T/never"
}

printf '{"type":"object"}\n' > "$T/schema"
fine 'an empty file' ''
fine 'all kinds of lines' '# comment' '' 'tier small gpt-4o-mini gpt-4.1-nano # the cheap ones' 'tier large gpt-4o o3' \
	'alias fast = gpt-4o-mini' 'user free small..small' 'user pro small..large' 'task mail /^(Subject|From):/' \
	'fallback error = keep' 'fallback label = strongest' 'fallback confidence = large' 'fallback tier = free' \
	'rule a task=mail -> fast max_tokens=10' 'rule b tokens>100 tokens<200 -> large service_tier=flex effort=low' \
	'rule c text~/a b\/c/i .body.x="y z" -> gpt-4.1' 'default lane=batch -> small' 'default -> keep'
fine 'narrow before wide' 'rule a tokens>1000 -> gpt-4o' 'rule b tokens>100 -> gpt-4o-mini' 'default -> keep'
fine 'what a trained model leads to is not known before it is asked' 'rule a task=code -> learned effort=high region=eu' 'default -> learned max_tokens=10'
fine 'two values of one attribute' 'rule a tag=x tag=y -> gpt-4o'
bad 'a rule after one without conditions' "2: 'b' is never reached: 'a' in line 1 matches first" 'rule a -> gpt-4o' 'rule b user=x -> gpt-4o'
bad 'the same conditions' "2: 'b' is never reached" 'rule a user=x -> gpt-4o' 'rule b user=x tokens>1 -> gpt-4o'
bad 'wide before narrow' "2: 'b' is never reached" 'rule a tokens>100 -> gpt-4o' 'rule b tokens>=200 -> gpt-4o'
bad 'a pattern before its value' "2: 'b' is never reached" 'rule a user~/^x/ -> gpt-4o' 'rule b user=xy -> gpt-4o'
bad 'a default after a default' "2: 'default' is never reached" 'default -> keep' 'default user=x -> gpt-4o'
bad 'tokens in no range' "1: 'a' can never match" 'rule a tokens>10 tokens<5 -> gpt-4o'
bad 'two levels at once' "1: 'a' can never match" 'rule a complexity=simple complexity=complex -> gpt-4o'
bad 'fewer than none' "1: 'tokens<0' can never hold" 'rule a tokens<0 -> gpt-4o'
bad 'an unknown model in a tier' "1: no price table knows the model 'gpt-9-nonsense'" 'tier t gpt-9-nonsense gpt-4o' 'default -> t'
bad 'an unknown target' "1: 'smal' is no tier and no known model" 'default -> smal'
bad 'an alias to itself' "1: alias 'a' leads back to itself" 'alias a = a' 'default -> keep'
printf 'alias a = b\nalias b = c\nalias c = a\ndefault -> a\n' > "$T/routes"
t 'a loop of three' 1 llm-route lint "$T/routes"
eq 'is found at each' "$(wc -l < "$T/out" | tr -d ' ')" 3
printf '{}\n' > "$T/in"
t 'and ends a run' 2 llm-route -r "$T/routes" "$T/in"
has 'with its line' "$T/err" "$T/routes:1: this alias leads back to itself"
printf 'alias a = a\nrule r user=x -> gpt-4o effort=high\ndefault -> a region=eu\n' > "$T/routes"
t 'a loop hides no other finding' 1 llm-route lint "$T/routes"
has 'of the settings' "$T/out" "$T/routes:2: 'r' can never be met: no model of 'gpt-4o' reasons"

bad 'an alias to a tier' "2: alias 'a' leads to a tier" 'tier t gpt-4o' 'alias a = t' 'default -> t'
bad 'a fallback to itself' "2: 'gpt-4o' stands in for itself" 'default -> gpt-4o' 'fallback server of gpt-4o = gpt-4o'
bad 'a schema that nobody takes' "1: 'default' can never be met" "default -> gpt-3.5-turbo schema=\"$T/schema\""
bad 'a data policy that nobody keeps' "1: 'default' can never be met" 'default -> gpt-4o data=zero'

fine 'words and limits' 'word complex "Threat  Modelling" 3' 'word simple explain' 'word complex explain 0' 'word greeting yo' \
	'complexity moderate=1 complex=3 tokens=500 more_tokens=900 short=10 words=all'
bad 'a word that takes nothing away' "1: 'flurb' with weight 0 takes nothing away" 'word complex flurb 0'
bad 'limits the wrong way round' "1: 'moderate' from 5 points on" 'complexity moderate=5'
bad 'tokens the wrong way round' "1: 'tokens' is more than 'more_tokens'" 'complexity tokens=9000'

wrong 'teir small gpt-4o' "not 'teir'"
wrong 'tier small' 'at least one model'
wrong 'tier keep gpt-4o' "'keep' cannot be the name of a tier"
wrong 'alias a : b' "alias A = B"
wrong 'rule x user=y' "'->' is missing"
wrong 'rule x user -> small' 'FIELD=VALUE'
wrong 'rule x user=y ->' 'a tier or a model is missing'
wrong 'rule x user=y -> learned' "'learned' wants '--model-file'"
wrong 'default -> learned' "'learned' wants '--model-file'"
wrong 'rule x text~/(/ -> a' 'the pattern is wrong at its byte 2'
wrong 'rule x text~/(a)\1/ -> a' 'back references'
wrong 'rule x text~/a -> a' 'a pattern has no end'
wrong 'rule x text~/a/g -> a' '/…/ or /…/i'
wrong 'rule x user="a -> a' 'a quote is not closed'
wrong 'rule x tokens=5 -> a' 'tokens, turns, hour and deadline, and nothing else'
wrong 'rule x user>5 -> a' 'tokens, turns, hour and deadline, and nothing else'
wrong 'rule x tokens>many -> a' 'whole number'
wrong 'rule x complexity=easy -> a' 'simple, moderate, complex or none'
wrong 'rule x lane=fast -> a' 'realtime, flex or batch'
wrong 'rule x .a[=1 -> a' '.a[=1'
wrong 'rule x -> a temperature=1' "no setting 'temperature'"
wrong 'rule x -> a max_tokens=0' 'above 0'
wrong 'user free a..b' 'two tiers that stand above'
wrong 'task x foo' '/PATTERN/'
wrong 'word hard explain' "greeting, not 'hard'"
wrong 'word complex' 'a word or'
wrong 'word complex "--"' 'holds no word'
wrong 'word complex explain 10' '0 to 9'
wrong 'word constraint must 2' '0 to 1'
wrong 'word complex explain 1 2' "not '2'"
wrong 'complexity hard=3' "no limit 'hard'"
wrong 'complexity complex=0' 'above 0'
wrong 'complexity complex' 'KEY=VALUE'
wrong 'complexity words=mine' 'own or all'
wrong 'fallback sun = keep' 'error, label, confidence and tier'
wrong 'fallback tier = gold' "'lowest' or a kind of user that stands above"
wrong 'fallback error : keep' 'fallback NAME = TARGET'
wrong 'fallback label = learned' "'learned' is a target of rules and defaults only"
wrong 'fallback server of' 'a model'
wrong 'fallback server of a b' 'fallback CLASS [of NAME] = TARGET'
wrong 'fallback server =' 'what is chosen is missing'
wrong 'rule -> a' 'a rule has a name of its own'
wrong 'rule default user=x -> a' 'a rule has a name of its own'
wrong 'task x /(/' 'the pattern is wrong at its byte 2'
wrong 'rule x -> a stop=1 stop=2 stop=3 stop=4 stop=5' 'more than 4 stop sequences'
wrong 'rule x -> a latency=soon' 'latency is a duration'
wrong 'rule x -> a json=maybe' 'json is on or off'
wrong 'rule x -> a effort=huge' 'effort is none, minimal, low'
wrong 'rule x -> a json=on schema=f' 'json, schema and tool exclude each other'
wrong 'model m input=many output=1' 'input is a number of dollars'
wrong 'model m input=1' 'both input and output'
wrong 'model m batch_input=1 batch_output=1' 'both input and output'
wrong 'model m window=0' 'window is a whole number above 0'
wrong 'model m can=vision cannot=vision' 'a model cannot do what it can'
wrong 'model m can=fly' "'fly'"
wrong 'model m quality=simple' 'quality is a share, or simple:P'
wrong 'model m colour=red' "'colour'"
wrong 'cooldown allowed_fails=0' 'allowed_fails is a number above 0'
wrong 'cooldown cooldown_time=soon' 'cooldown_time is seconds or a duration'
wrong 'cooldown wait=3' 'allowed_fails and cooldown_time'
for line in 'alias a = b' 'model m window=9' 'profile x max_tokens=1' 'complexity complex=5'; do
	printf '%s\n%s\n' "$line" "$line" > "$T/routes"
	t "twice: $line" 2 llm-route lint "$T/routes"
	has 'is named with its second line' "$T/err" "$T/routes:2: "
done
printf 'tier a gpt-4o\ntier a gpt-4o\n' > "$T/routes"
t 'a tier twice' 2 llm-route lint "$T/routes"
printf 'default -> keep\nrule x -> gpt-4o\n' > "$T/routes"
t 'a rule behind a default' 2 llm-route lint "$T/routes"
for bounds in a..b b..a a a..; do
	printf 'tier a gpt-4o\nuser free %s\n' "$bounds" > "$T/routes"
	t "bounds that are no two tiers: $bounds" 2 llm-route lint "$T/routes"
done
printf 'tier a gpt-4o\ntier b gpt-4.1\nuser free b..a\n' > "$T/routes"
t 'bounds the wrong way round' 2 llm-route lint "$T/routes"
has 'are named' "$T/err" "routes:3: the first tier of a user's bounds stands before the second"
printf 'rule x -> gpt-4o\nrule x -> gpt-4o\n' > "$T/routes"
t 'a rule twice' 2 llm-route lint "$T/routes"
printf 'tier \377 gpt-4o\n' > "$T/routes"
t 'bytes that are no UTF-8' 2 llm-route lint "$T/routes"
t 'no file of rules' 2 llm-route -r "$T/none" "$T/in"
t 'lint without a file' 2 llm-route lint
printf '\357\273\277tier a gpt-4o\r\ndefault -> a\r\n' > "$T/routes"
t 'a byte-order mark and CR' 0 llm-route lint "$T/routes"
finish
