# SPDX-License-Identifier: MIT
"""N POSTs of a file's lines by aiohttp, J at a time: calls a second.  usage: URL FILE N J"""
import asyncio
import json
import sys
import time

import aiohttp


async def main():
    url, name, n, at_once = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    lines = iter(open(name))

    async def work(session):
        for line in lines:
            async with session.post(url, json=json.loads(line)["body"]) as answer:
                json.dumps(await answer.json())

    begin = time.monotonic()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:
        await asyncio.gather(*(work(session) for _ in range(at_once)))
    print("%.0f" % (n / (time.monotonic() - begin)))


asyncio.run(main())
