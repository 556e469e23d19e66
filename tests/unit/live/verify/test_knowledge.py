"""What manifests tell, and the rules for an allow-list."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from truehop.engine.request import Request
from truehop.errors import UserError
from truehop.live.verify.allowlist import allowlist
from truehop.live.verify.knowledge import Knowledge, learn
from truehop.live.verify.ports import BY_NUMBER, KINDS

GUIDE = "examples/fixed"
MANIFESTS = """\
apiVersion: v1
kind: Service
metadata:
  name: mda
  namespace: mail
  annotations:
    load-balancer.hetzner.cloud/uses-proxyprotocol: "true"
    external-dns.alpha.kubernetes.io/hostname: imap.example.com, mail.example.com
    truehop/networks: "pods: [10.42.0.0/16]"
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: {app: mda}
  ports: [{name: imaps, port: 993, targetPort: 31993}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: mda, namespace: mail}
spec:
  selector: {matchLabels: {app: mda}}
  template:
    metadata: {labels: {app: mda}}
    spec:
      containers:
        - name: mda
          image: jeboehm/mailserver-mda:8.0.0
          ports: [{containerPort: 31993}]
          env:
            - {name: MDA_UPSTREAM_PROXY, value: "true"}
            - {name: TRUSTED_PROXIES, value: 10.0.0.2}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: mail}
spec: {rules: [{host: web.example.com}, {host: "*.example.com"}]}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: mail, namespace: mail}
spec: {dnsNames: [mail.example.com]}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: mail}
spec: {routes: [{match: "Host(`hook.example.com`) && PathPrefix(`/`)"}]}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {name: imaps, namespace: mail}
spec: {entryPoints: [imaps], routes: [{match: "HostSNI(`*`)", services: [{name: mda, port: 993}]}]}
"""


@pytest.fixture
def known(tmp_path: Path) -> Knowledge:
    (tmp_path / ".git").mkdir()
    path = tmp_path / "mail.yaml"
    path.write_text(MANIFESTS, encoding="utf-8")
    return learn(Request(paths=(str(path),)))


def test_hosts_ports_networks_and_predictions(known: Knowledge) -> None:
    assert known.open == {993}
    assert set(known.hosts) == {"hook.example.com", "web.example.com", "mail.example.com", "imap.example.com"}
    assert known.predicted(993) in {"client", "hop", "refused", "unknown"}
    assert known.predicted(25) == ""
    assert known.hop_of("10.42.3.4", 993) == "networks.pods hold it"
    assert known.hop_of("198.51.100.1", 993) == ""
    assert known.tcp_routes == (("mail", "imaps", 1),)


def test_the_hop_before_the_server_is_named() -> None:
    known = learn(Request(paths=("examples/fixed/hetzner-header-on-one-side",)))
    assert known.open
    port = min(known.open)
    known = Knowledge(routes=known.routes, networks={"networks.pods": next(iter(known.networks.values()))})
    address = str(next(iter(known.networks.values())).networks()[0]).partition("/")[0]
    assert "before the server stands" in known.hop_of(address, port)


def test_manifests_without_a_mail_port_are_the_users_fault(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n", encoding="utf-8")
    with pytest.raises(UserError, match="no public port of a mail stack"):
        learn(Request(paths=(str(path),)))


# --- the allow-list ------------------------------------------------------------------------------


def test_an_allow_list_is_yaml_for_traefik_and_commands_for_postfix(known: Knowledge) -> None:
    text = allowlist("mail.example.com", ["203.0.113.7", "2001:db8::7"], known, KINDS)
    (middleware,) = yaml.safe_load_all(text)
    assert middleware == {
        "apiVersion": "traefik.io/v1alpha1",
        "kind": "MiddlewareTCP",
        "metadata": {"name": "truehop-allowlist", "namespace": "mail"},
        "spec": {"ipAllowList": {"sourceRange": ["203.0.113.7/32", "2001:db8::7/128"]}},
    }
    assert "kubectl -n mail patch ingressroutetcp imaps --type=json" in text
    assert "check_client_access,inline:{{203.0.113.7=OK},{2001:db8::7=OK}},reject'" in text
    assert "postconf -PX 'submission/inet/smtpd_client_restrictions'" in text
    assert "truehop applies nothing" in text


def test_an_allow_list_without_manifests_says_what_to_fill_in() -> None:
    text = allowlist("mail.example.com", ["203.0.113.7"], Knowledge(), (BY_NUMBER[993],))
    assert "namespace: NAMESPACE" in text
    assert "postconf" not in text


def test_several_namespaces_get_a_middleware_each() -> None:
    known = Knowledge(tcp_routes=(("a", "one", 2), ("b", "two", 1)))
    text = allowlist("mail.example.com", ["10.0.0.1"], known, KINDS)
    assert [one["metadata"]["namespace"] for one in yaml.safe_load_all(text)] == ["a", "b"]
    assert "/spec/routes/1/middlewares" in text
    assert "a private one" in text


def test_an_allow_list_needs_an_address() -> None:
    with pytest.raises(UserError, match="--expect-ip"):
        allowlist("mail.example.com", [], Knowledge(), KINDS)
