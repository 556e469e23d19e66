"""Our own node, kept until it is interrupted or a command ends.

    python -m tests.cluster.up [COMMAND…]

The command runs in the world outside of the node, from where nothing else can be reached, with a kubeconfig
whose context is called ``node``. The images that the tests make stand on the node already, so that the tests
can be run against it as against anybody's cluster:

    python -m tests.cluster.up make cluster-test KUBECONTEXT=node
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.cluster import configuration
from tests.cluster import node as nodes
from tests.cluster.conftest import furnish
from tests.cluster.needs import complaint, is_root
from tests.cluster.processes import FailedError


def main(words: Sequence[str]) -> int:
    """The status of the command."""
    missing = complaint(is_root=is_root())
    if missing:
        sys.stderr.write(f"cluster: {missing}\n")
        return 2
    # Asked to end, it cleans up as when interrupted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with nodes.start() as node:
            furnish(node)
            # The node's own folder of networks, as it is seen from here.
            network = Path("/proc", str(node.space.holder), "root", "run/netns/outside")
            kubeconfig = configuration.kubeconfig(node.state)
            told = f"KUBECONFIG={kubeconfig} nsenter --net={network} -- "
            sys.stderr.write(f"the node is up; commands reach it by: {told}COMMAND\n")
            if words:
                env = {**os.environ, "KUBECONFIG": str(kubeconfig)}
                command = ["nsenter", f"--net={network}", "--", *words]
                return subprocess.run(command, check=False, env=env).returncode
            signal.pause()
    except KeyboardInterrupt:
        return 0
    except FailedError as error:
        sys.stderr.write(f"cluster: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
