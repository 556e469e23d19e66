"""The addresses of a node and what its programs are told."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cluster.needs import CNI

NODE = "node"
#: The node's own addresses, those of the world outside, and the networks of pods and Services.
ADDRESSES = ("172.31.0.1", "fd31::1")
OUTSIDE = ("172.31.0.254", "fd31::fe")
PODS = ("10.42.0.0/24", "fd42::/64")
ALL_PODS = ("10.42.0.0/16", "fd42::/56")
SERVICES = ("10.43.0.0/16", "fd43::/112")
DNS = "10.43.0.10"
PAUSE = "localhost/pause:1"
API = f"https://{ADDRESSES[0]}:6443"
TOKEN = "token"


def network() -> list[list[str]]:
    """The commands that make a node's network: one link, to a network namespace that is the world outside."""
    four, six = ADDRESSES
    out_four, out_six = OUTSIDE
    outside = ["ip", "-n", "outside"]
    return [
        ["ip", "netns", "add", "outside"],
        ["ip", "link", "set", "lo", "up"],
        ["ip", "link", "add", "node0", "type", "veth", "peer", "name", "outside0", "netns", "outside"],
        ["ip", "addr", "add", f"{four}/24", "dev", "node0"],
        ["ip", "addr", "add", f"{six}/64", "dev", "node0", "nodad"],
        ["ip", "link", "set", "node0", "up"],
        [*outside, "link", "set", "lo", "up"],
        [*outside, "addr", "add", f"{out_four}/24", "dev", "outside0"],
        [*outside, "addr", "add", f"{out_six}/64", "dev", "outside0", "nodad"],
        [*outside, "link", "set", "outside0", "up"],
        ["ip", "route", "add", "default", "via", out_four],
        ["ip", "route", "add", "default", "via", out_six],
        [*outside, "route", "add", "default", "via", four],
        [*outside, "route", "add", "default", "via", six],
    ]


#: Pods are reached through the node.
SYSCTLS = {"net/ipv4/ip_forward": "1", "net/ipv6/conf/all/forwarding": "1"}


def etcd() -> list[str]:
    """In memory: what etcd writes is gone with the node anyway, and it waits for the disk at every write."""
    return [
        "etcd",
        "--data-dir=/run/etcd",
        "--listen-client-urls=http://127.0.0.1:2379",
        "--advertise-client-urls=http://127.0.0.1:2379",
        "--listen-peer-urls=http://127.0.0.1:2380",
    ]


def api_server(state: Path) -> list[str]:
    """With one token that may do everything; nobody but the tests reaches the network namespace."""
    (state / "tokens.csv").write_text(f"{TOKEN},admin,admin,system:masters\n", encoding="utf-8")
    return [
        "kube-apiserver",
        "--etcd-servers=http://127.0.0.1:2379",
        f"--advertise-address={ADDRESSES[0]}",
        f"--bind-address={ADDRESSES[0]}",
        f"--service-cluster-ip-range={','.join(SERVICES)}",
        f"--token-auth-file={state / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={state / 'accounts.key'}",
        f"--service-account-signing-key-file={state / 'accounts.key'}",
        f"--cert-dir={state / 'certificates'}",
        "--allow-privileged=true",
        "--kubelet-preferred-address-types=InternalIP",
    ]


def controller_manager(state: Path) -> list[str]:
    """It hands the node the networks of its pods, which the network plug-in knows from its own settings."""
    return [
        "kube-controller-manager",
        f"--kubeconfig={kubeconfig(state)}",
        "--leader-elect=false",
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={state / 'accounts.key'}",
        f"--root-ca-file={state / 'certificates' / 'apiserver.crt'}",
        "--allocate-node-cidrs=true",
        f"--cluster-cidr={','.join(ALL_PODS)}",
        f"--service-cluster-ip-range={','.join(SERVICES)}",
        "--node-cidr-mask-size-ipv4=24",
        "--node-cidr-mask-size-ipv6=64",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
    ]


def scheduler(state: Path) -> list[str]:
    """Alone, so that it need not be elected."""
    return ["kube-scheduler", f"--kubeconfig={kubeconfig(state)}", "--leader-elect=false"]


