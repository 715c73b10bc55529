#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A provider on loopback, for tests and the demo: the calls of OpenAI, Azure, Anthropic, Gemini and
Mistral, their files and batches (provider_jobs.py), and faults on demand.

usage: provider.py [--port N] [--log FILE] [--answers echo|ok] [--usage IN,OUT]
                   [--fail-first N] [--status 429] [--retry-after 1|date+1] [--resets 6m0s] [--error-rate P]
                   [--stall S [--stall-every N]] [--cut N] [--drop N] [--delay S] [--drip S]
                   [--together N] [--wrong-json N] [--limit-rpm N] [--limit-tpm N] [--prompt-cache] [--window N]
                   [--polls N] [--batch-fail N] [--batch-break N] [--batch-status STATUS]
                   [--batch-done P] [--shuffle] [--duplicate N] [--lose-create N]
                   [--reject-upload] [--slow-files N]

The port stands on the first line of standard output. Usage counts follow the words of the texts.
The log gets a JSON line for each call: method, path, model, the members of the body, a hash of
the body, and the name of the variable whose key came along (never the key).

Faults are decided by counters, never by chance: --fail-first N gives the first N calls --status;
--error-rate 20% every fifth call; --stall S waits before each (or every N-th) answer; --cut N
closes in the middle of every N-th answer; --drop N closes every N-th call without an answer;
--wrong-json N answers every N-th call with half an object; --drip S sends every answer in pieces,
S apart; --together N answers no call before N are under way at once. They hit the calls of models; --fault-all lets them hit files and batches.
--limit-rpm, --limit-tpm: what is over it, in any second, gets 429; the answers tell the limits.
--window N: a call with more words than that is refused, in the provider's own words.
--prompt-cache: what stands before a marker of Anthropic's is written once and read from then on.
--polls N: a batch ends when it has been asked for N times; --batch-status: so (completed, failed,
full, expired, cancelled); --batch-done 50%: of an expired or cancelled one this share is done
(else every second request); --batch-fail N: every N-th line is refused, --batch-break N: has no
answer; --shuffle, --duplicate N: the order of the results, every N-th twice; --lose-create N: the
first N creations happen, and their answer is lost; --slow-files N: a file is ready when asked for N
times.

POST /_anew with options as text, one word a line, instead of a call: all that was seen is forgotten,
and these options hold from then on (--log and --port stay).
"""
import argparse
import collections
import email.utils
import hashlib
import json
import math
import os
import re
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.dont_write_bytecode = True
from provider_jobs import OpenAI, Anthropic, Gemini, Mistral, Failure  # noqa: E402


def share(text):
    value = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    return round(1 / value) if value > 0 else 0


def part(text):
    return float(text[:-1]) / 100 if text.endswith("%") else float(text)


def options(words=None):
    p = argparse.ArgumentParser(allow_abbrev=False)
    p.add_argument("--port", type=int, default=0)
    p.add_argument("--log")
    p.add_argument("--answers", choices=["echo", "ok"], default="echo")
    p.add_argument("--tokens", type=int, default=0, help="words of an echo at most; 0: 40")
    p.add_argument("--usage", help="fixed counts: IN,OUT")
    p.add_argument("--finish", default="stop", help="finish reason of every answer")
    p.add_argument("--fail-first", type=int, default=0)
    p.add_argument("--status", type=int, default=429)
    p.add_argument("--retry-after", default="1")
    p.add_argument("--resets", help="refusals tell that no tokens are left, and when all of 150,000 are back")
    p.add_argument("--error-rate", type=share, default=0)
    p.add_argument("--stall", type=float, default=0)
    p.add_argument("--stall-every", type=int, default=1)
    p.add_argument("--delay", type=float, default=0)
    p.add_argument("--cut", type=int, default=0)
    p.add_argument("--drop", type=int, default=0)
    p.add_argument("--fault-all", action="store_true")
    p.add_argument("--prompt-cache", action="store_true")
    p.add_argument("--window", type=int, default=0)
    p.add_argument("--polls", type=int, default=2)
    p.add_argument("--batch-fail", type=int, default=0)
    p.add_argument("--batch-status", default="completed")
    p.add_argument("--lose-create", type=int, default=0)
    p.add_argument("--batch-break", type=int, default=0)
    p.add_argument("--batch-done", type=part)
    p.add_argument("--shuffle", action="store_true")
    p.add_argument("--duplicate", type=int, default=0)
    p.add_argument("--reject-upload", action="store_true")
    p.add_argument("--slow-files", type=int, default=0)
    p.add_argument("--drip", type=float, default=0)
    p.add_argument("--wrong-json", type=int, default=0)
    p.add_argument("--together", type=int, default=0)
    p.add_argument("--limit-rpm", type=int, default=0)
    p.add_argument("--limit-tpm", type=int, default=0)
    p.add_argument("--redirect", help="answer every call with a redirect to this address")
    return p.parse_args(words)


def texts_of(value):
    """All strings under content, system, input, prompt and text, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for name in ("system", "messages", "input", "prompt", "content", "contents", "parts", "text"):
            if name in value:
                yield from texts_of(value[name])


