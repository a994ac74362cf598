"""Goals, pitches and rows other than the built-in ones reach the optimizer as they were drawn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import COARSE

from dh_training.corpus import CorpusOptions, variants_of
from dh_training.goals import GoalOptions, Variety, draw_goals, prescription_file, with_prescribed_dose
from dh_training.problems import STRUCTURE_COLUMNS, make_problem
from dh_training.rtmodel import RtModelWrapper

ASKED = GoalOptions(prescribed_gy=60.0, target_upper=1.15, target_weight=2.5, others_seed=3)


def column(name: str) -> int:
    return STRUCTURE_COLUMNS.index(name)


def test_what_is_asked_for_is_what_the_optimizer_plans(model: RtModelWrapper, phantoms: Path, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    plain = make_problem(model, phantoms / "c-shape", COARSE, tmp_path / "plain").inputs.structures
    asked = make_problem(model, phantoms / "c-shape", replace(COARSE, goals=ASKED), tmp_path).inputs.structures
    is_target, is_organ = (plain[:, column(name)] > 0 for name in ("is_target", "is_organ"))
    assert is_target.any() and is_organ.any()
    np.testing.assert_allclose(asked[is_target, column("prescribed_dose_gy")].max(), 60.0, rtol=1e-6)
    np.testing.assert_allclose(asked[is_target, column("goal_low_gy")].max(), 60.0, rtol=1e-6)
    np.testing.assert_allclose(asked[is_target, column("goal_high_gy")].max(), 69.0, rtol=1e-6)
    np.testing.assert_allclose(asked[is_target, column("objective_weight")], 2.5)
    drawn = yaml.safe_load(prescription_file(model.default_goals, ASKED))
    (core,) = (organ for organ in drawn["organs"] if "Core" in organ["names"])
    for rows, goals in ((is_organ, core), (plain[:, column("is_normal")] > 0, drawn["normal_tissue"])):
        (row,) = asked[rows]
        ends = [row[column("goal_low_gy")], row[column("goal_high_gy")]]
        np.testing.assert_allclose([*ends, row[column("objective_weight")]], [*goals["interval_gy"], goals["weight"]])
    assert core["weight"] != 1.0 and drawn["normal_tissue"]["interval_gy"][0] > 0


def test_a_grid_of_given_columns_excludes_nothing(model: RtModelWrapper, phantoms: Path, tmp_path: Path) -> None:
    options = replace(COARSE, columns=39, window_mm=0.0)
    inputs = make_problem(model, phantoms / "c-shape", options, tmp_path).inputs
    assert inputs.column_norm.shape == (5, 1, 39)
    assert inputs.beams[0, 3] == 20.0
    assert (inputs.column_norm > 0).mean() > 0.5
    covering = make_problem(model, phantoms / "c-shape", COARSE, tmp_path).inputs.column_norm
    assert covering.shape[2] < 39


def test_defaults_leave_the_goals_alone(model: RtModelWrapper) -> None:
    told = yaml.safe_load(prescription_file(model.default_goals, GoalOptions()))
    assert told == yaml.safe_load(model.default_goals)


def test_a_case_without_a_prescribed_dose_is_refused() -> None:
    with pytest.raises(ValueError, match="no structure has a prescription_gy"):
        with_prescribed_dose({"structures": [{"name": "Cord"}]}, 60.0)


def test_goals_are_drawn_over_all_that_users_ask_for(model: RtModelWrapper) -> None:
    drawn = [draw_goals(np.random.default_rng(seed)) for seed in range(300)]
    doses = [goals.prescribed_gy for goals in drawn]
    assert 40.0 <= min(doses) < 42.0 and 78.0 < max(doses) <= 80.0
    weights = [goals.target_weight for goals in drawn]
    assert 0.5 <= min(weights) < 0.6 and 25.0 < max(weights) <= 30.0
    assert len({goals.others_seed for goals in drawn}) == 300
    files = [yaml.safe_load(prescription_file(model.default_goals, goals)) for goals in drawn[:100]]
    weights = [organ["weight"] for file in files for organ in file["organs"]]
    assert 0.1 <= min(weights) < 0.12 and 2.5 < max(weights) <= 3.0
    begins = [file["normal_tissue"]["interval_gy"][0] for file in files]
    assert min(begins) < 1.0 and 14.0 < max(begins) <= 15.0


def test_variety_changes_neither_the_first_problem_nor_slices_and_beams() -> None:
    plain = CorpusOptions(variants=40)
    variety = Variety((4.0, 10.0), (2.5, 5.0), columns=39, columns_share=0.5, goals_share=0.5)
    made, varied = (variants_of("patient-1", options) for options in (plain, replace(plain, variety=variety)))
    assert varied[0] == made[0]
    assert varied == variants_of("patient-1", replace(plain, variety=variety))
    for one, other in zip(made, varied, strict=True):
        assert (one.beam_count, one.first_gantry_deg, one.shift_mm) == (
            other.beam_count,
            other.first_gantry_deg,
            other.shift_mm,
        )
    assert {problem.beamlet_mm for problem in varied[1:]} == {4.0, 10.0}
    assert {problem.window_mm for problem in varied[1:]} == {2.5, 5.0}
    assert {problem.columns for problem in varied[1:]} == {0, 39}
    with_goals = sum(problem.goals != GoalOptions() for problem in varied[1:])
    assert 10 < with_goals < 30


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"beamlets_mm": ()}, "beamlets_mm is"),
        ({"beamlets_mm": (0.5,)}, "beamlets_mm is"),
        ({"windows_mm": (-1.0,)}, "windows_mm is"),
        ({"goals_share": 1.5}, "goals_share is"),
        ({"columns_share": 1.5, "columns": 39}, "columns_share is"),
        ({"columns_share": 0.5, "columns": 38}, "columns is 38"),
    ],
)
def test_impossible_variety_is_named(given: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Variety(**given)
