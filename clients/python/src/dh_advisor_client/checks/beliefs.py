"""What a client may have meant instead of what it said."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from dh_advisor_client.checks.beam_fit import Belief, as_said
from dh_advisor_client.checks.result import CheckFault
from dh_advisor_client.plan import Beam

_Beams: TypeAlias = tuple[Beam, ...]
_Index: TypeAlias = npt.NDArray[np.int64]

# A gantry angle as it may have been meant, and how to say it.
_TURNS: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("gantry_deg is 90 degrees too large", lambda said: said - 90.0),
    ("gantry_deg is 90 degrees too small", lambda said: said + 90.0),
    ("gantry_deg is off by 180 degrees", lambda said: said + 180.0),
    ("gantry_deg runs the other way round", lambda said: -said),
    ("gantry_deg is in radians", math.degrees),
    ("gantry_deg is in radians and 90 degrees too large", lambda said: math.degrees(said) - 90.0),
    ("gantry_deg is in radians and 90 degrees too small", lambda said: math.degrees(said) + 90.0),
    ("gantry_deg runs the other way round from 90 degrees", lambda said: 90.0 - said),
    ("gantry_deg runs the other way round from 180 degrees", lambda said: 180.0 - said),
)


@dataclass(frozen=True)
class Alternative:
    """One common mistake, and the plan as it would have been meant."""

    fault: CheckFault
    field: str
    sentence: str
    belief: Belief


def _ordered(beams: _Beams, place: Callable[[_Index], _Index]) -> Belief:
    """`place` takes the columns of the matrix, shape (rows, columns), to where they may have been meant."""
    parts, first = [], 0
    for beam in beams:
        count = beam.rows * beam.columns
        parts.append(first + place(np.arange(count).reshape(beam.rows, beam.columns)).ravel())
        first += count
    return replace(as_said(beams), order=np.concatenate(parts))


def _rows_fastest(at: _Index) -> _Index:
    return np.arange(at.size).reshape(at.shape[::-1]).T


def _changed(belief: Belief, change: Callable[[Beam], Beam]) -> Belief:
    return replace(belief, beams=tuple(change(beam) for beam in belief.beams))


def _turned(belief: Belief, angle_deg: Callable[[float], float]) -> Belief:
    return _changed(belief, lambda beam: replace(beam, gantry_deg=angle_deg(beam.gantry_deg)))


def _orders(beams: _Beams) -> Iterator[tuple[str, str, Belief]]:
    yield "columns", "the columns of every beam are mirrored", _ordered(beams, np.fliplr)
    if any(beam.rows > 1 for beam in beams):
        yield "rows", "the rows of every beam are mirrored", _ordered(beams, np.flipud)
        both = _ordered(beams, lambda at: np.flipud(np.fliplr(at)))
        yield "rows", "columns and rows of every beam are mirrored", both
        yield "rows", "rows change fastest, and columns should", _ordered(beams, _rows_fastest)
    if len(beams) > 1 and len({(beam.columns, beam.rows) for beam in beams}) == 1:
        said = as_said(beams)
        by_beam = said.order.reshape(len(beams), -1)
        fastest = np.arange(by_beam.size).reshape(-1, len(beams)).T.ravel()
        yield "beams", "beams change fastest, and should slowest", replace(said, order=fastest)
        yield "beams", "the beams come in reverse order", replace(said, order=by_beam[::-1].ravel())


def _sizes(beams: _Beams) -> Iterator[tuple[str, Belief]]:
    for factor in (10.0, 0.1):
        what = "sizes of beamlets are " + ("in cm" if factor > 1.0 else "ten times too large")

        def both(beam: Beam, by: float = factor) -> Beam:
            width, height = beam.column_width_mm * by, beam.row_height_mm * by
            return replace(beam, column_width_mm=width, row_height_mm=height)

        def across(beam: Beam, by: float = factor) -> Beam:
            return replace(beam, column_width_mm=beam.column_width_mm * by)

        yield what, _changed(as_said(beams), both)
        yield f"{what}, across the beam only", _changed(as_said(beams), across)


def alternatives(beams: _Beams) -> Iterator[Alternative]:
    """The common mistakes, simple ones first."""
    said = as_said(beams)
    for field, sentence, belief in _orders(beams):
        yield Alternative(CheckFault.BEAMLET_ORDER, field, sentence, belief)
    for sentence, turn in _TURNS:
        yield Alternative(CheckFault.GANTRY, "gantry_deg", sentence, _turned(said, turn))
    mirrored = _ordered(beams, np.fliplr)
    for sentence, turn in _TURNS:
        words = f"{sentence}, and the columns of every beam are mirrored"
        yield Alternative(CheckFault.GANTRY, "gantry_deg", words, _turned(mirrored, turn))
    for sentence, belief in _sizes(beams):
        yield Alternative(CheckFault.PITCH, "column_width_mm", sentence, belief)
    other_way = _changed(said, lambda beam: replace(beam, couch_deg=-beam.couch_deg))
    yield Alternative(CheckFault.GANTRY, "couch_deg", "couch_deg runs the other way round", other_way)
    radians = _changed(said, lambda beam: replace(beam, couch_deg=math.degrees(beam.couch_deg)))
    yield Alternative(CheckFault.GANTRY, "couch_deg", "couch_deg is in radians", radians)
