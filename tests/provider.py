#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A provider on loopback, for tests and the demo: OpenAI's and Anthropic's calls, and faults on demand.

usage: provider.py [--port N] [--log FILE] [--answers echo|ok] [--usage IN,OUT]
                   [--fail-first N] [--status 429] [--retry-after 1] [--error-rate P]
                   [--stall S [--stall-every N]] [--cut N] [--drop N] [--delay S]
                   [--prompt-cache] [--polls N] [--batch-fail N] [--batch-status STATUS] [--lose-create N]

The port stands on the first line of standard output. Usage counts follow the words of the texts.
The log gets a JSON line for each call: method, path, model, the members of the body, a hash of
the body, and the name of the variable whose key came along (never the key).

Faults are decided by counters, never by chance: --fail-first N gives the first N calls --status;
--error-rate 20% every fifth call; --stall S waits before each (or every N-th) answer; --cut N
closes in the middle of every N-th answer; --drop N closes every N-th call without an answer. They
hit the calls of models (chat, embeddings, messages); --fault-all lets them hit files and batches.
--prompt-cache: what stands before a marker of Anthropic's is written once and read from then on.
--polls N: a batch completes when it has been asked for N times; --batch-fail N: every N-th line of
a batch is an error line; --batch-status: the job ends so (failed, expired, cancelled);
--lose-create N: the first N batch creations happen, and their answer is lost.
"""
import argparse
import hashlib
import json
import os
import re
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def share(text):
    value = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    return round(1 / value) if value > 0 else 0


def options():
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
    p.add_argument("--error-rate", type=share, default=0)
    p.add_argument("--stall", type=float, default=0)
    p.add_argument("--stall-every", type=int, default=1)
    p.add_argument("--delay", type=float, default=0)
    p.add_argument("--cut", type=int, default=0)
    p.add_argument("--drop", type=int, default=0)
    p.add_argument("--fault-all", action="store_true")
    p.add_argument("--prompt-cache", action="store_true")
    p.add_argument("--polls", type=int, default=2)
    p.add_argument("--batch-fail", type=int, default=0)
    p.add_argument("--batch-status", default="completed")
    p.add_argument("--lose-create", type=int, default=0)
    p.add_argument("--redirect", help="answer every call with a redirect to this address")
    return p.parse_args()


def texts_of(value):
    """All strings under content, system, input, prompt and text, in order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        for name in ("system", "messages", "input", "prompt", "content", "text"):
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


class Failure(Exception):
    def __init__(self, status, message, code=None):
        super().__init__(message)
        self.status, self.body = status, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


