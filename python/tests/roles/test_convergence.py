"""Convergence learns from recorded plans: causally, by patient, to a package whose answers do not mix in a batch."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from dh_training.corpus import CorpusOptions
from dh_training.packages import open_session, verify_package
from dh_training.training.convergence import ConvergenceRole
from dh_training.training.fit import TrainingError
from dh_training.training.role import Sources
from dh_training.training.stage_histories import LOOK_BACK, pack_history, read_stages, stages_of
from dh_training.trajectories import FACTS_KEY, read_trajectory

ROOT = Path(__file__).parents[3]
(RECORDED,) = (path.parent for path in (ROOT / "test/fixtures/trajectories").glob("*/iterations.parquet"))


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recorded plan as if it were of eight patients."""
    folder = tmp_path_factory.mktemp("recordings")
    for number in range(8):
        shutil.copytree(RECORDED, folder / f"plan-{number}")
        file = folder / f"plan-{number}" / "iterations.parquet"
        table = pq.read_table(file)
        facts = json.loads(table.schema.metadata[FACTS_KEY]) | {"patient_id": f"patient-{number}"}
        metadata = {**table.schema.metadata, FACTS_KEY: json.dumps(facts).encode()}
        pq.write_table(table.replace_schema_metadata(metadata), file)
    return folder


def test_stages_are_those_of_the_plan() -> None:
    trajectory = read_trajectory(RECORDED)
    stages = list(stages_of(trajectory))
    assert len(stages) == len(trajectory.stages.stage)
    for index, stage in enumerate(stages):
        rows = trajectory.iterations.stage == trajectory.stages.stage[index]
        objective = trajectory.iterations.objective[rows]
        ends_at = objective * 10.0 ** stage.final_log10_ratio.astype(np.float64)
        np.testing.assert_allclose(ends_at, np.minimum(trajectory.stages.objective[index], objective), rtol=1e-5)
        np.testing.assert_allclose(stage.state[:, 1], np.log10(trajectory.stages.histogram_sigma_gy[index]), rtol=1e-6)


@pytest.mark.parametrize("reason", ["advice", "cancelled", "safeguard", ""])
def test_stages_that_were_cut_off_have_no_end_to_learn(reason: str) -> None:
    trajectory = read_trajectory(RECORDED)
    reasons = (reason, *trajectory.stages.stop_reason[1:])
    cut = replace(trajectory, stages=replace(trajectory.stages, stop_reason=reasons))
    assert len(list(stages_of(cut))) == len(list(stages_of(trajectory))) - 1


def test_recordings_that_cannot_be_read_are_left_out_by_name(
    recordings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "recordings"
    shutil.copytree(recordings, folder)
    (folder / "plan-3/stages.parquet").write_bytes(b"torn")
    whole, rest = len(read_stages(recordings)), len(read_stages(folder))
    assert rest * 8 == whole * 7
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f"left out: {folder / 'plan-3/stages.parquet'}: can't be read")


def test_history_knows_nothing_of_what_comes_after() -> None:
    objective, norm = np.geomspace(100, 1, 25), np.geomspace(10, 0.1, 25)
    whole = pack_history(objective, norm)
    for at in (0, 4, 15):
        np.testing.assert_array_equal(pack_history(objective[: at + 1], norm[: at + 1])[-1], whole[at])
    assert (whole[3, :7] == 0).all()
    assert whole[3, 7:, 3].tolist() == [1, 1, 1]


def test_history_reaches_far_back_with_the_mean_gain_between() -> None:
    objective, norm = np.geomspace(100, 1, 201), np.geomspace(10, 0.1, 201)
    packed = pack_history(objective, norm)
    np.testing.assert_allclose(packed[200, :, 0], np.log10(objective[200 - np.array(LOOK_BACK)]), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(packed[200, :, 1], np.log10(norm[200 - np.array(LOOK_BACK)]), rtol=1e-6, atol=1e-6)
    assert packed[200, 9, 2] == pytest.approx((objective[199] - objective[200]) / objective[199])
    assert packed[200, 1, 2] == pytest.approx((objective[100] - objective[135]) / objective[100] / 35)
    assert packed[200, 0, 2] == pytest.approx((objective[65] - objective[100]) / objective[65] / 35)
    # Where the stage has not that many iterations the oldest gain counts from its first.
    assert packed[20, 4, 2] == pytest.approx((objective[0] - objective[4]) / objective[0] / 4)
    assert packed[0].tolist() == [[0, 0, 0, 0]] * 9 + [[2, 1, 0, 1]]


def test_too_few_patients_are_refused_by_number(recordings: Path) -> None:
    options = CorpusOptions(dev_share=0.01)
    sources = Sources(cases=(), corpus=recordings, options=options, data_sha256="0" * 64, trajectories=recordings)
    with pytest.raises(TrainingError, match="0 to choose checkpoints by and 0 patients to calibrate on"):
        ConvergenceRole().items(sources)


def test_trains_to_a_package_from_recorded_plans(recordings: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    fit = {"steps": 20, "check_every": 10, "accumulate": 2, "warm_up_steps": 2}
    told = {"phantoms": 12, "corpus": {"dev_share": 0.5}, "roles": {"convergence": {"width": 8, "fit": fit}}}
    config.write_text(yaml.safe_dump(told))
    command = [sys.executable, "-m", "dh_training.command", "convergence", "--config", config, "--out", tmp_path]
    without = subprocess.run(command, capture_output=True, text=True, check=False)
    assert without.returncode == 1
    assert "give their folder with --trajectories" in without.stderr
    done = subprocess.run([*command, "--trajectories", recordings], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    package = tmp_path / "models/convergence/1"
    assert max(verify_package(package).values()) <= 1
    described = yaml.safe_load((package / "model.yaml").read_text())
    assert described["training"]["cases"] == 8
    assert described["batch_axis"] == 0
    card = (package / "card.md").read_text()
    assert "8 patients (2 to train on, 3 to choose the checkpoint, 3 to calibrate; a patient" in card
    assert "| coverage of the central 95 % interval, lower bound | " in card

    session = open_session(package / "model.onnx")
    stage = max(read_stages(recordings), key=lambda one: len(one.history))
    together = session.run(None, {"history": stage.history, "state": stage.state})
    for at in range(len(stage.history)):
        alone = session.run(None, {"history": stage.history[at : at + 1], "state": stage.state[at : at + 1]})
        for one, of_all in zip(alone, together, strict=True):
            np.testing.assert_allclose(one[0], of_all[at], rtol=1e-4, atol=1e-6)

    shutil.rmtree(recordings / "plan-0")
    again = subprocess.run([*command, "--trajectories", recordings], capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "holds a run with another data_sha256" in again.stderr
