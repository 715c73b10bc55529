# SPDX-License-Identifier: MIT
"""A uniform log of 200 rows as a JSON array, one of them an error and two slow: compress-log.py SEED"""
import json
import random
import sys


def rows(seed):
    r = random.Random(seed)
    paths = ["/api/v1/users", "/api/v1/orders", "/api/v1/items", "/health"]
    second = 0
    for n in range(200):
        second += r.randrange(1, 4)
        row = {
            "timestamp": f"2026-03-14T09:{second // 60:02d}:{second % 60:02d}Z",
            "level": "INFO",
            "service": "checkout",
            "host": f"web-{r.randrange(1, 4)}",
            "method": r.choice(["GET", "GET", "GET", "POST"]),
            "path": r.choice(paths),
            "status": 200,
            "duration_ms": r.randrange(8, 60),
            "message": "request completed",
        }
        if n == 137:
            row |= {"level": "ERROR", "status": 503, "duration_ms": 30021,
                    "message": "upstream timed out: connect to payments:8443"}
        if n in (41, 90):
            row |= {"level": "WARN", "duration_ms": r.randrange(2000, 4000), "message": "slow request"}
        yield row


if __name__ == "__main__":
    print(json.dumps(list(rows(int(sys.argv[1]) if len(sys.argv) > 1 else 1)), indent=None))
