"""Documents that trees are put together from; ``NAME`` and ``SPACE`` are filled in."""

from __future__ import annotations

#: Nothing here is about mail: a survey can tell of any tree of these.
PLAIN = {
    "a list that is right": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  namespace: SPACE
spec:
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers:
        - name: web
          image: registry.example.com/NAME:1.2.0
          env:
            - name: TRUSTED_PROXIES
              value: 10.42.7.0/24
""",
    "a list that is wrong": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  namespace: SPACE
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/NAME:1.2.0
          env:
            - {name: Trusted-Proxies, value: "10.42.7.0/24,0.0.0.0/0"}
            - {name: OTHER, value: "a\\nb"}
""",
    "a list of its own name": """\
apiVersion: v1
kind: Pod
metadata:
  name: NAME
  namespace: SPACE
spec:
  containers:
    - name: web
      env:
        - name: TRUSTED_PROXIES
          value: 10.42.7.0/24
        - name: NAME
          value: 0.0.0.0/0
""",
    "a list in another object": """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: NAME
  namespace: SPACE
spec:
  template:
    spec:
      containers:
        - name: web
          envFrom:
            - configMapRef: {name: NAME}
          env:
            - name: RANGE
              valueFrom: {configMapKeyRef: {name: settings, key: range}}
            - name: TRUSTED_PROXIES
              value: $(RANGE),10.0.0.0/8
""",
    "settings": """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: SPACE
data:
  range: 172.16.0.0/12
""",
    "settings of its own": """\
apiVersion: v1
kind: Secret
metadata:
  name: NAME
  namespace: SPACE
data:
  range: MTcyLjE2LjAuMC8xMg==
stringData:
  range: 172.16.0.0/12
""",
    "a Service": """\
apiVersion: v1
kind: Service
metadata:
  name: NAME
  namespace: SPACE
spec:
  type: LoadBalancer
  selector: {app: NAME}
  ports: [{port: 80, targetPort: 8080}]
""",
    "a route": """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: NAME
  namespace: SPACE
spec:
  entryPoints: [websecure]
  routes:
    - kind: Rule
      match: Host(`NAME.example.com`)
      services: [{name: NAME, port: 80}]
""",
    "a route without a match": """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: NAME
  namespace: SPACE
spec:
  routes:
    - services: [{name: nowhere, port: 80}]
""",
    "a policy": """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: NAME, namespace: SPACE}
spec:
  podSelector: {}
  ingress: [{ports: [{port: 8080}]}]
""",
    "a key given twice": """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
spec:
  replicas: 1
  replicas: 2
""",
    "a key given twice for some names": """\
apiVersion: v1
kind: Service
metadata:
  name: NAME
  labels:
    NAME: "1"
    web-2: "2"
""",
    "no yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: NAME\n",
    "a template": "kind: Service\nmetadata:\n  name: {{ .Values.name }}\n",
    "something broken": "compiler: {strict: [\n",
    "something broken with a list": "containers: {TRUSTED_PROXIES: [\n",
    "nothing": "# only words\n",
    "a custom resource": """\
apiVersion: example.com/v1
kind: Thing
metadata:
  name: NAME
spec: &anchor
  more: [1, 2]
  again: {<<: *anchor}
""",
    "an operator's pods": """\
apiVersion: example.com/v1
kind: Runner
metadata:
  name: NAME
spec:
  template:
    spec:
      hostNetwork: true
      containers: [{name: a, image: "a:1", env: [{name: REAL_IP_FROM, value: 0.0.0.0/0}]}]
""",
}

#: Whoever meets one of these has to read everything.
CONCERNED = {
    "a proxy": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: SPACE}
spec:
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers:
        - name: edge
          image: traefik:v3.7.9
          args: ["--entrypoints.web.address=:80", "--entrypoints.web.forwardedheaders.insecure"]
""",
    "a proxy by its flags": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: SPACE}
spec:
  template:
    spec:
      containers:
        - name: edge
          image: example/edge
          args: ["--$(PART).web.address=:80", "--entryPoints.web.proxyProtocol.insecure"]
""",
    "a mail server": """\
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: NAME, namespace: SPACE}
spec:
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers:
        - name: mta
          image: jeboehm/mailserver-mta:8.0.0
          env: [{name: MTA_UPSTREAM_PROXY, value: "true"}]
""",
    "a Service of a mail port": """\
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: SPACE}
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: {app: NAME}
  ports: [{port: 25}]
""",
    "a policy that Kubernetes refuses": """\
apiVersion: v1
kind: Service
metadata: {name: NAME}
spec:
  externalTrafficPolicy: Local
  ports: [{port: 80}]
""",
    "a list in a ConfigMap": """\
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: SPACE}
data:
  TRUSTED_PROXIES: 0.0.0.0/0
  words: containers
""",
    "a TCP route": """\
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {name: NAME, namespace: SPACE}
spec:
  routes: [{services: [{name: NAME, port: 25}]}]
""",
    "a route of an old group": """\
apiVersion: traefik.containo.us/v1alpha1
kind: IngressRoute
metadata: {name: NAME, namespace: mail}
spec:
  routes: []
""",
    "a route to a mail port": """\
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: NAME, namespace: SPACE}
spec:
  routes: [{services: [{name: nowhere, port: 465}]}]
""",
    "old suites": """\
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: default}
spec: {minVersion: VersionTLS10}
""",
    "an open inner port": """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: NAME, namespace: SPACE}
spec:
  podSelector: {}
  ingress: [{ports: [{port: 11334}]}]
""",
    "a release": """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: NAME}
spec:
  values: {env: {TRUSTED_PROXIES: 0.0.0.0/0}}
""",
    "several objects": """\
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: Service, metadata: {name: NAME}, spec: {externalTrafficPolicy: Local}}
""",
    "values": "env:\n  TRUSTED_PROXIES: 0.0.0.0/0\n",
    "json": '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "NAME"},'
    ' "spec": {"containers": [{"env": [{"name": "TRUSTED_\\u0050ROXIES", "value": "0.0.0.0/0"}]}]}}\n',
    "an ignore": "# truehop: ignore[trust-any-address] because\nkind: Nothing\napiVersion: v1\n",
    "a rendering": "# Source: x.yaml\nkind: Nothing\napiVersion: v1\nmetadata: {name: NAME}\n",
}
