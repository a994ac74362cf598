"""The committed bytes of every message decode to the committed JSON, as they do in C++ and TypeScript."""

import json
from pathlib import Path

import pytest
from google.protobuf import json_format, message_factory

from dh_training import wire

GOLDEN_DIR = Path(__file__).parents[2] / "test" / "fixtures" / "wire"
DESCRIPTORS = {
    name: descriptor for module in wire.MODULES for name, descriptor in module.DESCRIPTOR.message_types_by_name.items()
}


@pytest.mark.parametrize("path", sorted(GOLDEN_DIR.glob("*.bin")), ids=lambda path: path.stem)
def test_golden_bytes_decode(path: Path) -> None:
    message = message_factory.GetMessageClass(DESCRIPTORS[path.stem.split(".")[0]])()
    data = path.read_bytes()
    assert message.ParseFromString(data) == len(data)
    assert json_format.MessageToDict(message) == json.loads(path.with_suffix(".json").read_text())


def test_every_message_has_golden_bytes() -> None:
    assert {path.stem.split(".")[0] for path in GOLDEN_DIR.glob("*.bin")} == set(DESCRIPTORS)
