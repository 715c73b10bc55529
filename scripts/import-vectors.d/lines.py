# SPDX-License-Identifier: MIT
"""The text that the table is refined on, one text a line, always the same.

usage: lines.py WORDNET-FOLDER CHATTERBOT-FOLDER TOLD ASKED

TOLD, from WordNet: of each synset its words with the definition, the definition alone, and each
example. ASKED: the words and definitions of everyday synsets, and of all, put into the ways in which
people ask, and the English lines of ChatterBot's corpus as they are."""

import itertools
import pathlib
import random
import re
import sys

QUESTIONS = 150000

# {n} a noun, {v} a verb, {d} what a verb means, {g} what a noun means, {a} an adjective
ASKED = """
what is {n}
what is a {n}?
what are {n}s?
what does {n} mean?
What is the difference between {n} and {n}?
what's the best {n} for {n}?
how do i {v} a {n}
How do I {v} my {n}?
How can I {d}?
how can i {v} the {n}
How do you {v} {n}?
how to {v} a {n}
How to {d}
how long does it take to {v} a {n}?
how long will the {n} take
How much does a {n} cost?
how much {n} do i need to {v}
How many {n}s are there in a {n}?
how often should I {v} the {n}?
how far is the {n} from here
how old is the {n}
Why is my {n} not {a}?
why can't I {v} my {n}?
Why did the {n} {v}?
why does my {n} {v}
why was the {n} so {a}?
why do people {d}?
Where is my {n}?
where can i find a {n}
Where can I {v} a {n}?
Where do I go to {d}?
where did the {n} come from?
When will my {n} {v}?
when should I {v} the {n}?
when is the next {n}
Who can {v} my {n}?
who invented the {n}?
Which {n} is more {a}?
which {n} should i {v}
Can I {v} a {n} without a {n}?
can i {d}
can you {v} the {n} for me?
Can you help me {v} a {n}?
can you tell me about {g}
Can you explain what {n} is?
could you please {d}
could you tell me how to {v} this {n}?
Do I need a {n} to {v}?
do you know where my {n} is?
do you have any {a} {n}s?
Do you {v} {n}s?
does the {n} {v}?
Did you {v} my {n}?
is it {a} to {v} a {n}?
Is it possible to {d}?
is there a way to {d}?
Is there a {n} near me?
is my {n} still {a}?
is the {n} {a} or {a}
Are there any {n}s that {v}?
are {n}s {a}?
Should I {v} my {n}?
will the {n} be {a} tomorrow?
would it be {a} to {v} my {n}?
What can I do if my {n} is {a}?
what should i do to {d}
what do i do when the {n} won't {v}
What happens if I {v} the {n}?
What happened to my {n}?
what kind of {n} is this
what time does the {n} {v}
what would you call {g}?
What do you call someone who has to {d}?
I can't {v} my {n}
I cannot find the {n}, please help!
I want to {v} a {n}.
i want to {d}
I need to {v} the {n} today
i need a {a} {n}
I'd like to {d}.
i would like to know if the {n} is {a}
I lost my {n}, what should I do?
I don't know how to {d}.
I don't understand the {n}
I am still waiting for my {n}
i'm trying to {v} my {n} but it is {a}
I tried to {v} the {n} and it did not work
I was told that I have to {d}, why?
I think my {n} has been {a}
I have a question about {n}
I just got a {n}; how do I {v} it?
my {n} doesn't {v}
My {n} is {a}.
my {n} is not working
My {n} was {a} this morning, is that normal?
There is a problem with the {n}
there's a {n} that I did not {v}
Please {v} the {n}
please tell me how to {d}
please show me a {a} {n}
Tell me about {n}
tell me a {n} about {n}
Tell me what {g} is called.
Explain {n} to me
Explain the {n} in simple words
Write a {n} about a {a} {n}
Write a short {n} that describes {g}.
Give me an example of {n}
give me a list of {n}s
Give me some ideas for {g}
Find me a {n}
show me the {n}
Summarize this {n} for a {n}
Translate the {n} into a {n}
Compare {n} with {n}.
Help me {d}
help, my {n} is {a}!
any idea why the {n} is {a}?
Any advice on how to {d}?
remind me to {v} the {n}
let me know when the {n} is {a}
Set up a {n} for the {n}
turn the {n} off
cancel my {n}
change the {n} to {a}
add {n} to my {n}
does anyone know how to {d}?
has the {n} {v}ed yet?
have you seen my {n}
who is responsible for {g}
it says my {n} is {a}, but i have a {n}
so how does a {n} work?
thanks, but what about the {n}?
ok and how do i {d}
""".strip().split("\n")


