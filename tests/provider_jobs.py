# SPDX-License-Identifier: MIT
"""Files and batch jobs of tests/provider.py: OpenAI's and Azure's, Anthropic's, Gemini's, Mistral's.

A job of any of them is the same thing here, a list of requests that is worked on when it was asked
about often enough; each class shows it in its own provider's words.
"""
import hashlib
import json
import math
import time

ISO = "%Y-%m-%dT%H:%M:%S+00:00"


class Failure(Exception):
    def __init__(self, status, message, code=None):
        super().__init__(message)
        self.status, self.body = status, {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": code}}


class Job:
    def __init__(self, number, requests, about):
        self.number, self.requests, self.about = number, requests, about
        self.created, self.polls, self.state, self.ended = int(time.time()), 0, "new", None
        self.cancelled_at = None
        self.results = []  # (id, "done"|"refused"|"broken"|"expired"|"cancelled", body)
        self.files = {}

    def count(self, *kinds):
        return sum(kind in kinds for _, kind, _ in self.results)


class Jobs:
    """What all interfaces share; call with the provider's lock held."""

    def __init__(self, provider):
        self.p, self.o = provider, provider.o
        self.files, self.jobs = {}, {}
        self.losses = self.o.lose_create

    def keep_file(self, name, purpose, content):
        number = "file-%04d" % (len(self.files) + 1)
        self.files[number] = {"name": name, "purpose": purpose, "content": content, "created": int(time.time())}
        return number

    def new(self, number, requests, about):
        if not requests:
            raise Failure(400, "no requests")
        self.jobs[number] = Job(number, requests, about)
        return self.jobs[number]

    @staticmethod
    def find(rows, number):
        if number not in rows:
            raise Failure(404, "no such object")
        return rows[number]

    def lines(self, number):
        rows = [json.loads(l) for l in self.find(self.files, number)["content"].splitlines() if l.strip()]
        return rows

    def ask(self, job):
        """One poll brings the job one step on."""
        if job.state in ("done", "failed"):
            return job
        job.polls += 1
        job.state = "running"
        if job.polls >= self.o.polls:
            self.end(job, self.o.batch_status)
        return job

    def cancel(self, job):
        if job.state in ("new", "running"):
            job.cancelled_at = int(time.time())
            job.state = "cancelling"
            self.end(job, "cancelled")
            job.state = "cancelling"  # seen once, as the real ones are
        return job

    def settle(self, job):
        if job.state == "cancelling":
            job.state = "done"

    def end(self, job, status):
        job.ended, job.status = int(time.time()), status
        job.state = "failed" if status in ("failed", "full") else "done"
        if job.state == "failed":
            return
        for i, (name, call) in enumerate(job.requests):
            job.results.append((name,) + self.one(status, i, len(job.requests), call))
        job.results = self.mixed(job.results)

    def one(self, status, i, total, call):
        if status in ("expired", "cancelled"):
            share = self.o.batch_done
            finished = i % 2 == 0 if share is None else i < math.floor(total * share)
            if not finished:
                return status, None
        if self.o.batch_fail and (i + 1) % self.o.batch_fail == 0:
            return "refused", Failure(400, "refused on demand").body
        if self.o.batch_break and (i + 1) % self.o.batch_break == 0:
            return "broken", None
        try:
            return "done", call()
        except Failure as failure:
            return "refused", failure.body

    def mixed(self, rows):
        """In another order than the requests, some of them twice."""
        rows = sorted(rows, key=lambda row: hashlib.sha256(row[0].encode()).digest()) if self.o.shuffle else rows[::-1]
        every = self.o.duplicate
        return [row for i, row in enumerate(rows) for _ in range(2 if every and (i + 1) % every == 0 else 1)]

    def lost(self):
        if self.losses > 0:
            self.losses -= 1
            return True
        return False

    def newest_first(self):
        return list(reversed(self.jobs.values()))


def dump(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


class OpenAI(Jobs):
    """/files and /batches."""

    states = {"new": "validating", "running": "in_progress", "cancelling": "cancelling", "failed": "failed"}

    def file_row(self, number):
        file = self.find(self.files, number)
        return {"object": "file", "id": number, "purpose": file["purpose"], "filename": file["name"],
                "bytes": len(file["content"]), "created_at": file["created"], "expires_at": None,
                "status": file.get("status", "processed"), "status_details": None}

    def upload(self, form):
        name, content = form["file"]
        if self.o.reject_upload:
            raise Failure(400, "Invalid file format for Batch API. Must be .jsonl")
        number = self.keep_file(name, form["purpose"][1].decode(), content)
        if self.o.slow_files:
            self.files[number]["status"], self.files[number]["left"] = "pending", self.o.slow_files
        return self.file_row(number)

    def create(self, body):
        number = body.get("input_file_id")
        file = self.find(self.files, number)
        if file.get("status") == "pending":
            raise Failure(400, "the file is not processed yet")
        rows = self.lines(number)
        requests = [(row["custom_id"], lambda row=row: self.p.model_call(row["url"].removeprefix("/v1"), row["body"])) for row in rows]
        return self.show(self.new("batch_%04d" % (len(self.jobs) + 1), requests, body))

    def line(self, job, result):
        name, kind, body = result
        out = {"id": "batch_req_%s_%s" % (job.number, hashlib.sha256(name.encode()).hexdigest()[:8]), "custom_id": name, "response": None, "error": None}
        if kind in ("done", "refused"):
            out["response"] = {"status_code": 200 if kind == "done" else 400, "request_id": "r-" + name, "body": body}
        elif kind == "broken":
            out["error"] = {"code": "request_timeout", "message": "The call to the model timed out."}
        else:
            out["error"] = {"code": "batch_" + kind, "message": "This request could not be executed in time."}
        return out

    def store(self, job):
        if job.files or not job.results:
            return
        lines = [(result[1], self.line(job, result)) for result in job.results]
        for key, wanted in (("output", True), ("error", False)):
            rows = [line for kind, line in lines if (kind == "done") == wanted]
            if rows:
                job.files[key] = self.keep_file(key + ".jsonl", "batch_output", dump(rows))

    def show(self, job):
        ended = job.state == "done"
        if ended:
            self.store(job)
        status = job.status if ended else self.states[job.state]

        def at(name):
            return job.ended if status == name else None
        errors = None
        if job.state == "failed":
            code = "token_limit_exceeded" if job.status == "full" else "invalid_request"
            errors = {"object": "list", "data": [{"code": code, "line": None if job.status == "full" else 1, "message": "refused", "param": None}]}
        return {"id": job.number, "object": "batch", "endpoint": job.about.get("endpoint"), "errors": errors,
                "input_file_id": job.about["input_file_id"], "completion_window": job.about.get("completion_window"),
                "status": status, "output_file_id": job.files.get("output"), "error_file_id": job.files.get("error"),
                "created_at": job.created, "in_progress_at": None if job.state == "new" else job.created,
                "expires_at": job.created + 86400, "finalizing_at": job.ended, "completed_at": at("completed"),
                "failed_at": at("failed"), "expired_at": at("expired"), "cancelling_at": job.cancelled_at, "cancelled_at": at("cancelled"),
                "request_counts": {"total": len(job.results), "completed": job.count("done"), "failed": len(job.results) - job.count("done")},
                "metadata": job.about.get("metadata")}

    def serve(self, method, path, query, body):
        parts = path.split("/")[1:]
        if parts[0] == "files":
            if method == "POST" and len(parts) == 1:
                return self.upload(body)
            if len(parts) == 1:
                rows = [self.file_row(n) for n in reversed(self.files)]
                return {"object": "list", "data": rows, "has_more": False}
            file = self.find(self.files, parts[1])
            if file.get("left"):
                file["left"] -= 1
                file["status"] = "pending" if file["left"] else "processed"
            return file["content"] if parts[2:] == ["content"] else self.file_row(parts[1])
        if method == "POST" and len(parts) == 1:
            return self.create(body)
        if len(parts) == 1:
            rows = [self.show(job) for job in self.newest_first()]
            return {"object": "list", "data": rows, "has_more": False,
                    "first_id": rows[0]["id"] if rows else None, "last_id": rows[-1]["id"] if rows else None}
        job = self.find(self.jobs, parts[1])
        if method == "POST" and parts[2:] == ["cancel"]:
            out = self.show(self.cancel(job))
            self.settle(job)
            return out
        if method == "GET" and len(parts) == 2:
            return self.show(self.ask(job))
        raise Failure(404, "unknown path")


class Anthropic(Jobs):
    """/messages/batches: the requests are the body of the creation."""

    def create(self, body):
        names = [row["custom_id"] for row in body["requests"]]
        if len(set(names)) != len(names):
            raise Failure(400, "custom_id must be unique")
        requests = [(row["custom_id"], lambda row=row: self.p.model_call("/messages", row["params"])) for row in body["requests"]]
        return self.show(self.new("msgbatch_%04d" % (len(self.jobs) + 1), requests, {}))

    def show(self, job):
        ended = job.state == "done"
        counts = {"processing": 0 if ended else len(job.requests), "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0}
        if ended:
            counts.update(succeeded=job.count("done"), errored=job.count("refused", "broken"), canceled=job.count("cancelled"), expired=job.count("expired"))
        stamp = lambda at: None if at is None else time.strftime(ISO, time.gmtime(at))
        return {"id": job.number, "type": "message_batch",
                "processing_status": "ended" if ended else "canceling" if job.state == "cancelling" else "in_progress",
                "request_counts": counts, "ended_at": stamp(job.ended if ended else None), "created_at": stamp(job.created),
                "expires_at": stamp(job.created + 86400), "archived_at": None, "cancel_initiated_at": stamp(job.cancelled_at),
                "results_url": "https://example.invalid/%s/results" % job.number if ended else None}

    @staticmethod
    def line(result):
        name, kind, body = result
        out = {"done": {"type": "succeeded", "message": body}, "expired": {"type": "expired"}, "cancelled": {"type": "canceled"}}.get(kind)
        if not out:
            kind = "invalid_request_error" if kind == "refused" else "api_error"
            out = {"type": "errored", "error": {"type": "error", "error": {"type": kind, "message": "refused on demand"}}}
        return {"custom_id": name, "result": out}

    def serve(self, method, path, query, body):
        parts = path.split("/")[3:]
        if method == "POST" and not parts:
            return self.create(body)
        if not parts:
            rows = [self.show(job) for job in self.newest_first()]
            return {"data": rows, "has_more": False, "first_id": rows[0]["id"] if rows else None, "last_id": rows[-1]["id"] if rows else None}
        job = self.find(self.jobs, parts[0])
        if method == "POST" and parts[1:] == ["cancel"]:
            out = self.show(self.cancel(job))
            self.settle(job)
            return out
        if parts[1:] == ["results"]:
            if job.state != "done":
                raise Failure(404, "no results yet")
            return dump(self.line(result) for result in job.results)
        if method == "GET" and len(parts) == 1:
            return self.show(self.ask(job))
        raise Failure(404, "unknown path")


class Gemini(Jobs):
    """/v1beta files, uploads in two steps, and batches, which are operations."""

    states = {"new": "PENDING", "running": "RUNNING", "cancelling": "RUNNING", "failed": "FAILED"}

    def __init__(self, provider):
        super().__init__(provider)
        self.uploads = {}

    def file_row(self, number):
        file = self.files[number]
        return {"name": "files/" + number, "displayName": file["name"], "mimeType": "application/jsonl",
                "sizeBytes": str(len(file["content"])), "createTime": time.strftime(ISO, time.gmtime(file["created"])), "state": "ACTIVE"}

    def upload(self, query, body, headers):
        """The start gives an address at another host, on purpose: it must not be asked."""
        if "upload_id" not in query:
            number = "up%d" % (len(self.uploads) + 1)
            self.uploads[number] = body.get("file", {}).get("display_name")
            return {}, {"x-goog-upload-url": "https://example.invalid/upload/v1beta/files?upload_id=%s&upload_protocol=resumable" % number}
        if headers.get("x-goog-upload-command") != "upload, finalize":
            raise Failure(400, "no command")
        number = self.keep_file(self.find(self.uploads, query["upload_id"]), "batch", body)
        return {"file": self.file_row(number)}

    def create(self, model, body):
        batch = body["batch"]
        number = batch["input_config"]["file_name"].removeprefix("files/")
        requests = [(row["key"], lambda row=row: self.p.gemini(model, row["request"])) for row in self.lines(number)]
        return self.show(self.new("b%04d" % (len(self.jobs) + 1), requests, {"model": model, "name": batch["display_name"]}))

    @staticmethod
    def line(result):
        name, kind, body = result
        if kind == "done":
            return {"key": name, "response": body}
        code = {"refused": 3, "broken": 14}.get(kind, 1)
        return {"key": name, "error": {"code": code, "message": "refused on demand"}}

    def show(self, job):
        state = {"completed": "SUCCEEDED", "expired": "EXPIRED", "cancelled": "CANCELLED"}[job.status] if job.state == "done" else self.states[job.state]
        about = {"@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch", "model": "models/" + job.about["model"],
                 "displayName": job.about["name"], "state": "BATCH_STATE_" + state, "name": "batches/" + job.number,
                 "createTime": time.strftime(ISO, time.gmtime(job.created)),
                 "batchStats": {"requestCount": str(len(job.requests)), "successfulRequestCount": str(job.count("done")), "failedRequestCount": str(job.count("refused", "broken"))}}
        out = {"name": "batches/" + job.number, "metadata": about}
        # an expired or cancelled one has no results
        if state == "SUCCEEDED":
            if not job.files:
                job.files["output"] = self.keep_file("output", "batch_output", dump(self.line(result) for result in job.results))
            out.update(done=True, response={"responsesFile": "files/" + job.files["output"]})
        elif state in ("FAILED", "EXPIRED", "CANCELLED"):
            out.update(done=True, error={"code": 13, "message": "the job ended " + state.lower()})
        return out

    def serve(self, method, path, query, body, headers):
        if path.startswith("/upload/"):
            return self.upload(query, body, headers)
        if path.startswith("/download/"):
            return self.find(self.files, path.split("/")[4].removesuffix(":download"))["content"]
        parts = path.split("/")[2:]
        if parts[0] == "models" and parts[1].endswith(":batchGenerateContent"):
            return self.create(parts[1].partition(":")[0], body)
        if parts[0] == "files":
            return {"files": [self.file_row(n) for n in reversed(self.files)]} if self.files else {}
        if parts[0] == "batches" and len(parts) == 1:
            return {"operations": [self.show(job) for job in self.newest_first()]} if self.jobs else {}
        job = self.find(self.jobs, parts[1].partition(":")[0])
        if method == "POST" and parts[1].endswith(":cancel"):
            self.cancel(job)
            self.settle(job)
            return {}
        if method == "GET":
            return self.show(self.ask(job))
        raise Failure(404, "unknown path")


class Mistral(Jobs):
    """/batch/jobs; files are those of OpenAI's paths."""

    states = {"new": "QUEUED", "running": "RUNNING", "cancelling": "CANCELLATION_REQUESTED", "failed": "FAILED"}

    def __init__(self, provider, openai):
        super().__init__(provider)
        self.files = openai.files

    def create(self, body):
        rows = self.lines(body["input_files"][0])
        requests = [(row["custom_id"], lambda row=row: self.p.model_call(body["endpoint"].removeprefix("/v1"), dict(row["body"], model=body["model"]))) for row in rows]
        return self.show(self.new("0000-%04d" % (len(self.jobs) + 1), requests, body))

    @staticmethod
    def line(result):
        name, kind, body = result
        out = {"id": "l-" + name, "custom_id": name, "response": None, "error": None}
        if kind in ("done", "refused"):
            out["response"] = {"status_code": 200 if kind == "done" else 400, "body": body}
        else:
            out["error"] = "the request was " + kind  # a bare string, as the real one may be
        return out

    def show(self, job):
        state = {"completed": "SUCCESS", "expired": "TIMEOUT_EXCEEDED", "cancelled": "CANCELLED"}[job.status] if job.state == "done" else self.states[job.state]
        if job.state == "done" and not job.files:
            # what never ran has no line at all
            lines = [(result[1], self.line(result)) for result in job.results if result[1] not in ("expired", "cancelled")]
            for key, wanted in (("output", True), ("error", False)):
                rows = [line for kind, line in lines if (kind == "done") == wanted]
                if rows:
                    job.files[key] = self.keep_file(key, "batch_output", dump(rows))
        return {"id": job.number, "object": "batch", "input_files": job.about["input_files"], "metadata": job.about.get("metadata"),
                "endpoint": job.about["endpoint"], "model": job.about["model"], "agent_id": None, "output_file": job.files.get("output"),
                "error_file": job.files.get("error"), "errors": [{"message": "refused", "count": 1}] if job.state == "failed" else [], "status": state,
                "created_at": job.created, "started_at": None, "completed_at": job.ended, "total_requests": len(job.requests),
                "completed_requests": len(job.results), "succeeded_requests": job.count("done"), "failed_requests": len(job.results) - job.count("done")}

    def serve(self, method, path, query, body):
        parts = path.split("/")[3:]
        if method == "POST" and not parts:
            return self.create(body)
        if not parts:
            first = int(query.get("page", 0)) * int(query.get("page_size", 100))
            rows = [self.show(job) for job in self.newest_first()]
            return {"data": rows[first:first + int(query.get("page_size", 100))], "object": "list", "total": len(rows)}
        job = self.find(self.jobs, parts[0])
        if method == "POST" and parts[1:] == ["cancel"]:
            out = self.show(self.cancel(job))
            self.settle(job)
            return out
        if method == "GET" and len(parts) == 1:
            return self.show(self.ask(job))
        raise Failure(404, "unknown path")
