"""Measured runs: of every patient, made once, kept apart by patient, refused when they are of something else."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from conftest import COARSE

from dh_training.corpus import CorpusOptions, is_dev
from dh_training.measuring import (
    MeasuringError,
    MeasuringOptions,
    PlanToMeasure,
    Run,
    claim_measured,
    load_measured,
    measure,
    measured_problems,
    run_of,
)
from dh_training.rtmodel import Prescription, RtModelWrapper
from dh_training.training.measured_role import measure_runs, split_measured
from dh_training.training.role import Sources

PATIENTS = [Path(f"patient-{number:03}") for number in range(60)]
HALF = CorpusOptions(dev_share=0.5)


@dataclass(frozen=True)
class Beamlets:
    """Measures how many there are."""

    def __call__(self, told: PlanToMeasure) -> Mapping[str, np.ndarray]:
        assert told.inputs.column_norm.size == told.plan.beamlets
        return {"beamlets": np.array(told.plan.beamlets)}


def sources_for(cases: list[Path], folder: Path) -> Sources:
    return Sources(tuple(cases), folder / "corpus", HALF, "0" * 64, measured=folder / "measured")


def test_problems_are_first_of_everyone_then_more_of_those_that_choose() -> None:
    options = MeasuringOptions(variants=1, dev_variants=3, cases=10)
    problems = list(measured_problems(PATIENTS, HALF, options))
    count = Counter(case.name for case, _ in problems)
    dev = [case.name for case in PATIENTS if is_dev(case.name, 0.5)]
    assert all(count[name] == 3 for name in dev)
    assert sum(name not in dev for name in count) == 10
    first = problems[: 10 + len(dev)]
    assert len({case for case, _ in first}) == len(first)
    assert all(not any(told.shift_mm) for _, told in first)
    # What a patient gives does not depend on how many the others give.
    more = dict.fromkeys(measured_problems(PATIENTS, HALF, replace(options, dev_variants=2)))
    assert set(more) <= set(problems)


def test_measures_once_and_names_what_it_could_not(phantoms: Path, tmp_path: Path) -> None:
    broken = tmp_path / "cases" / "broken"
    broken.mkdir(parents=True)
    (broken / "case.json").write_text("{}")
    problems = [(phantoms / "c-shape", COARSE), (broken, COARSE), (phantoms / "prostate", COARSE)]
    (fault,) = measure(problems, Beamlets(), tmp_path)
    assert fault.startswith("broken ")
    made = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    assert len(made) == 2
    (again,) = measure(problems, Beamlets(), tmp_path)
    assert again == fault
    assert {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")} == made
    loaded = load_measured(problems, tmp_path)
    assert [one.patient for one in loaded] == ["c-shape", "prostate"]
    for one in loaded:
        assert one.inputs.column_norm.size == one.arrays["beamlets"]


def test_nothing_measured_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(MeasuringError, match="no measured runs of these cases"):
        load_measured([(Path("patient"), COARSE)], tmp_path)
    assert "left out: patient" in capfd.readouterr().err


def test_runs_of_something_else_are_refused(tmp_path: Path) -> None:
    claim_measured(tmp_path, {"data_sha256": "1", "settings": {"draws": 3}})
    claim_measured(tmp_path, {"data_sha256": "1", "settings": {"draws": 3}})
    with pytest.raises(MeasuringError, match="measured with another settings; give another folder"):
        claim_measured(tmp_path, {"data_sha256": "1", "settings": {"draws": 4}})


def test_no_patient_is_in_two_parts(phantoms: Path, tmp_path: Path) -> None:
    cases = sorted(phantoms.iterdir())
    sources = sources_for(cases, tmp_path)
    with pytest.raises(MeasuringError, match=r"measured\.yaml: missing; train the role"):
        split_measured("some-role", sources)
    options = MeasuringOptions(dev_variants=1)
    assert measure_runs("some-role", Beamlets(), options, {"of": "beamlets"}, sources, 1) == []
    wanted = [is_dev(case.name, 0.5) for case in cases]
    if all(wanted) or not any(wanted):
        with pytest.raises(MeasuringError, match="both need some: give more cases"):
            split_measured("some-role", sources)
        return
    split = split_measured("some-role", sources)
    assert {one.patient for one in split.dev} == {case.name for case in cases if is_dev(case.name, 0.5)}
    assert len(split.train) + len(split.dev) == len(cases)


def test_role_without_a_folder_says_what_is_missing(tmp_path: Path) -> None:
    sources = replace(sources_for([], tmp_path), measured=None)
    with pytest.raises(MeasuringError, match="no folder for them is given"):
        split_measured("some-role", sources)


def test_run_is_the_optimizers(model: RtModelWrapper, plan: Prescription) -> None:
    run = run_of(model, model.create_optimizer(plan, "lbfgs"), 5)
    result = model.create_optimizer(plan, "lbfgs")
    result.set_run_options(max_iterations=5)
    assert run.final == pytest.approx(model.optimize(result)["reference_objective"], rel=1e-5)
    assert (np.diff(run.call_equivalents) > 0).all()
    lowest = float(run.reference_objective.min())
    assert run.calls_to(lowest) <= run.call_equivalents[-1]
    assert run.calls_to(0.5 * lowest) == float("inf")
    again = Run.of_array(run.as_array())
    np.testing.assert_array_equal(again.reference_objective, run.reference_objective)
