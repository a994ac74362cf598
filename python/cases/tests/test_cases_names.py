"""What a structure is called, and what that makes of it."""

from __future__ import annotations

import numpy as np
import pytest

from dh_cases import CaseError, Grid, Source, SourceStructure
from dh_cases.naming.choices import Choices, NamingOptions, choose
from dh_cases.naming.tg263 import dose_in, standard_name
from dh_cases.source import Kind
from dh_cases.volumes.shapes import MaskShape

_GRID = Grid((2, 2, 2), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Parotid_L", "Parotid_L"),
        ("LeftParotid", "Parotid_L"),
        ("parotid left", "Parotid_L"),
        ("Lt Parotid", "Parotid_L"),
        ("PAROTID_R", "Parotid_R"),
        ("rightparotid", "Parotid_R"),
        ("R_Parotid Gland", "Parotid_R"),
        ("Spinal Cord", "SpinalCord"),
        ("SpinalCord", "SpinalCord"),
        ("Rectum", "Rectum"),
        ("Lens_R", "Lens_R"),
        ("FemoralHead_L", "Femur_Head_L"),
        ("Femoral Head Rt", "Femur_Head_R"),
        ("Oesophagus", "Esophagus"),
        ("Mandible", "Bone_Mandible"),
        ("BODY", "External"),
        ("Lungs", "Lungs"),
        ("Liver", "Liver"),
        ("Larynx", "Larynx"),
        ("Colon", "Colon"),
        ("PTV70", "PTV_7000"),
        ("ptv_5412", "PTV_5412"),
        ("CTV 54.12 Gy", "CTV_5412"),
        ("PTV", "PTV"),
    ],
)
def test_labels_have_names(label: str, name: str) -> None:
    found = standard_name(label)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("label", ["Core", "OuterTarget", "xyz", "", "Left", "Node II", "ctvish"])
def test_what_is_not_known_has_none(label: str) -> None:
    assert standard_name(label) is None


@pytest.mark.parametrize(
    ("label", "dose"),
    [
        ("PTV70", 70.0),
        ("PTV_7000", 70.0),
        ("PTV 6996cGy", 69.96),
        ("PTV66p5", 66.5),
        ("PTV2 60Gy", 60.0),
        ("PTV1", None),
        ("PTV_High", None),
        ("PTV 2 54", 54.0),
        ("PTV 500", None),
    ],
)
def test_a_targets_name_may_hold_its_dose(label: str, dose: float | None) -> None:
    assert dose_in(label) == dose


def choices(labels: dict[str, Kind | None], options: NamingOptions | None = None) -> Choices:
    """What becomes of structures of one voxel."""
    mask = np.zeros(_GRID.size, np.bool_)
    mask[0, 0, 0] = True
    structures = [SourceStructure(label, MaskShape(_GRID, mask), kind) for label, kind in labels.items()]
    source = Source("test", _GRID, np.zeros(_GRID.size, np.float32), structures)
    return choose(source, options or NamingOptions())


def test_a_case_is_planned_on_planning_target_volumes_alone() -> None:
    made = choices({"GTV70": None, "CTV70": None, "PTV70": None, "PTV56": None, "Cord": None})
    assert [(choice.name, choice.role) for choice in made.chosen] == [
        ("PTV70", "target"),
        ("PTV56", "target"),
        ("Cord", "oar"),
    ]
    assert sum("planned on its PTV structures" in note for note in made.notes) == 2
    made = choices({"GTV70": None, "CTV60": None, "Cord": None})
    assert [choice.name for choice in made.chosen if choice.role == "target"] == ["CTV60"]
    made = choices({"GTV70": None, "PTV70": None}, NamingOptions(prescriptions_gy={"gtv70": 74.0}))
    assert {choice.name: choice.prescription_gy for choice in made.chosen} == {"GTV70": 74.0, "PTV70": 70.0}


def test_helpers_are_left_out_unless_they_are_named() -> None:
    labels: dict[str, Kind | None] = {"PTV60": None, "zRing": None, "z_PTVopt": None, "Ring1": None}
    assert [choice.name for choice in choices(labels).chosen] == ["PTV60", "zRing"]
    named = choices(labels, NamingOptions(names={"Ring1": "Ring"}))
    assert "Ring1" in [choice.name for choice in named.chosen]


def test_names_of_a_case_are_unique_and_hold_no_long_numbers() -> None:
    made = choices({"PTV60": None, "Cord": None, "cord": None, "Node 19510623": None})
    names = [choice.name for choice in made.chosen]
    assert len({name.lower() for name in names}) == 4
    assert not any("19510623" in name for name in names)


def test_two_bodies_are_asked_about() -> None:
    labels: dict[str, Kind | None] = {"PTV60": None, "Body": None, "External": None}
    with pytest.raises(CaseError, match="may all be the body; name it: --body"):
        choices(labels)
    made = choices(labels, NamingOptions(body="body"))
    assert [choice.name for choice in made.chosen if choice.role == "body"] == ["Body"]
    assert "External is left out: there is another body" in made.notes


def test_more_structures_than_bits_are_refused() -> None:
    with pytest.raises(CaseError, match="more than the 64 of a case"):
        choices({"PTV60": None} | {f"Node{number}": None for number in range(64)})