def words(text):
    return len(re.findall(r"\w+|[^\w\s]", text))


def prefixes(body):
    """Each text that ends at a cache marker, and the marker's lifetime."""
    told = ""
    for message in [{"content": body.get("system", [])}] + body.get("messages", []):
        content = message.get("content")
        for block in content if isinstance(content, list) else [content]:
            told += "\n" + "\n".join(texts_of(block))
            if isinstance(block, dict) and block.get("cache_control"):
                yield told, block["cache_control"].get("ttl", "5m")


class Bucket:
    """So many a minute, and at most two seconds' share at once."""

    def __init__(self, minute):
        self.minute, self.room = minute, max(1.0, minute / 30)
        self.level, self.at = self.room, time.monotonic()

    def take(self, n):
        now = time.monotonic()
        self.level, self.at = min(self.room, self.level + (now - self.at) * self.minute / 60), now
        if self.level < 1 or (n > self.level and self.level < self.room):
            return False
        self.level -= n
        return True

    def headers(self, what):
        wait = max(0.0, (self.room - self.level) * 60 / self.minute)
        return {"x-ratelimit-limit-" + what: str(self.minute), "x-ratelimit-remaining-" + what: str(max(0, int(self.level))),
                "x-ratelimit-reset-" + what: "%dms" % (wait * 1000)}