class Provider:
    """State of the whole server; every method is called with the lock held."""

    def __init__(self, options):
        self.o = options
        self.lock = threading.Lock()
        self.calls = 0
        self.fails = options.fail_first
        self.losses = options.lose_create
        self.files, self.batches = {}, {}
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

    def model_call(self, path, body):
        if not isinstance(body, dict) or not isinstance(body.get("model"), str):
            raise Failure(400, "you must provide a model parameter")
        if path.endswith("/chat/completions"):
            return self.chat(body)
        if path.endswith("/responses"):
            return self.responses(body)
        if path.endswith("/embeddings"):
            return self.embeddings(body)
        if path.endswith("/messages"):
            return self.messages(body)
        raise Failure(404, "unknown path")

    # files and batches

    def upload(self, name, purpose, content):
        number = "file-%04d" % (len(self.files) + 1)
        self.files[number] = {"content": content, "row": {
            "id": number, "object": "file", "bytes": len(content), "created_at": int(time.time()), "filename": name,
            "purpose": purpose, "status": "processed"}}
        return self.files[number]["row"]

    def create(self, body):
        if body.get("input_file_id") not in self.files:
            raise Failure(400, "no such file")
        number = "batch_%04d" % (len(self.batches) + 1)
        now = int(time.time())
        row = {"id": number, "object": "batch", "endpoint": body.get("endpoint"), "errors": None,
               "input_file_id": body["input_file_id"], "completion_window": body.get("completion_window"),
               "status": "validating", "output_file_id": None, "error_file_id": None, "created_at": now,
               "expires_at": now + 86400, "completed_at": None,
               "request_counts": {"total": 0, "completed": 0, "failed": 0}, "metadata": body.get("metadata")}
        self.batches[number] = {"row": row, "left": self.o.polls}
        return row

    def poll(self, batch):
        row = batch["row"]
        if row["status"] in ("completed", "failed", "expired", "cancelled"):
            return row
        batch["left"] -= 1
        row["status"] = "in_progress"
        if batch["left"] <= 0:
            self.complete(row)
        return row

    def complete(self, row):
        status = self.o.batch_status if row["status"] != "cancelling" else "cancelled"
        row["status"] = status
        if status == "failed":
            row["errors"] = {"object": "list", "data": [{"code": "invalid_request", "line": 1, "message": "refused", "param": None}]}
            return
        good, bad = self.outputs(row, status)
        total = good.count(b"\n") + bad.count(b"\n")
        row["request_counts"] = {"total": total, "completed": good.count(b"\n"), "failed": bad.count(b"\n")}
        if good:
            row["output_file_id"] = self.upload("output.jsonl", "batch_output", good)["id"]
        if bad:
            row["error_file_id"] = self.upload("error.jsonl", "batch_output", bad)["id"]
        if status == "completed":
            row["completed_at"] = int(time.time())

    def outputs(self, row, status):
        """Output and error file; the results stand in another order than the requests."""
        good, bad = [], []
        lines = self.files[row["input_file_id"]]["content"].splitlines()
        for i, line in enumerate(l for l in lines if l.strip()):
            asked = json.loads(line)
            out = {"id": "batch_req_%s_%d" % (row["id"], i), "custom_id": asked["custom_id"], "response": None, "error": None}
            if status in ("expired", "cancelled") and i % 2:
                out["error"] = {"code": "batch_" + status, "message": "This request could not be executed in time."}
            elif self.o.batch_fail and (i + 1) % self.o.batch_fail == 0:
                out["response"] = {"status_code": 400, "request_id": "r%d" % i, "body": Failure(400, "refused on demand").body}
            else:
                try:
                    body, code = self.model_call(asked["url"], asked["body"]), 200
                except Failure as failure:
                    body, code = failure.body, failure.status
                out["response"] = {"status_code": code, "request_id": "r%d" % i, "body": body}
            (good if out["response"] and out["response"]["status_code"] == 200 else bad).append(out)
        return tuple("".join(json.dumps(x) + "\n" for x in reversed(rows)).encode() for rows in (good, bad))

    def files_and_batches(self, method, path, body):
        parts = path.split("/")
        if method == "GET" and len(parts) == 4 and parts[1] == "files" and parts[3] == "content":
            return self.find(self.files, parts[2])["content"]
        if method == "GET" and len(parts) == 3 and parts[1] == "files":
            return self.find(self.files, parts[2])["row"]
        if parts[1] != "batches":
            raise Failure(404, "unknown path")
        if method == "POST" and len(parts) == 2:
            return self.create(body)
        if method == "GET" and len(parts) == 2:
            rows = [b["row"] for b in reversed(self.batches.values())]
            return {"object": "list", "data": rows, "has_more": False,
                    "first_id": rows[0]["id"] if rows else None, "last_id": rows[-1]["id"] if rows else None}
        batch = self.find(self.batches, parts[2])
        if method == "POST" and parts[3:] == ["cancel"]:
            if batch["row"]["status"] in ("validating", "in_progress"):
                batch["row"]["status"] = "cancelling"
                self.complete(batch["row"])
            return batch["row"]
        if method == "GET" and len(parts) == 3:
            return self.poll(batch)
        raise Failure(404, "unknown path")

    @staticmethod
    def find(rows, number):
        if number not in rows:
            raise Failure(404, "no such object")
        return rows[number]


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

    def parsed(self, raw):
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            return form_of(kind, raw)
        if not raw:
            return {}
        try:
            return json.loads(raw)
        except ValueError:
            raise Failure(400, "the body is no JSON") from None

    def serve(self, method):
        p, raw, path = self.server.provider, self.received(), self.path.split("?")[0]
        path = path[3:] if path.startswith("/v1/") else path
        try:
            body = self.parsed(raw)
        except Failure as failure:
            return self.answer(failure.status, failure.body)
        sent = " ".join(self.headers.values())
        with p.lock:
            p.note(method=method, path=self.path, model=body.get("model") if isinstance(body, dict) else None,
                   members=sorted(body) if isinstance(body, dict) else None, body=digest(json.loads(raw)) if raw[:1] == b"{" else None,
                   key=" ".join(sorted(n for k, n in p.keys.items() if k in sent)))
            call = path not in ("/files", "/batches") and not path.startswith(("/files/", "/batches/"))
            fault = self.fault(p) if call or p.o.fault_all else None
        if p.o.redirect:
            return self.answer(302, {}, location=p.o.redirect)
        if fault == "drop":
            self.close_connection = True
            return None
        if p.o.delay:
            time.sleep(p.o.delay)
        if fault == "stall":
            time.sleep(p.o.stall)
        if fault == "status":
            return self.answer(p.o.status, {"error": {"message": "slow down", "type": "requests", "code": None}}, retry=True)
        with p.lock:
            status, out, lost = self.work(p, method, path, body, call)
        if lost:
            self.close_connection = True
            return None
        return self.answer(status, out, cut=fault == "cut")

    @staticmethod
    def fault(p):
        p.calls += 1
        o = p.o
        if p.fails > 0:
            p.fails -= 1
            return "status"
        for name, every in (("status", o.error_rate), ("drop", o.drop), ("cut", o.cut)):
            if every and p.calls % every == 0:
                return name
        return "stall" if o.stall and p.calls % o.stall_every == 0 else None

    @staticmethod
    def work(p, method, path, body, call):
        try:
            if call:
                if method != "POST":
                    raise Failure(404, "unknown path")
                return 200, p.model_call(path, body), False
            if method == "POST" and path == "/files":
                name, content = body["file"]
                return 200, p.upload(name, body["purpose"][1].decode(), content), False
            out = p.files_and_batches(method, path, body)
            if method == "POST" and path == "/batches" and p.losses > 0:
                p.losses -= 1
                return 200, out, True
            return 200, out, False
        except Failure as failure:
            return failure.status, failure.body, False
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return 400, Failure(400, "bad request: " + type(error).__name__).body, False

    def answer(self, status, out, retry=False, cut=False, location=None):
        raw = out if isinstance(out, bytes) else json.dumps(out).encode()
        self.send_response(status)
        self.send_header("content-type", "application/octet-stream" if isinstance(out, bytes) else "application/json")
        self.send_header("content-length", str(len(raw)))
        self.send_header("x-request-id", "req_" + hashlib.sha256(raw).hexdigest()[:12])
        if retry and self.server.provider.o.retry_after:
            self.send_header("retry-after", self.server.provider.o.retry_after)
        if location:
            self.send_header("location", location)
        if cut:
            self.close_connection = True
        self.end_headers()
        self.wfile.write(raw[:len(raw) // 2] if cut else raw)

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
