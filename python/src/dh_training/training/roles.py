"""The learned roles that `dh-train` knows. A further one is a module with a class like `WarmStartRole`, and a line."""

from __future__ import annotations

from typing import Any

from dh_training.training.role import Role
from dh_training.training.warm_start import WarmStartRole

ROLES: dict[str, Role[Any, Any]] = {role.name: role for role in (WarmStartRole(),)}
