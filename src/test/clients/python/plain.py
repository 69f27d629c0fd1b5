"""websockets with its defaults, and zstandard with the official dictionary where one is given.

Argument, output and input are those of ../node/say.mjs.
"""

import asyncio
import json
import sys
from urllib.parse import urlencode

import websockets
import zstandard

asked = json.loads(sys.argv[1])
unpacker = None
if asked.get("dictionary"):
    with open(asked["dictionary"], "rb") as file:
        unpacker = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(file.read()))


def target(cursor):
    query = [("wantedCollections", it) for it in asked.get("wantedCollections", [])]
    query += [("wantedDids", it) for it in asked.get("wantedDids", [])]
    if cursor:
        query.append(("cursor", cursor))
    if unpacker:
        query.append(("compress", "true"))
    return asked["url"] + "?" + urlencode(query)


def say(line):
    print(line, flush=True)


async def read(cursor):
    """Reads until the connection ends, and returns the last time."""
    async with websockets.connect(target(cursor)) as socket:
        say("#open")
        updates = asyncio.create_task(update(socket))
        try:
            async for message in socket:
                if isinstance(message, bytes) != bool(unpacker):
                    say("#error a message of the wrong type")
                line = unpacker.decompress(message).decode() if unpacker else message
                cursor = json.loads(line)["time_us"]
                say(line)
        except websockets.ConnectionClosed:
            pass
        finally:
            updates.cancel()
    return cursor


async def update(socket):
    while True:
        payload = json.loads(await lines.get())
        await socket.send(json.dumps({"type": "options_update", "payload": payload}))


async def listen():
    """Reads standard input without holding up the rest; its end ends the script."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        lines.put_nowait(line)


async def follow():
    cursor = asked.get("cursor")
    while True:
        try:
            cursor = await read(cursor)
        except OSError as failure:
            say(f"#error {failure}")
        await asyncio.sleep(0.2)


async def main():
    following = asyncio.create_task(follow())
    listening = asyncio.create_task(listen())
    done, _ = await asyncio.wait([following, listening], return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
    following.cancel()


lines = asyncio.Queue()
asyncio.run(main())
