"""Examples are modules of the tests, and one host serves all that leave it as it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

# Set before numpy is there: products this small cost more to share than to compute.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
EXAMPLES = Path(__file__).parents[1] / "examples"
sys.path[:0] = [str(EXAMPLES), str(Path(__file__).parent)]

import pytest  # noqa: E402
from host import Host  # noqa: E402


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    with Host() as shared:
        yield shared
