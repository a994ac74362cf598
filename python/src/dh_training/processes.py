"""Settings of libraries that must be in the environment before a process starts."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence

# glibc gives every large freed block back to the system, and every training step asks for the same blocks anew: twice
# the time. One thread of OpenBLAS: a training process is to take one core unless told otherwise.
SETTINGS: Mapping[str, str] = {
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "1000000000",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def restart_with_settings(arguments: Sequence[str]) -> None:
    """Replaces this process by the same command with the settings that its environment leaves open, if any."""
    missing = {name: value for name, value in SETTINGS.items() if name not in os.environ}
    if missing:
        command = [sys.executable, "-m", "dh_training.command", *arguments]
        os.execve(sys.executable, command, {**os.environ, **missing})
