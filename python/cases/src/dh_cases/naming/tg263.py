"""Finds the name after AAPM TG-263 of what a clinic or a program calls a structure."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_SIDES = {"l": "_L", "lt": "_L", "left": "_L", "li": "_L", "r": "_R", "rt": "_R", "right": "_R", "re": "_R"}
# The stem must come first: `left` before `l`.
_SIDE_WORDS = sorted(_SIDES, key=len, reverse=True)
TARGET_KINDS = ("PTV", "CTV", "ITV", "GTV")
"""Kinds of targets, in the order in which a case is planned on them."""
_TARGET = re.compile(r"^(ptv|ctv|gtv|itv)(?![a-z])", re.IGNORECASE)
_GRAY = re.compile(r"(\d+(?:[.p,]\d+)?)\s*_?(c)?gy", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.p,]\d+)?")
# A number of a target is a dose from here on; smaller ones count targets.
_LOWEST_GY, _HIGHEST_GY = 10.0, 100.0


@dataclass(frozen=True)
class Standard:
    """A name after TG-263."""

    name: str
    is_target: bool = False
    dose_gy: float | None = None
    """The dose in a target's name."""


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


@cache
def _table() -> dict[str, tuple[str, bool]]:
    """Names without sides by what they may be called: the name, and whether it has a side."""
    table: dict[str, tuple[str, bool]] = {}
    text = (files("dh_cases.naming") / "tg263.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        entry = row["name"], row["paired"] == "yes"
        for alias in [row["name"], *row["aliases"].split(";")]:
            if alias:
                table.setdefault(_plain(alias), entry)
    return table


def _without_side(label: str) -> list[tuple[str, str]]:
    """Every way to read a side in a label: what is left of it, and the ending of TG-263."""
    # `LeftParotid` has no separator but the capital.
    words = [word for word in re.split(r"[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])", label) if word]
    found = []
    for at in {0, len(words) - 1}:
        if len(words) > 1 and words[at].lower() in _SIDES:
            found.append(("".join(words[:at] + words[at + 1 :]), _SIDES[words[at].lower()]))
    whole = _plain(label)
    for word in _SIDE_WORDS:
        # Without any separator only whole words and endings count, or `rectum` would be an `ectum` to the right.
        if len(word) > 2 and whole.startswith(word):
            found.append((whole[len(word) :], _SIDES[word]))
        if len(word) > 1 and whole.endswith(word):
            found.append((whole[: -len(word)], _SIDES[word]))
    return found


def dose_in(label: str) -> float | None:
    """The dose in Gy that a target's name holds, as in `PTV70`, `PTV_7000`, `PTV 54.12` or `PTV boost 66Gy`."""
    gray = _GRAY.search(label)
    numbers = [gray[1]] if gray else _NUMBER.findall(label)
    for text in numbers:
        value = float(re.sub("[p,]", ".", text, flags=re.IGNORECASE))
        if (gray and gray[2]) or value >= 1000.0:
            value /= 100.0
        if _LOWEST_GY <= value <= _HIGHEST_GY:
            return value
    return None


def named_for(kind: str, dose_gy: float) -> str:
    """A target's name with its dose in cGy, as TG-263 has it: `PTV_7000`."""
    return f"{kind}_{round(100 * dose_gy):04d}"


def standard_name(label: str) -> Standard | None:
    """The name after TG-263; None where the table does not know the label."""
    target = _TARGET.match(label.strip())
    if target:
        dose = dose_in(label)
        kind = target[1].upper()
        return Standard(named_for(kind, dose) if dose else kind, True, dose)
    table = _table()
    whole = table.get(_plain(label))
    if whole is not None and not whole[1]:
        return Standard(whole[0])
    for rest, ending in _without_side(label):
        entry = table.get(_plain(rest))
        if entry is not None and entry[1]:
            return Standard(entry[0] + ending)
    return Standard(whole[0]) if whole is not None else None
