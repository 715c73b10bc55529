# SPDX-License-Identifier: MIT
"""A line to a Redis server that misbehaves once: prints its port, then serves until it is killed.

usage: redis-line.py SOCKET     Each connection reads one line of the file SOCKET.mode when it comes:
  clean | late N | cut N | garbage N | flip N | swap N | drop N | double N
where N counts bytes (cut, garbage, flip) or replies (late, swap, drop, double) to the client."""
import random, socket, sys, threading, time

place = sys.argv[1]
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(64)
print(listener.getsockname()[1], flush=True)


def whole(data):
    """Length of the first reply in data, 0 where it is not whole."""
    end = data.find(b"\r\n")
    if end < 0: return 0
    if data[:1] in b"+-:": return end + 2
    n, at = int(data[1:end]), end + 2
    if data[:1] == b"$":
        at += n + 2 if n >= 0 else 0
        return at if at <= len(data) else 0
    for _ in range(n):
        one = whole(data[at:])
        if not one: return 0
        at += one
    return at


def forward(client, server):
    try:
        while data := client.recv(65536): server.sendall(data)
    except OSError: pass
    try: server.shutdown(socket.SHUT_WR)
    except OSError: pass


def back(client, server):
    mode, _, n = open(place + ".mode").read().strip().partition(" ")
    n, sent, count, held, data = int(n or 0), 0, 0, None, b""
    try:
        while more := server.recv(65536):
            data += more
            while one := whole(data):
                frame, data = data[:one], data[one:]
                if mode == "late" and count == n: time.sleep(0.4)
                if mode == "drop" and count == n: frame = b""
                if mode == "double" and count == n: frame *= 2
                if mode == "swap" and count == n: held, frame = frame, b""
                elif held: frame, held = frame + held, None
                count += 1
                at = n - sent
                if mode in ("cut", "garbage", "flip") and 0 <= at < len(frame):
                    if mode == "flip": frame = frame[:at] + bytes([frame[at] ^ 1 << n % 7]) + frame[at + 1:]
                    if mode == "garbage": frame = frame[:at] + random.Random(n).randbytes(2000)
                    if mode == "cut": frame = frame[:at]
                    client.sendall(frame)
                    if mode == "cut": break
                else: client.sendall(frame)
                sent += len(frame)
            else: continue
            break
    except OSError: pass
    for s in (client, server):
        try: s.shutdown(socket.SHUT_RDWR)
        except OSError: pass


while True:
    client, _ = listener.accept()
    server = socket.socket(socket.AF_UNIX)
    server.connect(place)
    for work in (forward, back):
        threading.Thread(target=work, args=(client, server), daemon=True).start()
