"""Which addresses may be reached, which depends on who has named them."""

import socket
from dataclasses import dataclass
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from observability.outgoing.failures import NoAnswer, NotAllowed

Address = IPv4Address | IPv6Address
# Where clouds tell a machine its own secrets; not all of them are link-local.
METADATA = frozenset(
    map(ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254"))
)
THIS_NETWORK = IPv4Network("0.0.0.0/8")
# What is routed of IPv6, and the part of it that stands for addresses of IPv4 (RFC 6052).
GLOBAL, TRANSLATED = IPv6Network("2000::/3"), IPv6Network("64:ff9b::/96")


class Reach(Enum):
    """The default is the narrowest."""

    PUBLIC = "public"  # a person named it, or somebody outside: nothing within the site's own networks
    SITE = "site"  # a setting of the operator, or said on the command line: private networks, too
    OWN = "own"  # this installation itself: without TLS, too, and past the proxy


@dataclass(frozen=True)
class Place:
    """What a socket is opened with."""

    family: int
    address: Address
    to: tuple[Any, ...]


def places(host: str, port: int, reach: Reach) -> list[Place]:
    """Raises NoAnswer where the name is unknown, NotAllowed where any of its addresses may not be reached.

    How long it takes is the resolver's own matter (resolv.conf).
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NoAnswer(f"{host} is not known here: {error}") from error
    seen = [Place(family, ip_address(to[0]), to) for family, _kind, _protocol, _name, to in found]
    for place in seen:
        if not is_allowed(place.address, reach):
            raise NotAllowed(f"{host} leads to {place.address}, where nothing is asked from here.")
    return seen


def is_allowed(address: Address, reach: Reach) -> bool:
    """A machine's own secrets and what is no one machine are nobody's to name."""
    address = meant(address)
    if address in METADATA or address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    if isinstance(address, IPv4Address) and address in THIS_NETWORK:
        return False
    if reach is Reach.PUBLIC:
        return address.is_global and (isinstance(address, IPv4Address) or address in GLOBAL)
    return True


def meant(address: Address) -> Address:
    """The address of IPv4 that one of IPv6 stands for."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or address
