"""Fills the model card's template from a finished run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from string import Template

from dh_training.packages import Port


def render_card(values: Mapping[str, object]) -> str:
    """The card. KeyError when a value of the template is missing."""
    template = Template(files("dh_training").joinpath("templates/model-card.md").read_text(encoding="utf-8"))
    return template.substitute(values)


def port_rows(ports: Sequence[Port]) -> str:
    """Rows of a table: name, shape, content."""
    return "\n".join(
        f"| {p.name} | [{', '.join(str(extent) for extent in p.shape)}] | {p.description} |" for p in ports
    )


def range_rows(ranges: Mapping[str, tuple[float, float]]) -> str:
    """Rows of a table: name, least, greatest."""
    return "\n".join(f"| {name} | {low:.6g} | {high:.6g} |" for name, (low, high) in ranges.items())


def figure_rows(figures: Mapping[str, float]) -> str:
    """Rows of a table: what, value."""
    return "\n".join(f"| {name} | {value:.4f} |" for name, value in figures.items())
