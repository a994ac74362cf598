"""The objective in PyTorch is the optimizer's: value and gradient within 1e-4, at every sigma and variance."""

import numpy as np
import pytest
import torch
from conftest import COARSE

from dh_training.objective import PlanObjective, gaussian_kernel, voxel_shares, wanted_histogram
from dh_training.problems import from_prescription
from dh_training.rtmodel import Prescription

SIGMAS_GY = (2.5, 5.0, 12.0, 30.0)


def weights_of(plan: Prescription) -> np.ndarray:
    return np.where(plan.excluded(), 0.0, np.random.default_rng(7).uniform(0.01, 0.15, plan.beamlets))


@pytest.mark.parametrize("sigma_gy", SIGMAS_GY)
@pytest.mark.parametrize("has_variance", [False, True])
def test_agrees_with_the_optimizer(plan: Prescription, sigma_gy: float, has_variance: bool) -> None:
    problem = from_prescription("c-shape", COARSE, plan)
    told = plan.objective(sigma_gy=sigma_gy)
    ours = PlanObjective(problem.goals, problem.highest_dose_gy, dtype=torch.float64)
    variance_gy2 = np.random.default_rng(8).uniform(0.25, 1.5, plan.beamlets) * sigma_gy**2
    weights = torch.from_numpy(weights_of(plan)).requires_grad_()
    share = None
    if has_variance:
        told.set_variance(variance_gy2)
        share = voxel_shares(problem.operator, weights, torch.from_numpy(variance_gy2), sigma_gy)
        assert 0 < float(share.max()) < 1
    value, gradient = told.value_and_gradient(weights.detach().numpy())

    found = ours(problem.operator.dose_gy(weights), sigma_gy, share)
    found.backward()

    assert float(found) == pytest.approx(value, rel=1e-4)
    assert weights.grad is not None
    active = ~plan.excluded()
    difference = np.linalg.norm(weights.grad.numpy()[active] - gradient[active])
    assert difference <= 1e-4 * np.linalg.norm(gradient)


def test_single_precision_suffices(plan: Prescription) -> None:
    problem = from_prescription("c-shape", COARSE, plan)
    ours = PlanObjective(problem.goals, problem.highest_dose_gy)
    weights = weights_of(plan)
    dose = problem.operator.dose_gy(torch.from_numpy(weights.astype(np.float32)))
    totals = ours.total(dose, SIGMAS_GY)
    for sigma_gy, total in zip(SIGMAS_GY, totals, strict=True):
        assert float(total) == pytest.approx(plan.objective(sigma_gy=sigma_gy).value(weights), rel=1e-4)
        assert float(total) == pytest.approx(float(ours(dose, sigma_gy)), rel=1e-6)


def test_kernel_and_histogram_keep_the_volume() -> None:
    assert gaussian_kernel(6.25).sum() == pytest.approx(1.0)
    curve = np.array([[0.0, 1.0], [10.5, 0.4], [10.5, 0.3], [33.2, 0.1]])
    histogram = wanted_histogram(curve, 64)
    assert histogram.sum() == pytest.approx(1.0)
    # The last tenth is lost nowhere on the curve: it gets the curve's last dose.
    assert histogram[33] + histogram[34] == pytest.approx(0.1, abs=0.01)
