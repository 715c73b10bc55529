# SPDX-License-Identifier: MIT
# Plays the log of shim.c back up to every sync, write and acknowledgement, and cuts the power there: what
# was synced is on the disk, of the rest any part in any order, torn at 512 bytes. Then the store is opened.
#
# usage: power.py LOG STORE FOLDER ROUNDS      prints cuts, damaged stores, lost acknowledged, wrong answers
import json, os, random, sqlite3, subprocess, sys
log, store, folder, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
random.seed(11)
ops = []
with open(log, "rb") as f:
    while head := f.readline():
        kind, at, length, path = head.decode().rstrip("\n").split(" ", 3)
        ops.append((kind, int(at), f.read(int(length)), path))

def apply(content, op):
    kind, at, data = op[:3]
    if kind == "truncate":
        return content[:at] + bytes(max(0, at - len(content)))
    return content[:at].ljust(at, b"\0") + data + content[at + len(data):]

def torn(op):
    kind, at, data = op[:3]
    if kind == "truncate" or random.random() < .5: return [op]
    cut = [i for i in range(0, len(data), 512) if random.random() < .7]
    return [(kind, at + i, data[i:i + 512]) for i in cut]

def cut(end):
    """Files after a power cut behind ops[:end], and what was said to be safe."""
    # files by number; `live` is what processes see by name, `names` what is on the disk
    data, waiting, live, names, moves, safe = [], [], {}, {}, [], b""
    for kind, at, content, path in ops[:end]:
        if kind == "said": safe += content
        elif kind == "create":
            if path not in live:
                live[path] = len(data)
                data.append(b"")
                waiting.append([])
                moves.append((path, live[path]))
        elif kind == "unlink":
            moves.append((path, None))
            live.pop(path, None)
        elif kind == "sync" and path in live:
            for op in waiting[live[path]]: data[live[path]] = apply(data[live[path]], op)
            waiting[live[path]] = []
        elif kind == "sync":
            names.update(moves)
            moves = []
        elif path in live: waiting[live[path]].append((kind, at, content))
    # a folder keeps the order of its names, and may stop anywhere
    names.update(moves[:random.randint(0, len(moves))])
    files = {}
    for path, number in names.items():
        if number is None: continue
        content = data[number]
        left = [op for op in waiting[number] if random.random() < .5]
        random.shuffle(left)
        for op in left:
            for piece in torn(op): content = apply(content, piece)
        files[path] = content
    return files, safe

points = [i + 1 for i, op in enumerate(ops) if op[0] in ("sync", "said", "write", "unlink")]
if len(points) > rounds: points = sorted(random.sample(points, rounds))
damaged = lost = wrong = checked = 0
for end in points:
    files, safe = cut(end)
    for name in os.listdir(folder): os.unlink(os.path.join(folder, name))
    for path, content in files.items():
        with open(os.open(os.path.join(folder, os.path.basename(path)), os.O_WRONLY | os.O_CREAT, 0o600), "wb") as f: f.write(content)
    here = os.path.join(folder, os.path.basename(store))
    rows = [json.loads(line) for line in safe.splitlines()]
    checked += len(rows)
    asked = "".join(json.dumps({k: r[k] for k in ("custom_id", "body")}) + "\n" for r in rows)
    got = subprocess.run(["llm-cache", "get", "--store", here], input=asked, capture_output=True, text=True)
    try: damaged += os.path.exists(here) and sqlite3.connect(here).execute("pragma integrity_check").fetchone()[0] != "ok"
    except sqlite3.Error: damaged += 1
    for r, line in zip(rows, got.stdout.splitlines()):
        line = json.loads(line)
        if not line["llm"]["cache"]["hit"]: lost += 1
        else: wrong += line["response"] != r["response"]
print(len(points) >= 40, checked > 100, damaged, lost, wrong)
