"""What the command says while it works and when it is done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from dh_cases.building.build_case import Case


class ProgressLine:
    """One line kept up to date on a terminal, and silence elsewhere."""

    def __init__(self) -> None:
        """Looks once whether anybody watches."""
        self._is_shown = sys.stderr.isatty()
        self._is_open = False

    def __call__(self, what: str, done: int, of: int) -> None:
        """Shows how far the work is."""
        if not self._is_shown:
            return
        click.echo(f"\r\x1b[K{what}: {done} of {of}", err=True, nl=False)
        self._is_open = True
        if done == of:
            self.close()

    def close(self) -> None:
        """Takes the line away, so that other words can follow."""
        if self._is_open:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._is_open = False


def describe(case: Case) -> str:
    """What became of every structure, as a table."""
    rows = [("name", "was called", "TG-263", "role", "Gy", "cc", "was cc", "voxels")]
    for structure in case.structures:
        voxels = int(structure.voxels.sum())
        rows.append(
            (
                structure.name,
                structure.label,
                structure.tg263_name or "not known",
                structure.role,
                "-" if structure.prescription_gy is None else f"{structure.prescription_gy:g}",
                f"{voxels * case.grid.voxel_cc:.1f}",
                f"{structure.source_volume_cc:.1f}",
                str(voxels),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