class Provider:
    """State of the whole server; every method is called with the lock held."""

    def __init__(self, options):
        self.o = options
        self.lock = threading.Lock()
        self.calls = 0
        self.fails = options.fail_first
        self.openai, self.anthropic, self.gemini_jobs = OpenAI(self), Anthropic(self), Gemini(self)
        self.mistral = Mistral(self, self.openai)
        self.requests = Bucket(options.limit_rpm) if options.limit_rpm else None
        self.tokens = Bucket(options.limit_tpm) if options.limit_tpm else None
        self.together = threading.Barrier(options.together) if options.together else None
        self.prompts = set()
        self.log = open(options.log, "a", buffering=1) if options.log else None
        self.keys = {v: k for k, v in os.environ.items() if k.endswith("_API_KEY") and v}

    def note(self, **line):
        if self.log:
            self.log.write(json.dumps(line) + "\n")

    # answers of a model

    def counts(self, text, answer):
        if self.o.usage:
            return tuple(int(n) for n in self.o.usage.split(","))
        return words(text) + 4, words(answer)

    def reply(self, body):
        text = "\n".join(texts_of(body))
        if self.o.answers == "ok":
            return text, "ok"
        last = text.split("\n")[-1].split() or ["nothing"]
        most = self.o.tokens or 40
        return text, "Answer to: " + " ".join(last[:most])

    def chat(self, body):
        text, answer = self.reply(body)
        n_in, n_out = self.counts(text, answer)
        return {
            "id": "chatcmpl-" + digest(body), "object": "chat.completion", "created": 1790000000, "model": body["model"],
            "choices": [{"index": 0, "message": {"role": "assistant", "content": answer, "refusal": None},
                         "logprobs": None, "finish_reason": self.o.finish}],
            "usage": {"prompt_tokens": n_in, "completion_tokens": n_out, "total_tokens": n_in + n_out,
                      "prompt_tokens_details": {"cached_tokens": 0}}}

    def completion(self, body):
        """With echo, the prompt again; a word of it is the more likely, the more often it stands there."""
        prompt, answer = body["prompt"], self.reply(body)[1]
        n_in, n_out = self.counts(prompt, answer)
        tokens = (re.findall(r"\s*\S+|\s+$", prompt) if body.get("echo") else []) + [" " + answer]
        often = collections.Counter(t.strip() for t in tokens)
        told = None
        if body.get("logprobs") is not None:
            told = {"tokens": tokens, "token_logprobs": [None] + [round(math.log(often[t.strip()] / len(tokens)), 6) for t in tokens[1:]],
                    "top_logprobs": None, "text_offset": [sum(map(len, tokens[:i])) for i in range(len(tokens))]}
        return {
            "id": "cmpl-" + digest(body), "object": "text_completion", "created": 1790000000, "model": body["model"],
            "choices": [{"index": 0, "text": "".join(tokens), "logprobs": told, "finish_reason": self.o.finish}],
            "usage": {"prompt_tokens": n_in, "completion_tokens": n_out, "total_tokens": n_in + n_out}}

    def responses(self, body):
        text, answer = self.reply(body)
        n_in, n_out = self.counts(text, answer)
        return {
            "id": "resp_" + digest(body), "object": "response", "created_at": 1790000000, "status": "completed",
            "model": body["model"], "error": None, "incomplete_details": None,
            "output": [{"type": "message", "id": "msg_" + digest(body), "status": "completed", "role": "assistant",
                        "content": [{"type": "output_text", "text": answer, "annotations": []}]}],
            "usage": {"input_tokens": n_in, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": n_out,
                      "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": n_in + n_out}}

    def messages(self, body):
        text, answer = self.reply(body)
        n_in, n_out = self.counts(text, answer)
        read, written = 0, {"5m": 0, "1h": 0}
        for told, ttl in prefixes(body) if self.o.prompt_cache else ():
            known, n = (body["model"], told) in self.prompts, min(words(told), n_in)
            self.prompts.add((body["model"], told))
            if known:
                read = n
            else:
                written[ttl] += n - read - sum(written.values())
        n_in -= read + sum(written.values())
        reason = {"stop": "end_turn", "length": "max_tokens", "content_filter": "refusal"}.get(self.o.finish, self.o.finish)
        return {"id": "msg_" + digest(body), "type": "message", "role": "assistant", "model": body["model"],
                "content": [{"type": "text", "text": answer}], "stop_reason": reason, "stop_sequence": None,
                "usage": {"input_tokens": n_in, "cache_creation_input_tokens": sum(written.values()),
                          "cache_read_input_tokens": read, "output_tokens": n_out,
                          "cache_creation": {"ephemeral_5m_input_tokens": written["5m"], "ephemeral_1h_input_tokens": written["1h"]}}}

    def embeddings(self, body):
        given = body["input"] if isinstance(body["input"], list) else [body["input"]]
        n_in = self.counts("\n".join(texts_of(given)), "")[0]
        data = []
        for i, text in enumerate(given):
            raw = hashlib.sha256(str(text).encode()).digest()[:8]
            data.append({"object": "embedding", "index": i, "embedding": [round(b / 127.5 - 1, 6) for b in raw]})
        return {"object": "list", "data": data, "model": body["model"], "usage": {"prompt_tokens": n_in, "total_tokens": n_in}}

    def gemini(self, model, body):
        text = "\n".join(texts_of(body.get("contents", [])))
        answer = "ok" if self.o.answers == "ok" else "Answer to: " + " ".join((text.split("\n")[-1].split() or ["nothing"])[:40])
        n_in, n_out = self.counts(text, answer)
        reason = {"stop": "STOP", "length": "MAX_TOKENS"}.get(self.o.finish, self.o.finish)
        return {"candidates": [{"content": {"parts": [{"text": answer}], "role": "model"}, "finishReason": reason, "index": 0}],
                "usageMetadata": {"promptTokenCount": n_in, "candidatesTokenCount": n_out, "totalTokenCount": n_in + n_out},
                "modelVersion": model, "responseId": digest(body)}

    def refuse_long(self, path, body):
        n, most = words("\n".join(texts_of(body))), self.o.window
        if not most or n <= most:
            return
        if path.endswith("/messages"):
            raise Failure(400, "prompt is too long: %d tokens > %d maximum" % (n, most))
        if "enerateContent" in path:
            raise Failure(400, "The input token count (%d) exceeds the maximum number of tokens allowed (%d)." % (n, most))
        raise Failure(400, "This model's maximum context length is %d tokens. However, your messages resulted in %d tokens." % (most, n), code="context_length_exceeded")

    def model_call(self, path, body):
        if isinstance(body, dict):
            self.refuse_long(path, body)
        named = re.fullmatch(r"(?:/v1beta)?/models/([^/:]+):(?:stream)?[gG]enerateContent", path)
        if named:
            if not isinstance(body, dict) or not body.get("contents"):
                raise Failure(400, "contents is missing")
            return self.gemini(named.group(1), body)
        if not isinstance(body, dict) or not isinstance(body.get("model"), str):
            raise Failure(400, "you must provide a model parameter")
        if path.endswith("/chat/completions"):
            return self.chat(body)
        if path.endswith("/completions"):
            return self.completion(body)
        if path.endswith("/responses"):
            return self.responses(body)
        if path.endswith("/embeddings"):
            return self.embeddings(body)
        if path.endswith("/moderations"):
            given = body["input"] if isinstance(body["input"], list) else [body["input"]]
            return {"id": "modr-" + digest(body), "model": body["model"], "results": [{"flagged": "bad" in text} for text in given]}
        if path.endswith("/messages"):
            if not body.get("max_tokens"):
                raise Failure(400, "max_tokens: field required")
            return self.messages(body)
        raise Failure(404, "unknown path")

    def jobs_at(self, path):
        """The interface of a path that is no call of a model."""
        if path.startswith(("/upload/", "/download/", "/v1beta/files", "/v1beta/batches")) or path.endswith(":batchGenerateContent"):
            return self.gemini_jobs
        if path.startswith("/messages/batches"):
            return self.anthropic
        if path.startswith("/batch/jobs"):
            return self.mistral
        if path in ("/files", "/batches") or path.startswith(("/files/", "/batches/")):
            return self.openai
        return None


