"""A course page that shows the app in a frame, and a TLS proxy as most public servers have."""

import asyncio
import contextlib
import html
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import trustme


@contextlib.contextmanager
def course() -> Iterator[str]:
    """The address of a page that shows the link appended to it in a frame."""

    class Course(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            link = html.escape(self.path.removeprefix("/?"))
            self.wfile.write(f'<h1>Course</h1><iframe src="{link}" width="1200" height="640"></iframe>'.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Course) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://course.test:{server.server_port}/?"
        server.shutdown()


@contextlib.contextmanager
def encrypted(port: int, host: str) -> Iterator[str]:
    """The https address, with this host name, of a TLS proxy for the server at this port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert(host).configure_cert(context)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            behind = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_copy(reader, behind[1]), _copy(behind[0], writer))

    # in its own thread, because Playwright runs an event loop in this one
    listening: Future[int] = Future()
    ended = threading.Event()

    async def serve() -> None:
        async with await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context) as server:
            listening.set_result(server.sockets[0].getsockname()[1])
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    try:
        yield f"https://{host}:{listening.result()}"
    finally:
        ended.set()
        thread.join()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()
