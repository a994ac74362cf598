"""A loop as dH's, with advice: conjugate gradient on KL divergences, sigmoid parameters, one stage a sigma.

python dh_loop.py HOST:PORT
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from box_plan import LIMITS_GY, PRESCRIBED_GY, BoxPlan, box_plan
from scipy.optimize import brent

from dh_advisor_client import AdvisedRun, Role, RunOptions, SessionOptions, Solver
from dh_advisor_client.advice import Stage

FloatArray = npt.NDArray[np.float64]
Objective = Callable[[FloatArray], tuple[float, FloatArray]]

ACCEPTS = (Role.INITIALIZATION, Role.PYRAMID_SIGMA, Role.EARLY_STOPPING)
STEEPNESS = 0.5
BINS_GY = np.arange(-10.0, 90.0, 0.5)


def kl_objective(plan: BoxPlan, sigma_gy: float) -> Objective:
    """KL divergence of calculated from wanted histograms, smoothed by `sigma_gy`, and its gradient by the weights."""

    def kernel(dose: FloatArray) -> FloatArray:
        return np.asarray(np.exp(-0.5 * ((BINS_GY - dose[:, None]) / sigma_gy) ** 2))

    def objective(weights: FloatArray) -> tuple[float, FloatArray]:
        dose = plan.influence @ weights
        value, slope = 0.0, np.zeros_like(dose)
        for name, voxels in plan.voxels.items():
            ends = (PRESCRIBED_GY, 1.03 * PRESCRIBED_GY) if name == "PTV" else (0.0, LIMITS_GY[name])
            wanted = kernel(np.linspace(*ends, 50)).mean(axis=0) + 1e-12
            wanted /= wanted.sum()
            of = kernel(dose[voxels])
            total = float(of.mean(axis=0).sum())
            ratio = np.log((of.mean(axis=0) / total + 1e-12) / wanted)
            weight = 30.0 if name == "PTV" else 1.0
            value += weight * float((of.mean(axis=0) / total) @ ratio)
            moved = of * (BINS_GY - dose[voxels, None]) / sigma_gy**2
            slope[voxels] += weight * (moved @ (ratio + 1.0)) / (total * voxels.size)
        return value, plan.influence.T @ slope

    return objective


def dh_loop(plan: BoxPlan, run: AdvisedRun, weights: FloatArray) -> FloatArray:
    """Polak-Ribiere with Brent's line minimisation, as dH has it; the advice is in the lines with `run`."""
    ceiling = 4.0 * float(plan.case.flat_start()[0])
    stages = [Stage(0, sigma_gy, 40) for sigma_gy in (10.0, 5.0)] + [Stage(0, 2.5)]
    for stage in run.schedule(stages):
        objective = kl_objective(plan, stage.histogram_sigma_gy)
        weights = run.start(weights, lambda w: objective(w)[0], stage.histogram_sigma_gy)  # noqa: B023
        fraction = np.clip(weights / ceiling, 1e-4, 1.0 - 1e-4)
        x = np.log(fraction / (1.0 - fraction)) / STEEPNESS
        slope, direction = np.ones_like(x), np.zeros_like(x)
        value = np.inf
        for _ in range(stage.iteration_limit or 200):
            weights = ceiling / (1.0 + np.exp(-STEEPNESS * x))
            before, (value, gradient) = value, objective(weights)
            if np.isfinite(before) and run.step(weights, value, gradient):
                break
            if before - value < 1e-5 * abs(value):
                break
            by_x = gradient * STEEPNESS * weights * (1.0 - weights / ceiling)
            beta = max(0.0, float(by_x @ (by_x - slope)) / float(slope @ slope)) if direction.any() else 0.0
            slope, direction = by_x, beta * direction - by_x

            def along(step: float) -> float:
                return objective(ceiling / (1.0 + np.exp(-STEEPNESS * (x + step * direction))))[0]  # noqa: B023

            x = x + brent(along, brack=(0.0, 0.1 / float(np.abs(direction).max())), tol=1e-2) * direction
        run.end_stage()
    run.finish(weights, kl_objective(plan, 2.5)(weights)[0])
    return weights


if __name__ == "__main__":
    plan = box_plan()
    how = RunOptions(solver=Solver.DH, accepts=ACCEPTS)
    with AdvisedRun(plan.case, SessionOptions(address=sys.argv[1]), how) as run:
        weights = dh_loop(plan, run, 0.1 * plan.case.flat_start())
    print(f"objective {kl_objective(plan, 2.5)(weights)[0]:.4f} after {run.iterations} iterations")
    print(f"start advised: {run.is_start_advised}; stopped: {run.explanation or 'on its own'}; {run.status}")
