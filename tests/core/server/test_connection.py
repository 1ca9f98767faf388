"""Only a browser on the machine itself counts as the owner's."""

from ipaddress import ip_address

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.server.connection import Machine, is_local

LAN, LAN6 = "192.168.1.5", "2001:db8::5"
MACHINE = Machine(frozenset({"localhost", "laptop", "laptop.local"}), frozenset({ip_address(LAN), ip_address(LAN6)}))
FORWARDED = (
    *("Forwarded", "X-Forwarded-For", "x-forwarded-host", "X-Forwarded-Proto", "X-FORWARDED-PREFIX", "X-Real-IP"),
    *("Via", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "X-Original-Host"),
)


def local(peer, host, origin=None, *more):
    headers = [("host", host), *([("origin", origin)] if origin else []), *more]
    return is_local(peer, headers, MACHINE)


@pytest.mark.parametrize(
    ("peer", "host"),
    [
        ("127.0.0.1", "localhost:8501"),
        ("127.0.0.1", "127.0.0.1:8501"),
        ("127.0.0.1", "0.0.0.0:8501"),
        ("127.0.0.1", "laptop:8501"),
        ("127.0.0.1", "LAPTOP.local.:8501"),
        ("127.8.9.1", "localhost"),
        ("::1", "[::1]:8501"),
        ("::ffff:127.0.0.1", "localhost:8501"),
        (LAN, f"{LAN}:8501"),
        (f"::ffff:{LAN}", f"{LAN}:8501"),
        (LAN6, f"[{LAN6}]:8501"),
        (LAN, "laptop.local:8501"),
    ],
)
def test_a_browser_on_the_machine_is_local(peer, host):
    assert local(peer, host)
    assert local(peer, host, f"http://{host}")


@pytest.mark.parametrize(
    ("peer", "host", "origin"),
    [
        ("192.168.1.9", f"{LAN}:8501", f"http://{LAN}:8501"),  # another machine
        ("192.168.1.9", "localhost:8501", None),  # with a forged Host
        ("172.17.0.1", "localhost:8501", "http://localhost:8501"),  # the gateway of a container
        ("fe80::5%eth0", "laptop.local:8501", None),
        (None, "localhost:8501", None),  # a Unix socket
        ("", "localhost:8501", None),
        ("localhost", "localhost:8501", None),
        ("127.0.0.1", "lab.example:8501", "http://lab.example:8501"),  # DNS rebinding
        (LAN, "lab.example:8501", "http://lab.example:8501"),
        ("127.0.0.1", "localhost.lab.example", None),
        ("127.0.0.1", "127.0.0.1.lab.example", None),
        ("127.0.0.1", "localhost@lab.example", None),
        ("127.0.0.1", "lab.example#localhost", None),
        ("127.0.0.1", "[::1", None),
        ("127.0.0.1", "", None),
        ("127.0.0.1", f"{LAN}:8080", f"http://{LAN}:8080"),  # a silent proxy on this machine
        ("127.0.0.1", "localhost:8501", "https://lab.example"),  # a proxy that passes on its own name
        ("127.0.0.1", "localhost:8501", "null"),
    ],
)
def test_other_connections_are_not_local(peer, host, origin):
    assert not local(peer, host, origin)


@pytest.mark.parametrize("headers", [[], [("host", "localhost"), ("host", "lab.example")], [("host", "localhost")] * 2])
def test_exactly_one_host_is_required(headers):
    assert not is_local("127.0.0.1", headers, MACHINE)


HOSTS = st.sampled_from(["localhost:8501", "127.0.0.1", f"{LAN}:8501", "laptop", "lab.example"]) | st.text()
ORDINARY = st.sampled_from(["user-agent", "cookie", "accept", "upgrade", "connection", "sec-websocket-key"])


@given(
    st.sampled_from(["127.0.0.1", "::1", LAN, f"::ffff:{LAN}"]),
    HOSTS,
    st.lists(st.tuples(ORDINARY, st.text())),
    st.sampled_from(FORWARDED),
    st.text(),
    st.randoms(),
)
def test_other_headers_cannot_hide_a_proxy(peer, host, others, name, value, random):
    headers = [("host", host), *others, (name, value)]
    random.shuffle(headers)
    assert not is_local(peer, headers, MACHINE)


def test_this_machine_knows_its_addresses_except_link_local_ones():
    machine = Machine.this()
    assert "localhost" in machine.names
    assert not any("." in name.removesuffix(".local") for name in machine.names)
    assert ip_address("127.0.0.1") in machine.addresses
    own = [entry.address for entries in psutil.net_if_addrs().values() for entry in entries]
    for address in machine.addresses:
        assert any(str(address) in entry for entry in own)
        assert not (address.version == 6 and address.is_link_local)
