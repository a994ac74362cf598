"""Self-checks of a client, for its first plan: whether what it is about to send means what the contract says.

Models can't tell a mirrored column or a gradient of another sign; they only give bad advice then. A client whose check
fails should send nothing, and show the finding; `PlanStart.self_checks` tells the host of both. The same checks as the
C++ client's, with the same tolerances and sentences.

They raise `InvalidInput` with the field's name for what can't be checked, and nothing else of their own.
"""

from dh_advisor_client.checks.geometry import GeometryCheckInput, check_geometry
from dh_advisor_client.checks.gradient import check_gradient
from dh_advisor_client.checks.result import CheckFault, CheckResult

__all__ = ["CheckFault", "CheckResult", "GeometryCheckInput", "check_geometry", "check_gradient"]
