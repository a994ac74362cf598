"""What every reader makes of its files, before anything is resampled, named or written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dh_cases.volumes.grid import Grid

Kind = Literal["target", "oar", "body", "ignored"]
"""What a structure is: planned for a dose, spared, the patient's outline, or nothing to plan with."""


class Shape(Protocol):
    """Where a structure is, at its own resolution. Read-only, so threads may share it."""

    @property
    def volume_cc(self) -> float:
        """Volume at the source's resolution; 0 for a structure that was never drawn."""

    @property
    def bounds_mm(self) -> NDArray[np.float64]:
        """Lowest and highest corner, (2, 3), LPS, mm; only of shapes with a volume."""

    def occupancy(self, grid: Grid) -> NDArray[np.float32]:
        """Share of every voxel of `grid` inside the structure, 0 to 1, indexed [x, y, z]."""


@dataclass(frozen=True)
class SourceStructure:
    """A structure as its source names it."""

    label: str
    shape: Shape
    kind: Kind | None = None
    """What the source says that it is; None where it says nothing."""
    prescription_gy: float | None = None
    """Total dose of all fractions, where the source says it."""
    hidden_label: str | None = None
    """The label without what tells who the patient is, where it has any of that."""

    @property
    def shown(self) -> str:
        """The label for screens and messages."""
        return self.label if self.hidden_label is None else self.hidden_label


@dataclass(frozen=True)
class Beam:
    """A static beam, angles in degrees after IEC 61217."""

    gantry_deg: float
    couch_deg: float = 0.0


@dataclass(frozen=True)
class Dose:
    """A dose distribution on a grid of its own, Gy, total of all fractions, indexed [x, y, z]."""

    grid: Grid
    dose_gy: NDArray[np.float32]


@dataclass
class Source:
    """One patient or phantom as its files tell it."""

    format: str
    """Such as `DICOM`, for people."""
    grid: Grid
    ct_hu: NDArray[np.float32]
    """HU on `grid`, indexed [x, y, z]."""
    structures: list[SourceStructure]
    isocenter_mm: tuple[float, float, float] | None = None
    beams: list[Beam] = field(default_factory=list)
    dose: Dose | None = None
    body_hint: Shape | None = None
    """What lies in the body for certain, where nobody drew it."""
    fractions: int | None = None
    public_id: str | None = None
    """A name that identifies nobody, where the source has one; else one is made from the CT."""
    identifiers: frozenset[str] = frozenset()
    """Texts that tell who the patient is, lower case. None of them may get into anything that is written."""
    has_free_labels: bool = False
    """Labels were typed in a clinic and may tell who the patient is: they are kept only when asked for."""
    has_exclusive_labels: bool = False
    """A voxel has one structure only, so the body lacks the others."""
    skipped: set[str] = field(default_factory=set)
    """Labels that the user left out, lower case."""
    notes: list[str] = field(default_factory=list)
    """What was left out or taken for granted, one sentence each."""
