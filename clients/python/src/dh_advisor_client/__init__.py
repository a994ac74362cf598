"""Asks dh-advisor for advice while a radiotherapy plan optimizer runs. Research software.

`advise` wraps `scipy.optimize.minimize` and loops that are called like it; `AdvisedRun` is for loops of any kind; both
take a `Case`, made of an influence matrix, masks and beams. Below them lie `Session` (the contract, message by
message), `gates`, `features` and `checks`, with the rules, definitions and tolerances of the C++ client.
"""

from dh_advisor_client.enums import (
    AdviceMode,
    Outcome,
    Quality,
    Role,
    Solver,
    StopReason,
    StructureRole,
    TensorKind,
    Verdict,
)
from dh_advisor_client.features import VoxelGrid
from dh_advisor_client.plan import Beam, DoseVolumePoint, PlanStart
from dh_advisor_client.planning.advised_run import AdvisedRun
from dh_advisor_client.planning.beam_grid import BeamGrid, beam_grid
from dh_advisor_client.planning.case import Case, Contour
from dh_advisor_client.planning.minimize import AdviceReport, advise, scipy_method
from dh_advisor_client.planning.run_options import RunOptions
from dh_advisor_client.session.options import SessionCounters, SessionOptions
from dh_advisor_client.session.session import Session
from dh_advisor_client.session.tls import TlsOptions
from dh_advisor_client.status import InvalidInput, Status, StatusCode

__all__ = [
    "AdviceMode",
    "AdviceReport",
    "AdvisedRun",
    "Beam",
    "BeamGrid",
    "Case",
    "Contour",
    "DoseVolumePoint",
    "InvalidInput",
    "Outcome",
    "PlanStart",
    "Quality",
    "Role",
    "RunOptions",
    "Session",
    "SessionCounters",
    "SessionOptions",
    "Solver",
    "Status",
    "StatusCode",
    "StopReason",
    "StructureRole",
    "TensorKind",
    "TlsOptions",
    "Verdict",
    "VoxelGrid",
    "advise",
    "beam_grid",
    "scipy_method",
]
