"""The tree that the benchmark judges: manifests as a large cluster holds them, nearly all of them right."""

from __future__ import annotations

from pathlib import Path

PER_FILE = 25  # objects of each of the three kinds
FILES = 200
RIGHT = "10.42.0.0/16"
WRONG = "10.42.0.0/16,0.0.0.0/0"
WRONG_EVERY = 100

_DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: {namespace}
  labels: {{app: {name}}}
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: {name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {name}
    spec:
      containers:
        - name: web
          image: registry.example.com/team/{name}:1.{minor}.0
          env:
            - name: TRUSTED_PROXIES
              value: {proxies}
          ports:
            - name: http
              containerPort: 8080
"""
_SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: {namespace}
spec:
  selector:
    app.kubernetes.io/name: {name}
  ports:
    - name: http
      port: 80
      targetPort: http
"""
_ROUTE = """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: {name}
  namespace: {namespace}
spec:
  entryPoints: [websecure]
  routes:
    - kind: Rule
      match: Host(`{name}.example.com`)
      services:
        - name: {name}
          port: 80
  tls:
    secretName: {name}-tls
"""


def write_tree(folder: Path, files: int = FILES) -> int:
    """Write the tree and return its size in bytes; a namespace a file, one Deployment in a hundred wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for number in range(files):
        parts: list[str] = []
        for place in range(PER_FILE):
            count = number * PER_FILE + place
            words = {
                "name": f"service-{count:05d}",
                "namespace": f"team-{number:03d}",
                "minor": count % 40,
                "proxies": WRONG if count % WRONG_EVERY == WRONG_EVERY - 1 else RIGHT,
            }
            parts += [template.format(**words) for template in (_DEPLOYMENT, _SERVICE, _ROUTE)]
        text = "---\n".join(parts)
        (folder / f"team-{number:03d}.yaml").write_text(text, encoding="utf-8")
        size += len(text)
    return size