def stream_of(path, out):
    """An answer as the provider streams it: its pieces as server-sent events."""
    if path.endswith("/chat/completions"):
        head = {k: out[k] for k in ("id", "created", "model")} | {"object": "chat.completion.chunk"}
        choice = out["choices"][0]
        words = re.findall(r"\S+\s*", choice["message"]["content"])
        deltas = [{"role": "assistant", "content": ""}] + [{"content": w} for w in words]
        events = [head | {"choices": [{"index": 0, "delta": d, "finish_reason": None}]} for d in deltas]
        events += [head | {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]}, head | {"choices": [], "usage": out["usage"]}]
        return "".join("data: %s\n\n" % json.dumps(e) for e in events) + "data: [DONE]\n\n"
    if path.endswith("/responses"):
        text = out["output"][0]["content"][0]["text"]
        events = [{"type": "response.created", "response": out | {"status": "in_progress", "output": [], "usage": None}}]
        events += [{"type": "response.output_text.delta", "delta": w} for w in re.findall(r"\S+\s*", text)]
        events += [{"type": "response.completed", "response": out}]
        return "".join("event: %s\ndata: %s\n\n" % (e["type"], json.dumps(e)) for e in events)
    if path.endswith("/messages"):
        text = out["content"][0]["text"]
        events = [{"type": "message_start", "message": out | {"content": [], "stop_reason": None, "usage": out["usage"] | {"output_tokens": 1}}},
                  {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}, {"type": "ping"}]
        events += [{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": w}} for w in re.findall(r"\S+\s*", text)]
        events += [{"type": "content_block_stop", "index": 0}, {"type": "message_delta", "delta": {"stop_reason": out["stop_reason"], "stop_sequence": None},
                   "usage": {"output_tokens": out["usage"]["output_tokens"]}}, {"type": "message_stop"}]
        return "".join("event: %s\ndata: %s\n\n" % (e["type"], json.dumps(e)) for e in events)
    candidate = out["candidates"][0]
    pieces = re.findall(r"\S+\s*", candidate["content"]["parts"][0]["text"])
    events = [{"candidates": [{"content": {"parts": [{"text": w}], "role": "model"}, "index": 0}], "modelVersion": out["modelVersion"], "responseId": out["responseId"]} for w in pieces]
    events[-1]["candidates"][0]["finishReason"] = candidate["finishReason"]
    events[-1]["usageMetadata"] = out["usageMetadata"]
    return "".join("data: %s\r\n\r\n" % json.dumps(e) for e in events)


def digest(body):
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]


def form_of(content_type, raw):
    """Members of a multipart form: name to (file name, bytes)."""
    mark = re.search('boundary="?([^";]+)', content_type).group(1).encode()
    members = {}
    for part in raw.split(b"--" + mark)[1:-1]:
        head, _, content = part[2:].partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]*)"', head).group(1).decode()
        file = re.search(rb'filename="([^"]*)"', head)
        members[name] = (file.group(1).decode() if file else None, content[:-2])
    return members


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def received(self):
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        raw = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            raw += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return raw

    def parsed(self, raw, path):
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            return form_of(kind, raw)
        if not raw:
            return {}
        if path.startswith("/upload/") and self.headers.get("x-goog-upload-command") != "start":
            return raw
        try:
            return json.loads(raw)
        except ValueError:
            raise Failure(400, "the body is no JSON") from None

    def anew(self, raw):
        """What calls of before still do, they do to the provider of before, and nobody reads it."""
        old = self.server.provider
        o = options(raw.decode().split())
        o.log = old.o.log
        with old.lock:
            old.log = None
            self.server.provider = Provider(o)
        self.answer(200, {})

    def serve(self, method):
        p, raw = self.server.provider, self.received()
        if self.path == "/_anew":
            return self.anew(raw)
        path, _, query = self.path.partition("?")
        path = path.removeprefix("/openai")
        path = path[3:] if path.startswith("/v1/") else path
        try:
            body = self.parsed(raw, path)
        except Failure as failure:
            return self.answer(failure.status, failure.body)
        sent, jobs = " ".join(self.headers.values()), p.jobs_at(path)
        with p.lock:
            p.note(method=method, path=self.path, model=body.get("model") if isinstance(body, dict) else None,
                   members=sorted(body) if isinstance(body, dict) else None, body=digest(json.loads(raw)) if raw[:1] == b"{" and isinstance(body, dict) else None,
                   key=" ".join(sorted(n for k, n in p.keys.items() if k in sent)))
            fault = self.fault(p) if not jobs or p.o.fault_all else None
            limits = self.limits(p, body) if not jobs else {}
        if p.o.redirect:
            return self.answer(302, {}, {"location": p.o.redirect})
        if fault == "drop":
            self.close_connection = True
            return None
        if p.o.delay:
            time.sleep(p.o.delay)
        if fault == "stall":
            time.sleep(p.o.stall)
        if p.together:
            p.together.wait(20)
        if fault == "status" or limits.get("over"):
            return self.answer(429 if limits.get("over") else p.o.status, {"error": {"message": "slow down", "type": "requests", "code": None}}, self.wait_header(p.o) | limits)
        if fault == "json":
            return self.answer(200, b'{"id":"x","choices":[{"message":')
        with p.lock:
            status, out, headers, lost = self.work(p, jobs, method, path, dict(urllib.parse.parse_qsl(query)), body)
        if lost:
            self.close_connection = True
            return None
        if status == 200 and not jobs and (":stream" in path or isinstance(body, dict) and body.get("stream")):
            return self.answer(200, stream_of(path, out).encode(), limits | {"content-type": "text/event-stream"}, cut=fault == "cut")
        return self.answer(status, out, headers | limits, cut=fault == "cut")

    @staticmethod
    def wait_header(o):
        out = {}
        if o.resets:
            out = {"x-ratelimit-limit-tokens": "150000", "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": o.resets}
        if o.retry_after.startswith("date"):
            out["retry-after"] = email.utils.formatdate(time.time() + float(o.retry_after[4:] or 1), usegmt=True)
        elif o.retry_after:
            out["retry-after"] = o.retry_after
        return out

    @staticmethod
    def limits(p, body):
        out = {}
        if p.requests:
            if not p.requests.take(1):
                out["over"] = "requests"
            out.update(p.requests.headers("requests"))
        if p.tokens:
            cap = body.get("max_tokens") or body.get("max_completion_tokens") or 0
            if not p.tokens.take(words("\n".join(texts_of(body))) + cap):
                out["over"] = "tokens"
            out.update(p.tokens.headers("tokens"))
        return out

    @staticmethod
    def fault(p):
        p.calls += 1
        o = p.o
        if p.fails > 0:
            p.fails -= 1
            return "status"
        for name, every in (("status", o.error_rate), ("drop", o.drop), ("cut", o.cut), ("json", o.wrong_json)):
            if every and p.calls % every == 0:
                return name
        return "stall" if o.stall and p.calls % o.stall_every == 0 else None

    def work(self, p, jobs, method, path, query, body):
        """Status, answer, headers, and whether the answer is lost on its way."""
        try:
            if not jobs:
                if method != "POST":
                    raise Failure(404, "unknown path")
                return 200, p.model_call(path, body), {}, False
            if jobs is p.gemini_jobs:
                out = jobs.serve(method, path, query, body, self.headers)
            else:
                out = jobs.serve(method, path, query, body)
            headers = {}
            if isinstance(out, tuple):
                out, headers = out
            creation = method == "POST" and (path in ("/batches", "/messages/batches", "/batch/jobs") or path.endswith(":batchGenerateContent"))
            return 200, out, headers, creation and jobs.lost()
        except Failure as failure:
            return failure.status, failure.body, {}, False
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            return 400, Failure(400, "bad request: " + type(error).__name__).body, {}, False

    def answer(self, status, out, headers=None, cut=False):
        raw = out if isinstance(out, bytes) else json.dumps(out).encode()
        told = {"content-type": "application/octet-stream" if isinstance(out, bytes) else "application/json",
                "content-length": str(len(raw)), "x-request-id": "req_" + hashlib.sha256(raw).hexdigest()[:12]} | (headers or {})
        told.pop("over", None)
        self.send_response(status)
        for name, value in told.items():
            self.send_header(name, value)
        if cut:
            self.close_connection = True
        self.end_headers()
        raw = raw[:len(raw) // 2] if cut else raw
        drip = self.server.provider.o.drip
        for i in range(0, len(raw), 40 if drip else max(1, len(raw))):
            self.wfile.write(raw[i:i + 40] if drip else raw)
            if drip:
                self.wfile.flush()
                time.sleep(drip)

    def do_GET(self):
        self.serve("GET")

    def do_POST(self):
        self.serve("POST")

    def do_DELETE(self):
        self.serve("DELETE")

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a client that went away


def main():
    o = options()
    server = Server(("127.0.0.1", o.port), Handler)
    server.provider = Provider(o)
    print(server.server_address[1], flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(130)


main()
