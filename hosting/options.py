"""What a host sets in the environment, read once and refused where it means nothing."""

import re
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from evidence.frozen import Frozen

EMBEDDERS = "FLOWCHECK_EMBEDDERS"
METRICS_FROM = "FLOWCHECK_METRICS_FROM"
WARM_FIRST = "FLOWCHECK_WARM_FIRST"
LOOPBACK = "127.0.0.0/8 ::1"
WORDS = {"self": "'self'", "none": "'none'", "*": "*"}
"""What may stand in place of an origin, and how a policy writes it."""
_ORIGIN = re.compile(r"^https?://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$")


class Options(Frozen):
    """embedders: whose pages may show this app in a frame. metrics_from: who may read the metrics.

    warm_first: whether its port opens only once it is warm, so that no proxy sends a visitor to a cold replica.
    """

    embedders: tuple[str, ...]
    metrics_from: tuple[IPv4Network | IPv6Network, ...]
    warm_first: bool

    def near(self, address: str) -> bool:
        """Whether the metrics are for this address."""
        try:
            asking = ip_address(address)
        except ValueError:
            return False
        return any(asking in network for network in self.metrics_from)


def read(environment: Mapping[str, str]) -> Options:
    """The options. Raises ValueError with a sentence where one cannot be meant."""
    return Options(
        embedders=tuple(_embedder(word) for word in environment.get(EMBEDDERS, "self").split()),
        metrics_from=tuple(
            _network(word) for word in environment.get(METRICS_FROM, LOOPBACK).split()
        ),
        warm_first=environment.get(WARM_FIRST, "") == "1",
    )


def _embedder(word: str) -> str:
    if word in WORDS:
        return WORDS[word]
    if not _ORIGIN.match(word):
        raise ValueError(
            f"{EMBEDDERS}: `{word}` is no origin such as https://news.example.org, and not "
            f"{', '.join(WORDS)}"
        )
    return word


def _network(word: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(word)
    except ValueError as fault:
        raise ValueError(f"{METRICS_FROM}: {fault}") from fault
