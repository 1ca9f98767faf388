"""HTML that is added to the head of each document."""

import asyncio

import pytest

from core.server.document import DocumentHead

LINK = '<link rel="stylesheet" href="a.css">'
PAGE = f"<html><head><title>A</title>{LINK}</head><body>A sample of </head> and {LINK} in a text</body></html>"
BROWSER = [(b"accept", b"text/html,*/*;q=0.8"), (b"accept-encoding", b"gzip")]


def asked(kind, *, status=200, headers=BROWSER):
    """The headers and the text of an answer of this kind, which an application sends in two parts."""

    async def application(scope, _receive, send):
        assert not (b"gzip" in dict(scope["headers"]).values() and kind == "text/html" and headers is BROWSER)
        head = [(b"content-type", kind.encode()), (b"etag", b'"1"'), (b"content-length", b"%d" % len(PAGE))]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": PAGE[:20].encode(), "more_body": True})
        await send({"type": "http.response.body", "body": PAGE[20:].encode()})

    sent = []

    async def keep(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "headers": headers}
    asyncio.run(DocumentHead(application, "<script></script>", "<style>é</style>")(scope, None, keep))
    body = b"".join(message.get("body", b"") for message in sent)
    return dict(sent[0]["headers"]), body.decode()


def test_a_document_has_the_additions_once_and_is_never_taken_for_the_one_without_them():
    headers, text = asked("text/html; charset=utf-8")
    late = '<link rel="stylesheet" media="print" onload="this.media = \'all\'" href="a.css">'
    head = f"<html><head><script></script><title>A</title>{late}<style>é</style></head>"
    assert text == head + PAGE.partition("</head>")[2]
    assert int(headers[b"content-length"]) == len(text.encode())
    assert b"etag" not in headers


@pytest.mark.parametrize(
    "other",
    [{"kind": "text/javascript"}, {"kind": "text/html", "status": 404}, {"kind": "text/html", "headers": []}],
    ids=["script", "error", "no browser"],
)
def test_everything_else_is_unchanged(other):
    headers, text = asked(**other)
    assert text == PAGE
    assert headers[b"etag"] == b'"1"'
