"""The learned roles that `dh-train` knows. A further one is a module with a class like `WarmStartRole`, and a line."""

from __future__ import annotations

from functools import cache
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dh_training.training.role import Role

# By name, so that the command's help need not load PyTorch.
_CLASSES = {
    "warm-start": "dh_training.training.warm_start:WarmStartRole",
    "pyramid-sigma": "dh_training.training.pyramid_sigma:PyramidSigmaRole",
    "histogram-sigma": "dh_training.training.histogram_sigma:HistogramSigmaRole",
    "variance": "dh_training.training.variance:VarianceRole",
    "learned-direction": "dh_training.training.direction:DirectionRole",
    "convergence": "dh_training.training.convergence:ConvergenceRole",
}

ROLE_NAMES = tuple(_CLASSES)
"""In an order to train them in: a role comes after the one it starts from."""

STARTS_FROM = {"learned-direction": "warm-start"}
"""Roles that are trained from where another's model leads: its package must be there before."""


@cache
def find_role(name: str) -> Role[Any, Any]:
    """The role of one of ROLE_NAMES."""
    return resolve_name(_CLASSES[name])()
