"""Clients that mean no good, or know no better. Each goes on until it is told to stop, and says how often it did it.

They speak to a socket, since a well-kept client library refuses to do what they do.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import random
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg

MASK = b"\x00\x00\x00\x00"
TEXT, BINARY = 0x1, 0x2
QUICK = 5000
AT_ONCE = 50
SLOW, HALF_OPEN, GARBAGE, OVERSIZE = 100, 50, 20, 10
LARGE = 3_000_000
"""Bytes of a frame: more than the server takes (`--ws-max-size` in hosting/serve.sh)."""
OPENING = 5.0
"""Seconds after which an attacker gives up on a server that does not open."""
NARROW = 4096
"""Bytes of the buffer of who does not read."""

Attack = Callable[[str, int, asyncio.Event], Coroutine[Any, Any, int]]


def asking(host: str, port: int, seed: int = 0) -> bytes:
    """The request that opens the app's websocket."""
    key = base64.b64encode(random.Random(seed).randbytes(16)).decode()
    return (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
    ).encode()


def frame(kind: int, payload: bytes, said: int | None = None) -> bytes:
    """A websocket frame. said: how long it claims to be, if that is a lie."""
    return bytes([0x80 | kind, 0x80 | 127]) + struct.pack("!Q", len(payload) if said is None else said) + MASK + payload  # fmt: skip


def rerun() -> bytes:
    """The frame that asks for the heaviest page that needs no address: the board of all stories."""
    message = BackMsg()
    message.rerun_script.page_name = "stories"
    return frame(BINARY, message.SerializeToString())


@asynccontextmanager
async def _open(host: str, port: int, buffer: int | None = None) -> AsyncIterator[asyncio.StreamWriter]:  # fmt: skip
    """An open websocket, left without a word."""
    plug = socket.socket()
    plug.settimeout(0)
    if buffer is not None:
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    try:
        await asyncio.get_running_loop().sock_connect(plug, (host, port))
        reader, writer = await asyncio.open_connection(sock=plug, limit=NARROW)
    except OSError:
        plug.close()
        raise
    try:
        writer.write(asking(host, port))
        async with asyncio.timeout(OPENING):
            await reader.readuntil(b"\r\n\r\n")
        yield writer
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)


async def _again(stop: asyncio.Event, once: Callable[[int], Awaitable[None]], several: int) -> int:
    """So many at once do it again and again; what the server does to them is theirs to bear."""
    done = 0

    async def one(number: int) -> None:
        nonlocal done
        while not stop.is_set():
            with contextlib.suppress(
                OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError
            ):
                await once(number)
            done += 1
            await asyncio.sleep(0)

    await asyncio.gather(*(one(number) for number in range(several)))
    return done


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def quick(host: str, port: int, stop: asyncio.Event) -> int:
    """5,000 who open the websocket and are gone before anything was said. It ends when all have been."""
    left = iter(range(QUICK))

    async def some() -> int:
        done = 0
        for _ in left:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                async with _open(host, port):
                    pass
            done += 1
        return done

    done = sum(await asyncio.gather(*(some() for _ in range(AT_ONCE))))
    stop.set()
    return done


async def slow(host: str, port: int, stop: asyncio.Event) -> int:
    """They ask a byte at a time."""

    async def once(number: int) -> None:
        _, writer = await asyncio.open_connection(host, port)
        try:
            for byte in asking(host, port, number):
                if stop.is_set():
                    break
                writer.write(bytes([byte]))
                await _until(stop, 0.3)
        finally:
            writer.transport.abort()
            await asyncio.sleep(0)

    return await _again(stop, once, SLOW)


async def half_open(host: str, port: int, stop: asyncio.Event) -> int:
    """They ask for the largest page, and again, and read nothing."""

    async def once(_: int) -> None:
        async with _open(host, port, NARROW) as writer:
            for _ in range(5):
                writer.write(rerun())
                await _until(stop, 1)
            await _until(stop, 10)

    return await _again(stop, once, HALF_OPEN)


async def garbage(host: str, port: int, stop: asyncio.Event) -> int:
    """Frames of noise: binary ones, text, halves, kinds that there are not, no frames at all."""

    async def once(number: int) -> None:
        chance = random.Random(number)
        noise = chance.randbytes(chance.randrange(1, 2000))
        async with _open(host, port) as writer:
            for sent in (
                frame(BINARY, noise),
                frame(BINARY, rerun()[10:60] + noise),
                frame(TEXT, noise),
                frame(0x7, noise),
                frame(BINARY, noise, said=2**62),
                noise,
            ):
                writer.write(sent)
                await asyncio.sleep(0.02)

    return await _again(stop, once, GARBAGE)


async def oversize(host: str, port: int, stop: asyncio.Event) -> int:
    """Frames that are larger than the server takes."""

    async def once(_: int) -> None:
        async with _open(host, port) as writer:
            writer.write(frame(BINARY, bytes(LARGE)))
            await writer.drain()
            await asyncio.sleep(0.05)

    return await _again(stop, once, OVERSIZE)


ATTACKS: dict[str, Attack] = {
    "5,000 quick connections": quick,
    f"{SLOW} that ask a byte at a time": slow,
    f"{HALF_OPEN} that read nothing": half_open,
    f"{GARBAGE} that send noise": garbage,
    f"{OVERSIZE} that send frames of 3 MB": oversize,
}
