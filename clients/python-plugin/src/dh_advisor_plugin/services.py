"""What the host gives a plugin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

#: In the element type of the model's signature: float32 or int32.
ModelTensors: TypeAlias = Mapping[str, npt.NDArray[np.float32] | npt.NDArray[np.int32]]


class Call(Protocol):
    """A question on its way."""

    @property
    def is_aborted(self) -> bool:
        """Whether nobody waits for the answer any more. Safe to read from any thread; long work looks now and then."""
        ...


class Logger(Protocol):
    """Writes lines into the host's log. Never log weights, doses or anything about a patient."""

    def debug(self, message: str, **fields: Any) -> None:
        """For developers."""
        ...

    def info(self, message: str, **fields: Any) -> None:
        """For operators."""
        ...

    def warn(self, message: str, **fields: Any) -> None:
        """Something is not as it should be."""
        ...


@dataclass(frozen=True)
class TensorSignature:
    """One input or output as a model declares it. A number is a fixed extent, a name a free one."""

    name: str
    type: str
    shape: Sequence[int | str]


@dataclass(frozen=True)
class ModelSignature:
    """What a model takes and gives."""

    role: str
    inputs: Sequence[TensorSignature]
    outputs: Sequence[TensorSignature]
    #: Of the plans it was trained on; None when it does not matter.
    weight_ceiling: float | None


class Model(Protocol):
    """A model of the host. Questions of all plans are answered in batches there. Safe to call from any thread."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def version(self) -> str:
        """Its version."""
        ...

    @property
    def sha256(self) -> str:
        """Of the model file, hexadecimal."""
        ...

    @property
    def signature(self) -> ModelSignature:
        """What it takes and gives."""
        ...

    def run(self, inputs: ModelTensors, call: Call | None = None) -> ModelTensors:
        """Answers one question; waits.

        Raises InvalidInput when the inputs do not fit, RetryLater when the queue is full, ModelUnavailable when the
        model could not run.
        """
        ...


class Models(Protocol):
    """Opens models of the host."""

    def open(self, name: str) -> Model:
        """`convergence` is the version labelled `stable`, `convergence@canary` another label, `convergence@3` one.

        Raises ModelUnavailable when no such model is ready.
        """
        ...
