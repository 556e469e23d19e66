"""Makes all images or their layers, so that no node waits for them: ``python -m tests.cluster.prepare``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.cluster import roots, tool


def main() -> None:
    """Side by side; what is there already is kept."""
    with ThreadPoolExecutor() as pool:
        for made in [pool.submit(layer) for layer in (roots.layer, tool.image)]:
            made.result()


if __name__ == "__main__":
    main()
