"""The corpus: no patient in two parts, nothing stale, nothing lost in silence."""

import json
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from conftest import COARSE

from dh_training.corpus import (
    CorpusError,
    CorpusOptions,
    Sample,
    WholeTargets,
    claim_cache,
    corpus_digest,
    is_dev,
    load_corpus,
    load_inputs,
    load_whole_targets,
    make_corpus,
    mirrored,
    problems_of,
    split_patients,
    variants_of,
    whole_targets_of,
    with_other_goals,
)
from dh_training.problems import ModelInputs, Problem, cached_inputs, cached_problem, make_problem, plannable_cases
from dh_training.rtmodel import RtModelWrapper

PATIENTS = [Path(f"patient-{number}") for number in range(200)]


def assert_equal(one: ModelInputs, other: ModelInputs) -> None:
    for field in fields(ModelInputs):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name))


def test_a_patient_is_in_one_part() -> None:
    train, dev = split_patients(PATIENTS, CorpusOptions(dev_share=0.2))
    assert {*train} | {*dev} == {*PATIENTS}
    assert not {*train} & {*dev}
    assert 20 <= len(dev) <= 60


def test_a_patients_part_depends_on_nobody_else() -> None:
    _, dev = split_patients(PATIENTS, CorpusOptions())
    _, dev_of_half = split_patients(PATIENTS[::2], CorpusOptions())
    assert set(dev_of_half) == {patient for patient in dev if patient in PATIENTS[::2]}


def test_every_variant_stays_with_its_patient(phantoms: Path, tmp_path: Path) -> None:
    cases = list(plannable_cases(phantoms))
    options = CorpusOptions(variants=3, dev_share=0.5)
    assert make_corpus(cases, options, tmp_path) == []
    names = sorted(case.name for case in cases)
    parts = [[c for c in cases if is_dev(c.name, share) == flag] for share, flag in ((0.5, True), (0.5, False))]
    loaded = [load_corpus(part, options, tmp_path) if part else [] for part in parts]
    patients = [sample.problem.patient for part in loaded for sample in part]
    assert sorted(set(patients)) == names
    assert len(patients) == 3 * len(names)
    assert not {s.problem.patient for s in loaded[0]} & {s.problem.patient for s in loaded[1]}


def test_too_few_patients_are_refused() -> None:
    with pytest.raises(CorpusError, match=r"1 plannable cases .* change corpus\.dev_share"):
        split_patients(PATIENTS[:1], CorpusOptions())


def test_variants_are_the_same_every_time_and_start_with_the_case() -> None:
    options = CorpusOptions(variants=6)
    made = variants_of("patient-1", options)
    assert made == variants_of("patient-1", options)
    assert made[:3] == variants_of("patient-1", replace(options, variants=3))
    assert made != variants_of("patient-2", options)
    assert made[0].beam_count == 9 and made[0].shift_mm == (0.0, 0.0, 0.0)
    assert len(set(made)) == 6


def test_whole_targets_are_of_few_patients_spread_over_either_part() -> None:
    options = CorpusOptions(variants=2, whole_targets=WholeTargets(train=5, dev=2))
    train, dev = split_patients(PATIENTS, options)
    chosen = whole_targets_of(PATIENTS, options)
    assert chosen == whole_targets_of(train, options) + whole_targets_of(dev, options)
    assert ([*train].index(chosen[1]), [*dev].index(chosen[6])) == (len(train) // 5, len(dev) // 2)
    assert len(problems_of(PATIENTS, options)) == 2 * len(PATIENTS) + 7
    assert sum(problem.window_mm is None for _, problem in problems_of(PATIENTS, options)) == 7
    greedy = replace(options, whole_targets=WholeTargets(train=500, dev=500))
    assert sorted(whole_targets_of(PATIENTS, greedy)) == sorted(PATIENTS)


def test_a_whole_target_has_many_rows(phantoms: Path, tmp_path: Path) -> None:
    options = CorpusOptions(variants=1, whole_targets=WholeTargets(train=1, dev=1))
    cases = [phantoms / "c-shape"]
    assert make_corpus(cases, options, tmp_path) == []
    (whole,) = load_whole_targets(cases, options, tmp_path)
    (slices,) = load_corpus(cases, options, tmp_path)
    assert whole.problem.inputs.column_norm.shape[1] > slices.problem.inputs.column_norm.shape[1] == 1
    assert len(load_inputs(cases, options, tmp_path)) == 2


def test_cached_problem_equals_a_fresh_one(model: RtModelWrapper, phantoms: Path, tmp_path: Path) -> None:
    options = replace(COARSE, shift_mm=(3.0, -2.0, 5.0), first_gantry_deg=10.0)
    (tmp_path / "scratch").mkdir()
    fresh = make_problem(model, phantoms / "c-shape", options, tmp_path / "scratch")
    cached_problem(model, phantoms / "c-shape", options, tmp_path)
    again = cached_problem(model, phantoms / "c-shape", options, tmp_path)
    assert_equal(again.inputs, fresh.inputs)
    assert_equal(cached_inputs(phantoms / "c-shape", options, tmp_path), fresh.inputs)
    assert (again.operator.matrix != fresh.operator.matrix).nnz == 0
    assert again.highest_dose_gy == fresh.highest_dose_gy
    assert again.options == fresh.options
    np.testing.assert_array_equal(again.goals.weights, fresh.goals.weights)
    for name in ("rows", "curves"):
        for one, other in zip(getattr(again.goals, name), getattr(fresh.goals, name), strict=True):
            np.testing.assert_array_equal(one, other)
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.name != "scratch") == [".npz"]


