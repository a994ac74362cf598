"""Least and greatest values of what models were trained on, for `model.yaml` and the card."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from dh_training.problems import BEAM_COLUMNS, STRUCTURE_COLUMNS


def table_ranges(
    tables: Iterable[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]],
) -> dict[str, tuple[float, float]]:
    """Of every column of the plans' structures (S, 11) and beams (B, 4), by names such as `structures.volume_cc`."""
    structures, beams = zip(*tables, strict=True)
    ranges = {}
    for name, columns, of in (("structures", STRUCTURE_COLUMNS, structures), ("beams", BEAM_COLUMNS, beams)):
        rows = np.concatenate(of)
        for at, column in enumerate(columns):
            ranges[f"{name}.{column}"] = float(rows[:, at].min()), float(rows[:, at].max())
    return ranges
