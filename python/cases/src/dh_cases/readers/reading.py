"""What every reader is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[str, int, int], None]
"""What is done, how many steps are done, and how many there are."""


def no_progress(what: str, done: int, of: int) -> None:
    """Tells nobody."""


@dataclass(frozen=True)
class Reading:
    """How to read."""

    progress: Progress = no_progress
    left_out: frozenset[str] = frozenset()
    """Labels of structures that nobody looks at, lower case."""
    has_isocenter: bool = False
    """The user names the isocentre."""
    ct_file: Path | None = None
    """The CT of masks and label maps, where it lies elsewhere or has another name."""
    names_file: Path | None = None
    """Names of the labels of a label map."""
