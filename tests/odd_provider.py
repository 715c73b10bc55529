#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A provider on loopback whose answers are odd; the model of the request says how.

usage: odd_provider.py LOG    the port stands on the first line of standard output
"""
import json
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

log = open(sys.argv[1], "a", buffering=1)
GOOD = {"id": "c", "object": "chat.completion", "model": "m", "choices": [
    {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "two\nlines"}}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}}


def answer(model, key):
    """Status and body."""
    if model == "pretty":
        return 200, json.dumps(GOOD, indent=2).replace("\n", "\r\n")
    if model == "spelling":
        return 200, '{ "x": 1.50e0, "x": 9007199254740993, "s": "\\u0041\\/", "choices": [ {"finish_reason":"stop"} ] }'
    if model == "error200":
        return 200, '{"error":{"message":"went wrong","type":"server_error"}}'
    if model == "html":
        return 200, "<html>busy</html>"
    if model == "half":
        return 200, '{"choices":['
    if model == "array":
        return 200, "[1]"
    if model == "text400":
        return 400, 'no "JSON" at all\n'
    if model == "key401":
        return 401, json.dumps({"error": {"message": "Incorrect API key provided: " + key}})
    if model == "key500":
        return 500, '{"error":{"message":"proxy says: %s, %s, %s"}}' % (
            key.replace("/", "\\/"), urllib.parse.quote(key, safe=""), "".join("\\u%04x" % ord(c) for c in key))
    if model == "length":
        return 200, json.dumps(GOOD).replace('"stop"', '"length"')
    return 404, json.dumps({"error": {"message": "no such model", "code": "model_not_found"}})


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.loads(raw)
        log.write(json.dumps({"path": self.path, "raw": raw.decode("utf-8", "replace"), "headers": sorted(n.lower() for n in self.headers)}) + "\n")
        given = self.headers.get("x-api-key") or self.headers.get("authorization", "").removeprefix("Bearer ")
        status, out = answer(body.get("model"), given)
        out = out.encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        if body.get("model", "").startswith("key"):
            self.send_header("x-request-id", "of " + given)
        self.send_header("content-length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
