"""Fetching: only public addresses, only as much as allowed, and a reason for every refusal."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from typing import ClassVar

import pytest

from dateline.ingest import read, web
from dateline.records import Drop, Raw

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "192.0.0.192",
    "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "::127.0.0.1", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not web.public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_ordinary_addresses_are_public(address: str) -> None:
    assert web.public(address)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://017700000001/", "http://localhost/", "http://[::1]/",
     "http://[::ffff:127.0.0.1]/", "http://user@example.org/", "http://example.org\\@127.0.0.1/", "http://example.org:22/",
     "ftp://example.org/", "file:///etc/hostname", "http:///x", "http://exa mple.org/", "http://[::1", "http://0/"],
)  # fmt: skip
def test_dangerous_urls_are_refused(url: str) -> None:
    with pytest.raises(web.RefusedError):
        web.fetch(url, seconds=3)


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(web.RefusedError, match=r"leads to 10\.0\.0\.1"):
        web.fetch("http://two-faced.example/")


class _Site(http.server.BaseHTTPRequestHandler):
    pages: ClassVar[dict[str, tuple[int, dict[str, str], bytes]]] = {}

    def do_GET(self) -> None:
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):  # the client leaves, which is the point
                for _ in range(40):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.1)
            return
        status, headers, data = self.pages.get(self.path, (404, {}, b""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    _Site.pages.update({
        "/story.html": (200, {"Content-Type": "text/html; charset=cp1252"}, b"<html><body><p>caf\xe9</p></html>"),
        "/moved": (302, {"Location": "/story.html"}, b""),
        "/inside": (302, {"Location": "http://10.0.0.1/secret"}, b""),
        "/file": (302, {"Location": "file:///etc/hostname"}, b""),
        "/loop": (302, {"Location": "/loop"}, b""),
        "/large": (200, {}, b"x" * (web.MAX_BYTES + 1)),
    })  # fmt: skip
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_is_read_with_its_declared_character_set(site: str) -> None:
    (raw,) = read([f"{site}/moved"], allow_loopback=True)
    assert isinstance(raw, Raw) and raw.kind == "page" and "café" in raw.text
    assert raw.url == f"{site}/story.html"


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/inside", "not a public address"), ("/file", "only http"), ("/loop", "5 redirects"), ("/large", "larger than"),
     ("/none", "answered 404")],
)  # fmt: skip
def test_refusals_are_drops(site: str, path: str, reason: str) -> None:
    (drop,) = read([site + path], allow_loopback=True)
    assert isinstance(drop, Drop) and drop.stage == "fetch" and reason in drop.reason


def test_loopback_needs_the_setting(site: str) -> None:
    (drop,) = read([f"{site}/story.html"])
    assert isinstance(drop, Drop)


def test_a_dripping_server_is_cut_off(site: str) -> None:
    started = time.monotonic()
    with pytest.raises(web.RefusedError, match="too long"):
        web.fetch(f"{site}/drip", allow_loopback=True, seconds=0.5)
    assert time.monotonic() - started < 2
