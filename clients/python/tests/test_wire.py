"""Golden bytes decode as in C++ and TypeScript; what is sent says everything that the contract asks for."""

import base64
import json
from pathlib import Path
from typing import Any

import google_crc32c
import numpy as np
import pytest
from google.protobuf import json_format
from sessions import finish, plan_start

from dh_advisor_client import AdviceMode, Solver
from dh_advisor_client.enums import CheckOutcome, Plane, Quality, StructureRole, TensorKind
from dh_advisor_client.plan import (
    DoseMetric,
    DoseSlice,
    DoseVolumeCurve,
    DoseVolumePoint,
    SelfCheck,
    Structure,
    UnadvisedPlan,
)
from dh_advisor_client.session.volume import chunks_of
from dh_advisor_client.wire import encode
from dh_advisor_client.wire.generated import advice_pb2, plan_advisor_pb2, plan_pb2, roles_pb2, tensor_pb2

GOLDEN = Path(__file__).parents[3] / "test" / "fixtures" / "wire" / "golden.jsonl"
MODULES = (roles_pb2, tensor_pb2, plan_pb2, advice_pb2, plan_advisor_pb2)
MESSAGES = {name: getattr(module, name) for module in MODULES for name in module.DESCRIPTOR.message_types_by_name}
LINES = [
    line
    for line in map(json.loads, GOLDEN.read_text(encoding="utf-8").splitlines())
    if line["name"].split(".")[0] in MESSAGES
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["name"])
def test_golden_bytes_decode(line: dict[str, Any]) -> None:
    message = MESSAGES[line["name"].split(".")[0]]()
    data = base64.b64decode(line["bytes"])
    assert message.ParseFromString(data) == len(data)
    assert json_format.MessageToDict(message) == line["json"]
    assert message.SerializeToString(deterministic=True) == data


def test_every_message_has_golden_bytes() -> None:
    assert {line["name"].split(".")[0] for line in LINES} == set(MESSAGES)


def names_of(message: object) -> set[str]:
    return {field.name for field, _ in message.ListFields()}  # type: ignore[attr-defined]


def test_a_start_says_everything() -> None:
    structure = Structure(
        "PTV", StructureRole.TARGET, 1.0, 2, 3.0, [DoseVolumePoint(60.0, 1.0)], 60.0, tg263_name="PTV", bit=3
    )
    check = SelfCheck(CheckOutcome.FAILED, "beams[0].gantry_deg", "off")
    plan = plan_start(
        structures=[structure],
        solver=Solver.OTHER,
        solver_name="newton",
        patient_key="p",
        may_record=True,
        self_checks=[check],
        quality=Quality.STRICT,
        label="head and neck 12",
    )
    start = encode.encode_start(plan, AdviceMode.ADVISE).start
    every = {field.name for field in start.DESCRIPTOR.fields}
    assert every - names_of(start) == {"resume_token"}
    assert names_of(start.structures[0]) == {field.name for field in start.structures[0].DESCRIPTOR.fields}
    assert (start.solver, start.solver_name) == (plan_pb2.SOLVER_OTHER, "newton")


def test_a_finish_says_everything() -> None:
    curve = DoseVolumeCurve(0, [DoseVolumePoint(0.0, 1.0), DoseVolumePoint(60.0, 0.5)])
    said = finish(
        value_calls=4,
        gradient_calls=5,
        call_equivalents=6.0,
        optimization_ms=7.0,
        metrics=[DoseMetric(0, "D95", 58.0)],
        final_weights=np.arange(4.0),
        curves=[curve],
        slices=[DoseSlice(Plane.AXIAL, np.full((2, 3), 60.0), 2.0, 3.0)],
        unadvised=UnadvisedPlan(0.5, 9.0, [DoseMetric(0, "D95", 57.0)], [curve]),
    )
    event = encode.encode_finish(said, 8.0).finish
    assert names_of(event) == {field.name for field in event.DESCRIPTOR.fields}
    every = {field.name for field in event.unadvised.DESCRIPTOR.fields}
    assert names_of(event.unadvised) == every
    assert names_of(event.slices[0]) == {field.name for field in event.slices[0].DESCRIPTOR.fields}
    assert np.frombuffer(event.slices[0].dose_gy.data, dtype="<f4").tolist() == [60.0] * 6
    assert event.final_weights.crc32c == google_crc32c.value(event.final_weights.data)
    assert np.frombuffer(event.final_weights.data).tolist() == [0.0, 1.0, 2.0, 3.0]


def test_volumes_come_in_chunks_that_add_up() -> None:
    volume = (np.arange(5 * 60 * 70) % 4000 - 1000).astype("<i2").reshape(5, 60, 70)
    chunks = [event.volume_chunk for event in chunks_of(TensorKind.CT, volume, (1.0, 2.0, 3.0))]
    assert b"".join(chunk.data for chunk in chunks) == volume.tobytes()
    assert [chunk.offset_bytes for chunk in chunks] == [32768 * i for i in range(len(chunks))]
    assert len(chunks) == 2
    assert chunks[-1].running_crc32c == google_crc32c.value(volume.tobytes())
    assert list(chunks[0].shape) == [5, 60, 70]
