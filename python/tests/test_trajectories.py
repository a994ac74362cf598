"""A trajectory that the real host recorded of the real optimizer reads as what the optimizer computed."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dh_training import trajectories
from dh_training.trajectories import Trajectory, TrajectoryError, find_trajectories, read_trajectory

FIXTURES = Path(__file__).parents[2] / "test" / "fixtures" / "trajectories"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text())


@pytest.fixture(scope="module")
def recorded() -> Trajectory:
    (folder,) = find_trajectories(FIXTURES)
    return read_trajectory(folder)


def test_trace_is_the_optimizers(recorded: Trajectory) -> None:
    iterations = recorded.iterations
    assert iterations.objective.tolist() == EXPECTED["trace"]["objective"]
    assert iterations.level.tolist() == EXPECTED["trace"]["level"]
    assert iterations.stage.tolist() == EXPECTED["trace"]["stage"]
    assert len(iterations) == recorded.facts["iteration_count"]


def test_end_is_the_optimizers(recorded: Trajectory) -> None:
    assert recorded.session_id == EXPECTED["session_id"]
    assert recorded.outcome == "finished"
    assert recorded.is_complete
    assert recorded.final_objective == EXPECTED["objective"]
    assert recorded.facts["finish"]["reference_objective"] == EXPECTED["reference_objective"]
    assert recorded.final_weights is not None
    assert recorded.final_weights.tolist() == EXPECTED["final_weights"]


def test_vectors_have_the_length_of_their_level_and_fit_together(recorded: Trajectory) -> None:
    lengths = {level["level"]: level["beamlet_count"] for level in recorded.anatomy["levels"]}
    iterations = recorded.iterations
    for name in ("weights", "search_direction", "adaptive_variance", "gradient"):
        for level, vector in zip(iterations.level, getattr(iterations, name), strict=True):
            assert vector is not None
            assert vector.dtype == np.float32
            assert len(vector) == lengths[level]
    gradient = iterations.gradient[0]
    assert gradient is not None
    assert np.linalg.norm(gradient) == pytest.approx(iterations.gradient_norm[0], rel=1e-5)
    last, before = iterations.weights[-1], iterations.weights[-2]
    assert last is not None and before is not None
    np.testing.assert_allclose(last - before, iterations.search_direction[-1], atol=1e-6)


def test_beamlets_have_their_features(recorded: Trajectory) -> None:
    beamlets = recorded.beamlets
    structures = len(recorded.anatomy["structures"])
    assert recorded.final_weights is not None
    n = len(recorded.final_weights)
    assert beamlets.structure_mean_dose is not None and beamlets.structure_max_dose is not None
    assert beamlets.structure_mean_dose.shape == (n, structures)
    assert (beamlets.structure_max_dose >= beamlets.structure_mean_dose * (1 - 1e-6)).all()
    assert beamlets.column_norm is not None
    excluded = beamlets.column_norm == 0
    assert (recorded.final_weights[excluded] == 0).all()
    assert beamlets.path_density is None, "not recorded by default"
    assert beamlets.beam is not None and beamlets.column is not None
    assert beamlets.beam.max() + 1 == len(recorded.anatomy["beam_geometry"])


def test_stages_start_where_their_iterations_begin(recorded: Trajectory) -> None:
    stages = recorded.stages
    assert set(stages.stop_reason) <= {"tolerance", "iteration-limit", "advice", "line-search"}
    assert stages.stage.tolist() == sorted(set(recorded.iterations.stage.tolist()))
    outcomes = recorded.iterations.table["step_direction_outcome"].to_pylist()
    assert "applied" in outcomes


def test_a_file_in_the_folder_will_do(recorded: Trajectory) -> None:
    again = read_trajectory(recorded.path / "iterations.parquet")
    assert again.session_id == recorded.session_id


def test_faults_name_the_path(tmp_path: Path, recorded: Trajectory) -> None:
    with pytest.raises(TrajectoryError, match="does not exist"):
        read_trajectory(tmp_path / "nowhere")
    with pytest.raises(TrajectoryError, match="is no directory"):
        find_trajectories(tmp_path / "nowhere")
    with pytest.raises(TrajectoryError, match=r"iterations.parquet: can't be read"):
        read_trajectory(tmp_path)
    pq.write_table(pa.table({"objective": [1.0]}), tmp_path / "iterations.parquet")
    with pytest.raises(TrajectoryError, match="is Parquet, but no trajectory"):
        read_trajectory(tmp_path)
    newer = dict(recorded.facts) | {"version": trajectories.VERSION + 1}
    table = pa.table({"objective": [1.0]}).replace_schema_metadata({trajectories.FACTS_KEY: json.dumps(newer)})
    pq.write_table(table, tmp_path / "iterations.parquet")
    with pytest.raises(TrajectoryError, match="known is dh-trajectory 1"):
        read_trajectory(tmp_path)


def test_a_cut_file_is_refused(tmp_path: Path, recorded: Trajectory) -> None:
    copy = shutil.copytree(recorded.path, tmp_path / "cut")
    beamlets = copy / "beamlets.parquet"
    beamlets.write_bytes(beamlets.read_bytes()[:-5])
    with pytest.raises(TrajectoryError, match=r"beamlets.parquet: can't be read"):
        read_trajectory(copy)
