"""The committed bytes of every message decode to the committed JSON, as they do in C++ and TypeScript."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import json_format, message_factory

from dh_training import wire

GOLDEN = Path(__file__).parents[2] / "test" / "fixtures" / "wire" / "golden.jsonl"
DESCRIPTORS = {
    name: descriptor for module in wire.MODULES for name, descriptor in module.DESCRIPTOR.message_types_by_name.items()
}


CASES = [json.loads(line) for line in GOLDEN.read_text().splitlines()]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_golden_bytes_decode(case: dict[str, Any]) -> None:
    message = message_factory.GetMessageClass(DESCRIPTORS[case["name"].split(".")[0]])()
    data = base64.b64decode(case["bytes"])
    assert message.ParseFromString(data) == len(data)
    assert json_format.MessageToDict(message) == case["json"]


def test_every_message_has_golden_bytes() -> None:
    assert {case["name"].split(".")[0] for case in CASES} == set(DESCRIPTORS)
