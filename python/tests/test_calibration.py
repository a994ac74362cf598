"""Intervals of convergence: calibrated on some patients, they cover as often on others, whatever the errors' tails."""

import numpy as np
import pytest
import torch

from dh_training.networks.convergence import ConvergenceNetwork
from dh_training.training.calibration import NOMINAL, calibrate, cross_fitted_coverage, share_within
from dh_training.training.fit import TrainingError
from dh_training.training.stage_histories import StageHistory, pack_history


def _stages(network: ConvergenceNetwork, patients: int, seed: int, moments: int = 200) -> list[StageHistory]:
    """Ends that miss the network's forecasts by heavy-tailed errors of three times its standard deviation."""
    rng = np.random.default_rng(seed)
    stages = []
    for number in range(patients):
        objective = 5.0 + 90.0 * np.exp(-0.1 * np.arange(moments))
        history = pack_history(objective, np.geomspace(300.0, 2.0, moments))
        state = rng.uniform(0.0, 1.0, (moments, 6)).astype(np.float32)
        with torch.no_grad():
            mean, deviation = network.predict(torch.from_numpy(history), torch.from_numpy(state))
        wanted = mean.numpy() + 3.0 * deviation.numpy() * rng.standard_t(2.0, moments)
        stages.append(StageHistory(f"patient-{number}", history, state, wanted.astype(np.float32)))
    return stages


@pytest.fixture
def network() -> ConvergenceNetwork:
    """Random weights, not calibrated."""
    torch.manual_seed(3)
    return ConvergenceNetwork(width=12).eval()


def test_intervals_cover_patients_that_did_not_calibrate_them(network: ConvergenceNetwork) -> None:
    widths = calibrate(network, _stages(network, 20, seed=1))
    assert widths[0] == 1.0
    # Of a normal distribution they would be 1.64 and 1.96; of Student's t with two degrees of freedom 2.21 and 3.26.
    assert widths[1] == pytest.approx(2.21, abs=0.15)
    assert widths[2] == pytest.approx(3.26, abs=0.3)
    others = _stages(network, 20, seed=2)
    for nominal, width in zip(NOMINAL, widths, strict=True):
        assert share_within(network, others, width) == pytest.approx(nominal, abs=0.03)


def test_cross_fitted_coverage_does_not_see_the_patients_it_judges(network: ConvergenceNetwork) -> None:
    stages = _stages(network, 10, seed=3)
    for one in cross_fitted_coverage(network, stages):
        assert one.actual == pytest.approx(one.nominal, abs=0.03)
        assert one.low < one.actual < one.high
    # Were one half far off, its intervals would hold all of the other half, and the other's none of it.
    for stage in stages[1::2]:
        stage.final_log10_ratio[:] -= 1.0
    for one in cross_fitted_coverage(network, stages):
        assert one.actual == pytest.approx(0.5, abs=0.01)


def test_one_patient_is_not_enough(network: ConvergenceNetwork) -> None:
    with pytest.raises(TrainingError, match="1 patients to calibrate on"):
        cross_fitted_coverage(network, _stages(network, 1, seed=4))