def synsets(folder):
    """(kind, words, definition, examples, how often) of each synset"""
    counts = {}
    for line in open(folder / "cntlist.rev", encoding="latin-1"):
        key, _, count = line.split()
        word, _, sense = key.partition("%")
        counts[word, sense.split(":")[0], sense.split(":")[1], sense.split(":")[2]] = int(count)
    kinds = {"n": "1", "v": "2", "a": "3", "r": "4", "s": "5"}
    for name in ("noun", "verb", "adj", "adv"):
        for line in open(folder / f"data.{name}", encoding="latin-1"):
            if line.startswith("  "):
                continue
            head, _, gloss = line.partition(" | ")
            field = head.split()
            often, words = 0, []
            for at in range(int(field[3], 16)):
                word = re.sub(r"\((a|p|ip)\)$", "", field[4 + 2 * at])
                often += counts.get(
                    (word.lower(), kinds[field[2]], field[1], f"{int(field[5 + 2 * at], 16):02d}"), 0
                )
                words.append(word.replace("_", " "))
            examples = re.findall(r'"([^"]+)"', gloss)
            gloss = re.sub(r'[;:,]?\s*"[^"]*"', "", gloss).strip(" ;:\n")
            yield name, words, gloss, examples, often


def plain(found):
    for _, words, gloss, examples, _ in found:
        yield ", ".join(words) + ": " + gloss
        yield gloss
        yield from examples


class Picker:
    """Words and definitions of a kind: two of three from everyday synsets, by their count."""

    def __init__(self, chance, found, name):
        self.chance = chance
        self.all = [s for s in found if s[0] == name]
        self.often = [s for s in self.all if s[4]]
        self.weights, total = [], 0
        for s in self.often:
            total += s[4] ** 0.5
            self.weights.append(total)

    def synset(self):
        if self.chance.random() < 2 / 3:
            return self.chance.choices(self.often, cum_weights=self.weights)[0]
        return self.all[self.chance.randrange(len(self.all))]

    def word(self):
        words = self.synset()[1]
        return words[self.chance.randrange(len(words))]

    def meaning(self):
        gloss = re.sub(r"\s*\([^)]*\)\s*", " ", self.synset()[2]).split(";")[0].strip()
        return " ".join(gloss.removeprefix("to ").split()[:12])


def questions(found):
    chance = random.Random(1)
    nouns, verbs, adjectives = (Picker(chance, found, n) for n in ("noun", "verb", "adj"))
    fill = {
        "n": nouns.word,
        "v": verbs.word,
        "d": verbs.meaning,
        "g": nouns.meaning,
        "a": adjectives.word,
    }
    for _ in range(QUESTIONS):
        form = ASKED[chance.randrange(len(ASKED))]
        yield re.sub(r"\{(.)\}", lambda m: fill[m[1]](), form)


def chatter(folder):
    for file in sorted(folder.glob("data/english/*.yml")):
        for line in file.read_text(encoding="utf-8").split("\n"):
            said = re.match(r"\s*-\s*(?:-\s*)?(.*)", line)
            if said:
                yield said[1].strip("'\" ")


def write(name, lines, seen):
    with open(name, "w", encoding="utf-8") as out:
        for line in lines:
            line = line.strip()
            if len(line) > 3 and line not in seen:
                seen.add(line)
                out.write(line + "\n")


def main():
    wordnet, chatterbot = (pathlib.Path(name) for name in sys.argv[1:3])
    found, seen = list(synsets(wordnet)), set()
    write(sys.argv[3], plain(found), seen)
    write(sys.argv[4], itertools.chain(questions(found), chatter(chatterbot)), seen)


if __name__ == "__main__":
    main()
