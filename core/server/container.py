"""Whether this process runs in a container, into which even its owner comes from the network."""

import os
from pathlib import Path

_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))
"""Left by Docker and by Podman."""


def in_container() -> bool:
    """As Docker, Podman, systemd-nspawn and Kubernetes show it."""
    return any(mark.exists() for mark in _MARKS) or bool({"container", "KUBERNETES_SERVICE_HOST"} & os.environ.keys())