def proxy(state: Path) -> list[str]:
    """The limits of connection tracking are the machine's own and stay as they are."""
    return [
        "kube-proxy",
        f"--kubeconfig={kubeconfig(state)}",
        f"--hostname-override={NODE}",
        f"--cluster-cidr={','.join(ALL_PODS)}",
        "--proxy-mode=nftables",
        "--conntrack-max-per-core=0",
        "--conntrack-tcp-timeout-established=0",
        "--conntrack-tcp-timeout-close-wait=0",
    ]


def firewall(state: Path) -> list[str]:
    """What enforces NetworkPolicies. It says what it does."""
    return [
        "network-policies",
        f"--kubeconfig={kubeconfig(state)}",
        f"--node={NODE}",
        f"--services={','.join(SERVICES)}",
        "--v=2",
    ]


def kubelet(state: Path, control_group: str) -> list[str]:
    """Its pods' control groups lie in the node's own, so that they can be found and removed."""
    (state / "resolv.conf").write_text("nameserver 127.0.0.1\n", encoding="utf-8")
    settings = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": ADDRESSES[0],
        "authentication": {"anonymous": {"enabled": True}, "webhook": {"enabled": False}},
        "authorization": {"mode": "AlwaysAllow"},
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{control_group}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "containerRuntimeEndpoint": f"unix://{state / 'containerd.sock'}",
        "clusterDNS": [DNS],
        "clusterDomain": "cluster.local",
        "resolvConf": str(state / "resolv.conf"),
        # How soon a changed Secret is in its pods; a minute in most clusters.
        "syncFrequency": "5s",
        "volumePluginDir": str(state / "volume-plugins"),
        # Images were brought by hand and cannot be fetched again; how full the disk is, is not our business.
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "evictionHard": {"nodefs.available": "1%", "imagefs.available": "1%", "memory.available": "50Mi"},
    }
    (state / "kubelet.yaml").write_text(json.dumps(settings), encoding="utf-8")
    return [
        "kubelet",
        f"--config={state / 'kubelet.yaml'}",
        f"--kubeconfig={kubeconfig(state)}",
        f"--hostname-override={NODE}",
        f"--node-ip={','.join(ADDRESSES)}",
    ]


def containerd(state: Path) -> list[str]:
    """With a network plug-in that routes: a bridge would hide answers within it from address translation."""
    (state / "cni").mkdir()
    ranges = [[{"subnet": network}] for network in PODS]
    routes = [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]
    link = {"type": "ptp", "ipam": {"type": "host-local", "ranges": ranges, "routes": routes}}
    ports = {"type": "portmap", "capabilities": {"portMappings": True}}
    plugins = {"cniVersion": "0.4.0", "name": "pods", "plugins": [link, ports]}
    (state / "cni" / "pods.conflist").write_text(json.dumps(plugins), encoding="utf-8")
    # Without restrict_oom_score_adj no sandbox starts on a machine whose root lacks CAP_SYS_RESOURCE; the
    # plug-in that is off would make a folder in /opt.
    (state / "containerd.toml").write_text(
        f"""\
version = 2
disabled_plugins = ["io.containerd.internal.v1.opt"]
root = "{state / "containerd"}"
state = "/run/containerd"
[grpc]
  address = "{state / "containerd.sock"}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "{CNI}"
    conf_dir = "{state / "cni"}"
""",
        encoding="utf-8",
    )
    return ["containerd", f"--config={state / 'containerd.toml'}"]


def kubeconfig(state: Path) -> Path:
    """The file by which every client finds the API server."""
    path = state / "kubeconfig"
    if not path.exists():
        named = {"name": NODE}
        settings = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{**named, "cluster": {"server": API, "insecure-skip-tls-verify": True}}],
            "users": [{**named, "user": {"token": TOKEN}}],
            "contexts": [{**named, "context": {"cluster": NODE, "user": NODE}}],
            "current-context": NODE,
        }
        path.write_text(json.dumps(settings), encoding="utf-8")
    return path
