"""The enumerations of the contract: roles, outcomes, verdicts and the like. Values are those on the wire."""

from __future__ import annotations

from enum import Enum, IntEnum


class _WireEnum(IntEnum):
    """Values with the contract's numbers and lower-case names, such as `early-stopping`."""

    @property
    def wire_name(self) -> str:
        """Stable lower-case name."""
        return self.name.lower().replace("_", "-")


class Role(_WireEnum):
    """A question an optimizer can ask."""

    INITIALIZATION = 1
    HISTOGRAM_SIGMA = 2
    PYRAMID_SIGMA = 3
    ADAPTIVE_VARIANCE = 4
    STEP_DIRECTION = 5
    EARLY_STOPPING = 6


class Quality(_WireEnum):
    """What advice may do to a plan, compared with the same plan made without; the client keeps the promise."""

    STRICT = 1
    BALANCED = 2
    FAST = 3


class StructureRole(_WireEnum):
    """What a structure is to the plan."""

    TARGET = 1
    ORGAN_AT_RISK = 2
    NORMAL_TISSUE = 3


class Plane(_WireEnum):
    """A plane of the patient; the contract says which way its rows and columns run."""

    AXIAL = 1
    CORONAL = 2
    SAGITTAL = 3


class TensorKind(_WireEnum):
    """A vector, table or volume that a host can ask for; the contract's `tensor.proto` defines each."""

    GRADIENT = 1
    WEIGHTS = 2
    DIRECTION = 3
    VARIANCE = 4
    COLUMN_NORM = 5
    STRUCTURE_MEAN_DOSE = 6
    STRUCTURE_MAX_DOSE = 7
    PATH_DENSITY = 8
    CT = 9
    STRUCTURE_MASK = 10


class Solver(_WireEnum):
    """What minimises. Plugins and models know the first two; `OTHER` carries a name."""

    DH = 1
    LBFGS = 2
    OTHER = 3


class StopReason(_WireEnum):
    """Why a stage or a plan has ended."""

    TOLERANCE = 1
    ITERATION_LIMIT = 2
    ADVICE = 3
    ZERO_GRADIENT = 4
    LINE_SEARCH = 5
    CANCELLED = 6
    SAFEGUARD = 7


class CheckOutcome(_WireEnum):
    """What a self-check found. `UNCLEAR`: nothing can be told here, such as at a stationary point."""

    PASSED = 1
    UNCLEAR = 2
    FAILED = 3


class Outcome(_WireEnum):
    """What became of a question inside the host. Only `APPLIED` and `CLAMPED` come with a value."""

    UNKNOWN = 0
    APPLIED = 1
    CLAMPED = 2
    REJECTED = 3
    DEFAULT = 4
    TIMEOUT = 5
    FAILED = 6
    OUT_OF_DISTRIBUTION = 7
    DISABLED = 8
    SHADOW = 9


class Verdict(_WireEnum):
    """What the optimizer did with a piece of advice."""

    ACCEPTED = 1
    WRONG_FRAME = 2
    WRONG_LENGTH = 3
    NOT_FINITE = 4
    OUT_OF_RANGE = 5
    LATE = 6
    DUPLICATE = 7
    WORSE_THAN_DEFAULT = 8
    NOT_DESCENT = 9
    STEP_NOT_ACCEPTABLE = 10
    SWITCHED_OFF = 11
    TOO_EARLY = 12
    STILL_IMPROVING = 13
    SHADOW = 14
    NOT_ACCEPTED_ROLE = 15
    BAD_SCHEDULE = 16
    CORRUPT = 17


class StopDecision(_WireEnum):
    """What a stop advice says: go on, end this stage, end the plan."""

    CONTINUE = 1
    STOP_LEVEL = 2
    STOP_ALL = 3


class DirectionSpace(_WireEnum):
    """The variables a direction is given in: weights w, or parameters x of w = W / (1 + exp(-s x))."""

    WEIGHTS = 1
    PARAMETERS = 2


class AdviceMode(Enum):
    """Shadow asks and records but hands nothing out; advise hands out what passed the frame checks."""

    OFF = "off"
    SHADOW = "shadow"
    ADVISE = "advise"
