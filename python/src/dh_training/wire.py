"""The wire contract in Python: classes of `proto/dh/advisor/v1`, generated at set-up (`scripts/setup --tests`)."""

import sys
from pathlib import Path
from types import ModuleType

# protoc writes absolute imports that start at the contract's own root, so that root goes onto the path.
sys.path.append(str(Path(__file__).parent / "generated"))

from dh.advisor.v1 import (
    advice_pb2,
    operator_pb2,
    plan_advisor_pb2,
    plan_pb2,
    roles_pb2,
    tensor_pb2,
)

#: Every module of the contract.
MODULES: tuple[ModuleType, ...] = (tensor_pb2, roles_pb2, plan_pb2, advice_pb2, plan_advisor_pb2, operator_pb2)

__all__ = ["MODULES", "advice_pb2", "operator_pb2", "plan_advisor_pb2", "plan_pb2", "roles_pb2", "tensor_pb2"]
