"""Whether this process runs in a container, where even the owner connects over the network."""

import os
from pathlib import Path

_MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))
"""Created by Docker and by Podman."""


def in_container() -> bool:
    """Recognizes Docker, Podman, systemd-nspawn and Kubernetes."""
    return any(mark.exists() for mark in _MARKS) or bool({"container", "KUBERNETES_SERVICE_HOST"} & os.environ.keys())