def test_shift_moves_the_plan(
    model: RtModelWrapper, phantoms: Path, tmp_path: Path, problems: dict[str, Problem]
) -> None:
    moved = make_problem(model, phantoms / "c-shape", replace(COARSE, shift_mm=(0.0, 0.0, 10.0)), tmp_path)
    here = problems["c-shape"].inputs
    assert not np.array_equal(moved.inputs.structures, here.structures)


def test_bad_case_is_named_and_the_others_are_made(phantoms: Path, tmp_path: Path) -> None:
    shutil.copytree(phantoms / "c-shape", tmp_path / "cases/good")
    shutil.copytree(phantoms / "c-shape", tmp_path / "cases/broken")
    (tmp_path / "cases/broken/ct.nii.gz").write_bytes(b"no volume")
    cases = list(plannable_cases(tmp_path / "cases"))
    options = CorpusOptions(variants=2)
    faults = make_corpus(cases, options, tmp_path / "cache")
    assert len(faults) == 2
    assert all(fault.startswith("broken ") for fault in faults)
    assert [s.problem.patient for s in load_corpus(cases, options, tmp_path / "cache")] == ["good", "good"]
    assert len(load_inputs(cases, options, tmp_path / "cache")) == 2


def test_unplannable_cases_are_left_out(phantoms: Path, tmp_path: Path) -> None:
    for name, plannable in (("a", True), ("b", False)):
        shutil.copytree(phantoms / "c-shape", tmp_path / name)
        told = json.loads((tmp_path / name / "case.json").read_text())
        told["quality"] = {"plannable": plannable}
        (tmp_path / name / "case.json").write_text(json.dumps(told))
    assert [case.name for case in plannable_cases(tmp_path)] == ["a"]


def test_no_problem_at_all_is_refused(phantoms: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="dh-train corpus"):
        load_inputs([phantoms / "c-shape"], CorpusOptions(), tmp_path)


def test_cache_refuses_another_case_of_the_same_name(phantoms: Path, tmp_path: Path) -> None:
    shutil.copytree(phantoms / "c-shape", tmp_path / "one/case")
    shutil.copytree(phantoms / "prostate", tmp_path / "two/case")
    cache = tmp_path / "cache"
    claim_cache([tmp_path / "one/case"], cache, "1.0.0")
    claim_cache([tmp_path / "one/case", phantoms / "head-neck"], cache, "1.0.0")
    with pytest.raises(CorpusError, match="made from another case"):
        claim_cache([tmp_path / "two/case"], cache, "1.0.0")
    with pytest.raises(CorpusError, match=r"made by optimizer 1\.0\.0"):
        claim_cache([tmp_path / "one/case"], cache, "1.1.0")


def test_digest_follows_contents_and_options(phantoms: Path, tmp_path: Path) -> None:
    shutil.copytree(phantoms / "c-shape", tmp_path / "case")
    options = CorpusOptions()
    digest = corpus_digest([tmp_path / "case"], options, "1.0.0")
    assert corpus_digest([tmp_path / "case"], options, "1.0.0") == digest
    assert corpus_digest([tmp_path / "case"], replace(options, variants=9), "1.0.0") != digest
    assert corpus_digest([tmp_path / "case"], options, "1.0.1") != digest
    (tmp_path / "case/case.json").write_text((tmp_path / "case/case.json").read_text() + " ")
    assert corpus_digest([tmp_path / "case"], options, "1.0.0") != digest


def test_mirrored_twice_is_the_same(problems: dict[str, Problem]) -> None:
    inputs = problems["head-neck"].inputs
    once = mirrored(inputs)
    assert not np.array_equal(once.structure_mean_dose, inputs.structure_mean_dose)
    assert_equal(mirrored(once), inputs)


def test_other_goals_are_the_same_in_the_question_and_in_the_loss(problems: dict[str, Problem]) -> None:
    problem = problems["head-neck"]
    other = with_other_goals(problem, np.random.default_rng(2), 0.3)
    np.testing.assert_allclose(other.inputs.structures[:, 3], other.goals.weights, rtol=1e-6)
    for row, curve in zip(other.inputs.structures, other.goals.curves, strict=True):
        assert row[5] == pytest.approx(curve[-1, 0], rel=1e-6)
    assert (other.inputs.structures[:, 0:3] == problem.inputs.structures[:, 0:3]).all()
    targets = problem.inputs.structures[:, 0] > 0
    np.testing.assert_array_equal(other.inputs.structures[targets, 4:7], problem.inputs.structures[targets, 4:7])
    assert Sample.of(other).objective is not None
