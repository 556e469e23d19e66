"""The words of the hop model: roles, protocols, headers, doors."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a hop is for."""

    FRONT = "front"  # what stands before the cluster: a load balancer or an outside proxy
    EDGE = "edge"  # a proxy in the cluster
    MTA = "mta"
    MDA = "mda"
    WEB = "web"  # webmail and administration
    FILTER = "filter"
    OTHER = "other"


class Serves(StrEnum):
    """The protocol of a listener."""

    SMTP = "smtp"
    SUBMISSION = "submission"
    SUBMISSIONS = "submissions"
    IMAP = "imap"
    IMAPS = "imaps"
    POP3 = "pop3"
    POP3S = "pop3s"
    SIEVE = "sieve"
    HTTP = "http"
    HTTPS = "https"
    LMTP = "lmtp"
    AUTH = "auth"
    DOVEADM = "doveadm"
    MILTER = "milter"
    CONTROLLER = "controller"  # the spam filter's control port
    DATABASE = "database"
    CACHE = "cache"
    DNS = "dns"
    DASHBOARD = "dashboard"  # a proxy's own administration
    TCP = "tcp"  # an entry of a proxy that carries what its routes carry; or unknown bytes
    INTERNAL = "internal"

    @property
    def is_mail(self) -> bool:
        """Whether mail clients or servers speak it from outside."""
        return self in PUBLIC_MAIL

    @property
    def is_http(self) -> bool:
        """Whether it is HTTP, with or without TLS."""
        return self in (Serves.HTTP, Serves.HTTPS)

    @property
    def is_internal(self) -> bool:
        """Whether no client outside should ever reach it."""
        return self in INTERNAL_ONLY

    @property
    def is_implicit_tls(self) -> bool:
        """Whether TLS starts with the first byte."""
        return self in (Serves.SUBMISSIONS, Serves.IMAPS, Serves.POP3S, Serves.HTTPS)

    @property
    def is_server_first(self) -> bool:
        """Whether the server greets before the client says anything."""
        return self in (Serves.SMTP, Serves.SUBMISSION, Serves.IMAP, Serves.POP3, Serves.SIEVE)


PUBLIC_MAIL = frozenset(
    {
        Serves.SMTP,
        Serves.SUBMISSION,
        Serves.SUBMISSIONS,
        Serves.IMAP,
        Serves.IMAPS,
        Serves.POP3,
        Serves.POP3S,
        Serves.SIEVE,
    }
)
INTERNAL_ONLY = frozenset(
    {
        Serves.LMTP,
        Serves.AUTH,
        Serves.DOVEADM,
        Serves.MILTER,
        Serves.CONTROLLER,
        Serves.DATABASE,
        Serves.CACHE,
        Serves.DNS,
        Serves.DASHBOARD,
        Serves.INTERNAL,
    }
)
#: Port numbers of mail protocols (IANA; RFC 8314 for the implicit-TLS ones, RFC 5804 for 4190).
WELL_KNOWN = {
    25: Serves.SMTP,
    587: Serves.SUBMISSION,
    465: Serves.SUBMISSIONS,
    143: Serves.IMAP,
    993: Serves.IMAPS,
    110: Serves.POP3,
    995: Serves.POP3S,
    4190: Serves.SIEVE,
}


class Header(StrEnum):
    """Whether a listener reads a header that states the client's address."""

    NEVER = "never"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Untrusted(StrEnum):
    """What a sender outside the trust list gets."""

    STRIPPED = "stripped"  # header removed, the packet's source counts
    DROPPED = "dropped"  # connection closed
    BELIEVED = "believed"  # there is no trust list: everybody is believed
    UNREAD = "unread"  # header left in the stream, taken for payload


class Wire(StrEnum):
    """What a sender puts before the payload."""

    NONE = "none"
    V1 = "v1"
    V2 = "v2"
    XFF = "xff"

    @property
    def is_proxy(self) -> bool:
        """Whether it is a PROXY header."""
        return self in (Wire.V1, Wire.V2)


class Tls(StrEnum):
    """How TLS starts at a listener."""

    PLAIN = "plain"
    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    UNKNOWN = "unknown"


class DoorKind(StrEnum):
    """By which door the outside comes in."""

    LOAD_BALANCER = "LoadBalancer"
    NODE_PORT = "NodePort"
    HOST_PORT = "hostPort"
    HOST_NETWORK = "hostNetwork"
    EXTERNAL_IP = "externalIP"


class Effect(StrEnum):
    """What a setting really does."""

    WORKS = "works"
    IGNORED = "ignored"
    CANCELLED = "cancelled"  # by another setting
    UNSTABLE = "unstable"  # differs from start to start
    MISPLACED = "misplaced"  # works, but not (only) where it is meant to


class TrustUse(StrEnum):
    """What a list grants to those on it."""

    PROXY = "proxy"  # may state the client's address in a PROXY header
    FORWARDED = "forwarded"  # may state it in X-Forwarded-For and its like
    RELAY = "relay"  # may relay mail (permit_mynetworks)
    LOGIN = "login"  # may log in without TLS, counts as secured
    UNKNOWN = "unknown"  # a list named like one, in a program without a profile


class Rewrite(StrEnum):
    """What becomes of a packet's source on a link."""

    KEPT = "kept"
    POD = "pod"  # a pod's address appears (klipper's masquerade, a proxy's pod)
    NODE = "node"  # a node's address appears (kube-proxy's SNAT)
    BALANCER = "balancer"  # the balancer opened its own connection
    HOST = "host"  # a sender on the host network: a node's address, but the sender's own


class RouterTls(StrEnum):
    """What a routing rule does with TLS."""

    NONE = "none"  # opaque bytes
    PASSTHROUGH = "passthrough"
    TERMINATES = "terminates"
