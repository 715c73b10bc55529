#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pairs of questions that differ in one thing that matters (number, negation, name, date, direction),
as lines of text, tab, text, tab, kind. Half are made from templates below, half from questions of
the sets in the folder: data/semantic with banking77-test.csv and clinc150.json.

With --rewordings: pairs that ask for the same in other words, from the same templates.
usage: semantic-swaps.py FOLDER [--rewordings]"""
import csv
import json
import random
import re
import sys

PEOPLE = "Anna Bob Carlos Dmitri Elena Farid Grace Hiroshi Ingrid Jamal Priya Quentin Rosa Samuel Tariq Yusuf".split()
CITIES = "Paris London Berlin Madrid Chicago Boston Dallas Houston Denver Seattle Tokyo Lagos Mumbai Sydney Lima Oslo".split()
LANDS = "France Germany Spain Italy Brazil Japan Canada Kenya Egypt Norway Poland India Mexico Peru Chile Turkey".split()
FIRMS = "Visa Mastercard Amazon Google Netflix Spotify Toyota Nokia Adobe Oracle Siemens Walmart".split()
MONTHS = "January February April June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONEY = "dollars euros pounds yen rupees francs".split()
NUMBERS = ["2", "3", "5", "7", "12", "15", "30", "48", "90", "100", "250", "1,000", "1942", "2019", "2024"]
WORDS = "two three four five six seven eight nine ten eleven twelve twenty thirty fifty".split()

# {x} is swapped; each line is one kind
NUMBER = ["How do I send {x} invoices at once?", "What happened in the year {x}?", "Can I return an item after {x} days?",
          "Convert {x} kilometers to miles", "What is {x} percent of 640?", "Write a poem of {x} lines about the sea",
          "Is a fever of {x} dangerous?", "Give me {x} ideas for a birthday party", "How long does it take to run {x} miles?",
          "Why was I charged ${x} for a transfer?", "Set a timer for {x} minutes", "Summarise this book in {x} sentences",
          "What is the square root of {x}?", "Find me a hotel under ${x} a night", "how many calories are in {x} eggs"]
NAME = [("Who is the president of {x}?", LANDS), ("What is the population of {x}?", CITIES), ("What's the weather like in {x}?", CITIES),
        ("How tall is {x}?", PEOPLE), ("When was {x} founded?", FIRMS), ("How do I cancel my {x} subscription?", FIRMS),
        ("Send an email to {x} about the meeting", PEOPLE), ("Do I need a visa for {x}?", LANDS), ("What time is it in {x}?", CITIES),
        ("Is {x} coming to the party?", PEOPLE), ("What are the best restaurants in {x}?", CITIES), ("Can I pay with {x}?", FIRMS)]
DATE = [("Is the office open on {x}?", DAYS), ("What events are there in {x}?", MONTHS), ("Move my appointment to {x}", DAYS),
        ("What was the weather like last {x}?", DAYS), ("How much did I spend in {x}?", MONTHS),
        ("Book a table for two {x}", ["today", "tomorrow", "next week", "next month"]),
        ("What did I have on my calendar {x}?", ["yesterday", "last week", "last month", "last year"]),
        ("Which films come out in {x}?", ["1994", "2003", "2016", "2021"])]
NEGATION = [("Why is my {x} working?", "Why is my {x} not working?"), ("Can I use my {x} abroad?", "Can't I use my {x} abroad?"),
            ("Which {x} are safe to eat?", "Which {x} are not safe to eat?"), ("How do I enable {x}?", "How do I disable {x}?"),
            ("Should I tell my doctor about {x}?", "Should I not tell my doctor about {x}?"),
            ("List foods with {x}", "List foods without {x}"), ("How do I increase {x}?", "How do I decrease {x}?"),
            ("My {x} was accepted, what now?", "My {x} was rejected, what now?"), ("Is {x} legal?", "Is {x} illegal?"),
            ("What are the advantages of {x}?", "What are the disadvantages of {x}?"),
            ("How do I lock {x}?", "How do I unlock {x}?"), ("Where can I buy {x}?", "Where can I sell {x}?")]
THINGS = ["card", "phone", "laptop", "account", "mushrooms", "notifications", "dark mode", "sugar", "gluten", "roaming", "backups",
          "solar panels", "stocks", "the front door", "remote work", "caffeine"]
DIRECTION = [("How do I get from {x} to {y}?", CITIES), ("Convert 100 {x} to {y}", MONEY), ("Is {x} larger than {y}?", LANDS),
             ("Does {x} owe {y} money?", PEOPLE), ("How do I transfer money from {x} to {y}?", FIRMS), ("Did {x} beat {y} in the final?", LANDS),
             ("Translate this message from {x} to {y}", ["English", "French", "German", "Spanish", "Italian"]),
             ("Is {x} older than {y}?", PEOPLE), ("Flights from {x} to {y}", CITIES), ("Did {x} come before {y}?", FIRMS)]
REWORD = [("How do I reset my {x}?", "How can I reset my {x}?"), ("What is the capital of {l}?", "Can you tell me the capital of {l}?"),
          ("What is the population of {c}?", "How many people live in {c}?"), ("Please summarise the history of {l}", "Summarize {l}'s history for me"),
          ("How do I cancel my {f} subscription?", "I want to cancel my subscription to {f}"), ("Is {c} a safe city?", "How safe is {c}?"),
          ("How do I get from {c} to {d}?", "What's the best way to travel from {c} to {d}?"), ("Why is my {x} not working?", "My {x} isn't working, why?"),
          ("Do I need a visa for {l}?", "Is a visa required to visit {l}?"), ("What's the weather like in {c}?", "Tell me about the weather in {c}"),
          ("Convert {n} dollars to euros", "How many euros is {n} dollars?"), ("How long does it take to boil {n} eggs?", "Time needed to boil {n} eggs")]


def one_of(rng, values, other=None):
    return rng.choice([v for v in values if v != other])


def from_templates(rng, count):
    for i in range(count):
        kind = i % 5
        lower = rng.random() < 0.3
        if kind == 0:
            t, pool = rng.choice(NUMBER), WORDS if rng.random() < 0.3 else NUMBERS
        elif kind == 1:
            t, pool = rng.choice(NAME)
        elif kind == 2:
            t, pool = rng.choice(DATE)
        elif kind == 3:
            a, b = rng.choice(NEGATION)
            thing = rng.choice(THINGS)
            yield a.format(x=thing), b.format(x=thing), "negation"
            continue
        else:
            t, pool = rng.choice(DIRECTION)
            x = rng.choice(pool)
            y = one_of(rng, pool, x)
            a, b = t.format(x=x, y=y), t.format(x=y, y=x)
            yield (a.lower(), b.lower(), "direction") if lower else (a, b, "direction")
            continue
        x = rng.choice(pool)
        a, b = t.format(x=x), t.format(x=one_of(rng, pool, x))
        yield (a.lower(), b.lower(), ["number", "name", "date"][kind]) if lower else (a, b, ["number", "name", "date"][kind])


def swap_word(rng, text, pool, kind):
    pattern = re.compile(r"\b(" + "|".join(re.escape(p) for p in pool) + r")\b", re.I)
    found = pattern.search(text)
    if not found:
        return None
    other = rng.choice([p for p in pool if p.lower() != found[0].lower()])
    other = other.lower() if found[0].islower() else other
    return text[: found.start()] + other + text[found.end() :], kind


def swap_number(rng, text):
    found = re.search(r"\b\d[\d,.]*\b", text)
    if not found:
        return None
    return text[: found.start()] + one_of(rng, NUMBERS, found[0]) + text[found.end() :], "number"


def swap_negation(rng, text):
    for a, b in [(r"\bcan\b", "can't"), (r"\bdoes\b", "doesn't"), (r"\bwas\b", "wasn't"), (r"\bhas\b", "hasn't"), (r"\bis\b", "is not"),
                 (r"\bdid\b", "didn't"), (r"\bwill\b", "won't"), (r"\bshould\b", "should not")]:
        if re.search(r"n't|\bnot\b|\bno\b|never|without|\bn?or\b", text, re.I):
            return None
        if re.search(a, text):
            return re.sub(a, b, text, count=1), "negation"
    return None


def swap_direction(rng, text):
    found = re.search(r"\bfrom ([a-z]{3,}) to ([a-z]{3,})\b", text, re.I)
    if not found or found[1].lower() in ("the", "one", "my") or found[2].lower() in ("the", "another", "my"):
        return None
    return text[: found.start(1)] + found[2] + " to " + found[1] + text[found.end() :], "direction"


def from_questions(rng, folder, most):
    with open(f"{folder}/banking77-test.csv", encoding="utf-8") as f:
        texts = [row["text"] for row in csv.DictReader(f)]
    with open(f"{folder}/clinc150.json", encoding="utf-8") as f:
        data = json.load(f)
    texts += [row[0] for part in sorted(data) for row in data[part]]
    texts = sorted({" ".join(t.split()) for t in texts})
    rng.shuffle(texts)
    counts = {}
    for text in texts:
        tries = [swap_number(rng, text), swap_word(rng, text, CITIES + ["new york", "atlanta", "miami"], "name"), swap_word(rng, text, LANDS, "name"),
                 swap_word(rng, text, PEOPLE + ["john", "sarah", "mom", "dad"], "name"), swap_word(rng, text, FIRMS + ["apple"], "name"),
                 swap_word(rng, text, DAYS + MONTHS, "date"), swap_word(rng, text, ["yesterday", "tomorrow"], "date"),
                 swap_direction(rng, text), swap_negation(rng, text)]
        for done in tries:
            if done and counts.get(done[1], 0) < most // 5 and done[0] != text:
                counts[done[1]] = counts.get(done[1], 0) + 1
                yield text, done[0], done[1]
                break


def rewordings(rng, count):
    for _ in range(count):
        a, b = rng.choice(REWORD)
        c = rng.choice(CITIES)
        words = {"x": rng.choice(["password", "PIN", "card", "phone", "account"]), "l": rng.choice(LANDS), "c": c,
                 "d": one_of(rng, CITIES, c), "f": rng.choice(FIRMS), "n": rng.choice(["3", "10", "25", "100"])}
        yield a.format(**words), b.format(**words), "rewording"


def main():
    rng = random.Random(7)
    if "--rewordings" in sys.argv:
        pairs = rewordings(rng, 500)
    else:
        pairs = list(from_templates(rng, 1500)) + list(from_questions(rng, sys.argv[1], 1500))
    seen = set()
    for pair in pairs:
        if pair not in seen:
            seen.add(pair)
            print("\t".join(pair))


main()
