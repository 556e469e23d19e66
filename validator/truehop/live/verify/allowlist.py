"""What to apply for a moment so that only one address gets in. Nothing is applied here.

Traefik: MiddlewareTCP ipAllowList judges the address after PROXY; Postfix: access(5) and inline tables of
DATABASE_README, postconf(1) -P.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from truehop.errors import UserError
from truehop.live.verify.evidence import is_translated
from truehop.live.verify.knowledge import Knowledge
from truehop.live.verify.ports import Kind, Language

NAME = "truehop-allowlist"
#: The services of Postfix' master.cf by port.
_SERVICES = {25: "smtp", 465: "submissions", 587: "submission"}


def allowlist(host: str, addresses: Sequence[str], knowledge: Knowledge, ports: Sequence[Kind]) -> str:
    """The rules for these addresses, how to apply them, what must be seen then, and how to take them away.

    Raises:
        UserError: there is no address to let in.
    """
    if not addresses:
        cure = "say by --expect-ip which address this machine has outside"
        raise UserError("no address of this machine leads to the host", place=host, cure=cure)
    return "".join(f"{line}\n" for line in _lines(host, addresses, knowledge, ports))


def _lines(host: str, addresses: Sequence[str], knowledge: Knowledge, ports: Sequence[Kind]) -> Iterator[str]:
    shown = ", ".join(addresses)
    yield f"# Lets nobody but {shown} in for a moment. truehop applies nothing: you do, and you take it away."
    if any(map(is_translated, addresses)):
        yield "# This address is a private one. Where the server sees another, say it by --expect-ip."
    yield "#"
    yield "# Way 1: at Traefik, by IngressRouteTCP. It judges the address that Traefik believes."
    yield from _traefik(addresses, knowledge)
    yield "#"
    yield "# Way 2: at Traefik, by its file provider: the same as dynamic configuration."
    yield "#   tcp:"
    yield f"#     middlewares: {{{NAME}: {{ipAllowList: {{sourceRange: {_ranges(addresses)}}}}}}}"
    yield f"#   and `middlewares: [{NAME}]` on each router of a mail port"
    services = [(kind.number, _SERVICES[kind.number]) for kind in ports if kind.language is Language.SMTP]
    if services:
        yield "#"
        yield "# Way 3: at Postfix, in its pod. It judges the address that Postfix believes, the best proof."
        yield from (f"#   {line}" for line in _postfix(addresses, services))
    yield "#"
    yield "# Then:"
    yield f"#   from {shown}:    truehop verify {host}    still gets a greeting on every port"
    yield "#   from anywhere else:    no session"
    yield "#   If it works there too, or here no more, the recorded address is not the client's."


def _ranges(addresses: Sequence[str]) -> str:
    return f"[{', '.join(f'{one}/{ipaddress.ip_address(one).max_prefixlen}' for one in addresses)}]"


def _traefik(addresses: Sequence[str], knowledge: Knowledge) -> Iterator[str]:
    routes = knowledge.tcp_routes or (("NAMESPACE", "NAME", 1),)
    for number, namespace in enumerate(dict.fromkeys(namespace for namespace, _, _ in routes)):
        if number:
            yield "---"
        yield "apiVersion: traefik.io/v1alpha1"
        yield "kind: MiddlewareTCP"
        yield f"metadata: {{name: {NAME}, namespace: {namespace}}}"
        yield f"spec: {{ipAllowList: {{sourceRange: {_ranges(addresses)}}}}}"
    yield "# apply it, then hang it on the routes (by hand where a route has middlewares already):"
    for namespace, name, count in routes:
        add = ",".join(
            f'{{"op":"add","path":"/spec/routes/{number}/middlewares","value":[{{"name":"{NAME}"}}]}}'
            for number in range(count)
        )
        yield f"#   kubectl -n {namespace} patch ingressroutetcp {name} --type=json -p '[{add}]'"
    yield "# and take it away again:"
    for namespace, name, count in routes:
        remove = ",".join(
            f'{{"op":"remove","path":"/spec/routes/{number}/middlewares"}}' for number in range(count)
        )
        yield f"#   kubectl -n {namespace} patch ingressroutetcp {name} --type=json -p '[{remove}]'"
        yield f"#   kubectl -n {namespace} delete middlewaretcp {NAME}"


def _postfix(addresses: Sequence[str], services: Sequence[tuple[int, str]]) -> Iterator[str]:
    # Without a blank: postconf -P takes none in a value.
    table = ",".join(f"{{{one}=OK}}" for one in addresses)
    for _, service in services:
        rule = f"check_client_access,inline:{{{table}}},reject"
        yield f"postconf -P '{service}/inet/smtpd_client_restrictions={rule}'"
    yield "postfix reload"
    yield "and take it away again:"
    for _, service in services:
        yield f"postconf -PX '{service}/inet/smtpd_client_restrictions'"
    yield "postfix reload"
    if len(services) > 1:
        yield "(465 may be called smtps there: see postconf -M; a read-only master.cf: postconf -e without"
        yield "the service's name does it for all of Postfix, its inner ports too)"
