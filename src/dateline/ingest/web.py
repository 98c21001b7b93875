"""One document over http(s), fetched with the guards that a hostile link needs.

Every hop is resolved once, each address it resolves to must be public, and the connection goes to
the address that was checked, so no second look-up can change it. It refuses other schemes, user
names in URLs, odd ports, more than 10 MB, more than 20 seconds and more than five redirects. It
sends no cookies, uses no proxy and keeps nothing.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from urllib.parse import SplitResult, quote, urljoin, urlsplit

MAX_BYTES = 10_000_000
MAX_SECONDS = 20.0
MAX_HOPS = 5
PORTS = frozenset({80, 443, 8000, 8080, 8443})
AGENT = "Dateline/0.1 (newswire research tool)"

# ipaddress.is_global is true for some of these in some Python versions, so the table is our own:
# IANA special-purpose registries, with the tunnels that can carry a private IPv4 address.
_SPECIAL = tuple(
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
        "192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 "
        "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 ::/96 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 "
        "100::/64 2001::/23 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8"
    ).split()
)
_BAD = re.compile(r"[\x00-\x20\x7f\\]|[^\S ]")
_REDIRECTS = (301, 302, 303, 307, 308)


class RefusedError(Exception):
    """A document that was not fetched. The message completes "URL: ..."."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back: the last URL, the bytes, and the character set that the header declared."""

    url: str
    data: bytes
    charset: str | None


def public(address: str) -> bool:
    """Whether an IP address may be connected to: global, unicast, and in no special range."""
    ip = ipaddress.ip_address(address.split("%", 1)[0])
    return ip.is_global and not ip.is_multicast and not any(ip.version == net.version and ip in net for net in _SPECIAL)


def fetch(url: str, *, allow_loopback: bool = False, seconds: float = MAX_SECONDS) -> Fetched:
    """The document behind a URL, redirects followed. Raises RefusedError with one readable reason."""
    deadline = time.monotonic() + seconds
    for _ in range(MAX_HOPS + 1):
        parts = _checked(url, allow_loopback)
        with _response(parts, _resolve(parts, allow_loopback), deadline) as answer:
            target = answer.headers.get("Location")
            if answer.status in _REDIRECTS and target:
                url = urljoin(url, target.strip())
                continue
            if answer.status != 200:
                raise RefusedError(f"the server answered {answer.status} {answer.reason}")
            return Fetched(url, _body(answer, deadline), _charset(answer.headers))
    raise RefusedError(f"more than {MAX_HOPS} redirects")


def _checked(url: str, allow_loopback: bool) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RefusedError(f"not a URL ({error})") from error
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise RefusedError("only http:// and https:// URLs with a host name are fetched")
    if _BAD.search(url) or "@" in parts.netloc:
        raise RefusedError("white space, backslashes and user names are not allowed in a URL")
    if port is not None and port not in PORTS and not allow_loopback:
        raise RefusedError(f"port {port} is not fetched from; allowed are {', '.join(map(str, sorted(PORTS)))}")
    return parts


def _resolve(parts: SplitResult, allow_loopback: bool) -> tuple[str, int]:
    """(address, port) to connect to. Every address of the host must pass, or none is used."""
    port = parts.port or (443 if parts.scheme.lower() == "https" else 80)
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii")
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedError(f"the host name can't be resolved ({error})") from error
    addresses = [str(item[4][0]) for item in found]
    for address in addresses:
        loopback = allow_loopback and ipaddress.ip_address(address.split("%", 1)[0]).is_loopback
        if not loopback and not public(address):
            raise RefusedError(f"the host leads to {address}, which is not a public address")
    return addresses[0], port


@contextmanager
def _response(parts: SplitResult, where: tuple[str, int], deadline: float) -> Iterator[http.client.HTTPResponse]:
    """An answer from exactly this address; everything is cut off at the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise RefusedError("the document took too long")
    connection = http.client.HTTPConnection(parts.hostname or "", where[1], timeout=left)
    stop = threading.Timer(left, _cut, [connection])
    stop.daemon = True
    try:
        connection.sock = _connect(parts, where, left)
        stop.start()
        connection.request("GET", _target(parts), headers={"User-Agent": AGENT, "Accept-Encoding": "identity"})
        yield connection.getresponse()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise RefusedError(_failure(error, deadline)) from error
    finally:
        stop.cancel()
        connection.close()


def _connect(parts: SplitResult, where: tuple[str, int], left: float) -> socket.socket:
    plain = socket.create_connection(where, timeout=min(left, 10.0))
    plain.settimeout(left)
    if parts.scheme.lower() == "http":
        return plain
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
    except OSError:
        plain.close()
        raise


def _cut(connection: http.client.HTTPConnection) -> None:
    """Ends a connection from outside: a server that drips bytes never runs into a socket timeout."""
    try:
        if connection.sock:
            connection.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return path + ("?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else "")


def _body(answer: http.client.HTTPResponse, deadline: float) -> bytes:
    pieces, size = [], 0
    while piece := answer.read1(1 << 16):
        pieces.append(piece)
        size += len(piece)
        if size > MAX_BYTES:
            raise RefusedError(f"the document is larger than {MAX_BYTES / 1e6:.0f} MB")
        if time.monotonic() > deadline:
            raise RefusedError("the document took too long")
    return b"".join(pieces)


def _charset(headers: Message) -> str | None:
    return headers.get_content_charset()


def _failure(error: Exception, deadline: float) -> str:
    if isinstance(error, TimeoutError) or time.monotonic() >= deadline - 0.05:
        return "the document took too long"
    return f"the document could not be fetched ({type(error).__name__}: {error})"[:300]
