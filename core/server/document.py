"""The HTML document that a browser gets first, with more in its head."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_STALE = {b"content-length", b"etag", b"last-modified"}
"""Headers that describe the document without the addition."""


class DocumentHead:
    """ASGI middleware that adds HTML to the head of each document, before its title and at its end.

    The document's own style sheets no longer keep the browser from drawing, nor the scripts after them from running:
    each applies when it has come.
    """

    def __init__(self, application: Application, first: str, last: str) -> None:
        self._application = application
        self._changes = [
            (b'<link rel="stylesheet"', b'<link rel="stylesheet" media="print" onload="this.media = \'all\'"'),
            (b"<title>", f"{first}<title>".encode()),
            (b"</head>", f"{last}</head>".encode()),
        ]

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request; anything but a document passes unchanged."""
        if scope["type"] != "http" or not _wants_document(scope):
            await self._application(scope, receive, send)
            return
        # a compressed body could not be changed
        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: Message = {}
        body = b""

        async def send_changed(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_document(message):
                start = message
            elif message["type"] == "http.response.body" and start:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                whole = self._changed(body)
                kept = [(name, value) for name, value in start["headers"] if name not in _STALE]
                await send({**start, "headers": [*kept, (b"content-length", str(len(whole)).encode())]})
                await send({"type": "http.response.body", "body": whole})
            else:
                await send(message)

        await self._application({**scope, "headers": headers}, receive, send_changed)

    def _changed(self, document: bytes) -> bytes:
        head, end, rest = document.partition(b"</head>")
        head += end
        for old, new in self._changes:
            head = head.replace(old, new)
        return head + rest


def _wants_document(scope: Message) -> bool:
    return scope["method"] == "GET" and any(
        name == b"accept" and b"text/html" in value for name, value in scope["headers"]
    )


def _is_document(message: Message) -> bool:
    return message["status"] == 200 and any(
        name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"]
    )
