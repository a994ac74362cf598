"""The binding says what the optimizer says: numbers, refusals in its words, callbacks, cancelling."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from dh_training.rtmodel import (
    Iteration,
    Optimizer,
    Prescription,
    RtModelError,
    RtModelWrapper,
    Stage,
    find_library,
)


def influence_of(plan: Prescription) -> sp.csr_matrix:
    found = plan.influence()
    return sp.csr_matrix((found.values, found.columns, found.starts), shape=(plan.voxels, plan.beamlets))


@pytest.fixture
def optimizer(model: RtModelWrapper, plan: Prescription) -> Optimizer:
    made = model.create_optimizer(plan)
    made.set_run_options(max_iterations=4)
    return made


def test_sizes_fit_together(model: RtModelWrapper, plan: Prescription) -> None:
    assert model.version.count(".") == 2
    assert plan.beamlets == plan.beams * plan.rows * plan.columns
    assert influence_of(plan).nnz == plan.non_zeros
    assert [s.role for s in plan.structures] == ["target", "target", "target", "organ-at-risk", "normal-tissue"]
    assert plan.structures[0].prescribed_dose_gy == pytest.approx(50.0, abs=1.0)
    assert plan.structures[3].prescribed_dose_gy is None


def test_structure_doses_are_means_and_maxima_of_the_influence(plan: Prescription) -> None:
    mean, maximum = plan.structure_doses()
    matrix = influence_of(plan)
    for index, structure in enumerate(plan.structures):
        rows = matrix[structure.planned_rows]
        np.testing.assert_allclose(mean[:, index], np.asarray(rows.mean(axis=0))[0], rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(maximum[:, index], rows.max(axis=0).toarray()[0], rtol=1e-6)


def test_dose_is_the_product(plan: Prescription) -> None:
    weights = np.random.default_rng(1).uniform(0, 0.2, plan.beamlets)
    np.testing.assert_allclose(plan.dose_gy(weights), influence_of(plan) @ weights, rtol=1e-6)


def test_excluded_beamlets_reach_no_target(plan: Prescription) -> None:
    excluded = plan.excluded()
    assert 0 < excluded.sum() < plan.beamlets
    mean, _ = plan.structure_doses()
    assert (mean[excluded, :3] == 0).all()


def test_geometry(plan: Prescription) -> None:
    densities = plan.path_densities()
    assert densities.shape == (plan.beamlets, 100)
    assert densities.min() >= 0 and densities.max() > 0.9
    positions = plan.voxel_positions_mm()
    assert positions.shape == (plan.voxels, 3)
    assert len(np.unique(positions, axis=0)) == plan.voxels


def test_levels_have_their_own_size(plan: Prescription) -> None:
    sizes = [plan.objective(level).size for level in range(4)]
    assert sizes[0] == plan.beamlets
    assert sizes == sorted(sizes, reverse=True)


def test_objective_follows_sigma_and_variance(plan: Prescription) -> None:
    objective = plan.objective(sigma_gy=5.0)
    weights = np.full(plan.beamlets, 0.1)
    value, gradient = objective.value_and_gradient(weights)
    assert objective.value(weights) == value
    assert gradient.shape == (plan.beamlets,)
    objective.set_variance(np.full(plan.beamlets, 37.5))
    assert objective.value(weights) != value
    objective.set_sigma(5.0)  # puts every variance back to its lower bound
    assert objective.value(weights) == value


def test_run_has_the_result_and_shows_every_iteration(
    model: RtModelWrapper, plan: Prescription, optimizer: Optimizer
) -> None:
    seen: list[Iteration] = []
    result = model.optimize(optimizer, lambda iteration: seen.append(iteration))
    assert result["total"]["iterations"] == len(seen)
    assert [one.objective for one in seen] == result["trace"]["objective"]
    assert optimizer.weights().tolist() == result["final_weights"]
    for one in seen:
        assert one.weights.shape == one.gradient.shape == one.search_direction.shape == one.adaptive_variance.shape
    assert np.linalg.norm(seen[-1].gradient) == pytest.approx(seen[-1].gradient_norm, rel=1e-6)
    assert len(seen[-1].weights) == plan.beamlets


def test_start_is_taken(model: RtModelWrapper, plan: Prescription, optimizer: Optimizer) -> None:
    optimizer.set_stages([Stage(0, 5.0, iteration_limit=1)])
    first: list[float] = []
    for start in (0.02, 0.1):
        weights = np.where(plan.excluded(), 0.0, start)
        model.set_initial_weights(optimizer, weights)
        model.optimize(optimizer, lambda iteration: first.append(iteration.objective) or False)
    assert first[0] != first[1]


def test_preparation_is_the_solvers_own_unless_told(model: RtModelWrapper, plan: Prescription) -> None:
    def told(iterations: int | None) -> int:
        optimizer = model.create_optimizer(plan, "lbfgs")
        optimizer.set_run_options(max_iterations=2, preparation_iterations=iterations)
        return model.optimize(optimizer)["stages"][0]["preparation_iterations"]

    assert (told(None), told(0), told(4)) == (15, 0, 4)


def test_predicted_variance_and_structure_sigma_change_the_plan(model: RtModelWrapper, plan: Prescription) -> None:
    ends = []
    for variance_gy2, sigma_gy in ((None, None), (24.0, None), (None, 8.0)):
        optimizer = model.create_optimizer(plan, covariance="predicted")
        optimizer.set_run_options(max_iterations=4, polish=False)
        optimizer.set_stages([Stage(0, 4.0)])
        # Half the ceiling: where a variance counts in full.
        model.set_initial_weights(optimizer, np.full(plan.beamlets, 0.1))
        if variance_gy2 is not None:
            model.set_predicted_variance(optimizer, np.full(plan.beamlets, variance_gy2))
        if sigma_gy is not None:
            model.set_structure_sigma(optimizer, plan.structures[0].name, sigma_gy)
        ends.append(tuple(model.optimize(optimizer)["final_weights"]))
    assert len(set(ends)) == 3


@pytest.mark.parametrize(
    ("refused", "words"),
    [
        (lambda m, p, o: m.set_initial_weights(o, [0.1, 0.1]), "SetInitialWeights: 2 values given, 75 needed"),
        (lambda m, p, o: m.set_structure_sigma(o, "Nose", 3.0), "the plan has no Nose; it has PTV"),
        (lambda m, p, o: m.set_structure_sigma(o, p.structures[0].name, -3.0), r"sigma is not in \(0, 200\] Gy"),
        (lambda m, p, o: p.dose_gy([0.1]), "1 given, the plan has 75 beamlets"),
        (lambda m, p, o: p.objective(level=9), "level 9; levels are 0 to 3"),
        (lambda m, p, o: p.objective(sigma_gy=-1.0), r"is not in \(0, 200\]"),
        (lambda m, p, o: p.objective().set_variance([1.0]), "SetObjectiveVariance: 1 values given, 75 needed"),
        (lambda m, p, o: p.objective().value(np.full(75, 20.0)), r"a weight is not in \[0, 0.2\]"),
        (lambda m, p, o: o.weights(), "nothing has been optimized yet"),
        (lambda m, p, o: m.create_optimizer(p, "newton"), "unknown choice 'newton'; known: dh, lbfgs"),
        (lambda m, p, o: o.set_advisor("localhost:1", "always"), "known: off, shadow, advise"),
        (lambda m, p, o: m.create_prescription("/nowhere"), "is not a folder; give the folder of a case"),
    ],
)
def test_refusals_are_in_the_optimizers_words(
    refused: Callable[[RtModelWrapper, Prescription, Optimizer], object],
    words: str,
    model: RtModelWrapper,
    plan: Prescription,
    optimizer: Optimizer,
) -> None:
    with pytest.raises(RtModelError, match=words):
        refused(model, plan, optimizer)


def test_callback_may_end_the_run(model: RtModelWrapper, optimizer: Optimizer) -> None:
    seen: list[int] = []
    result = model.optimize(optimizer, lambda iteration: seen.append(iteration.iteration) or len(seen) < 3)
    assert len(seen) == 3
    assert result["total"]["iterations"] == 3


def test_callbacks_exception_comes_back(model: RtModelWrapper, optimizer: Optimizer) -> None:
    def fails(_iteration: Iteration) -> None:
        raise LookupError("of the caller")

    with pytest.raises(LookupError, match="of the caller"):
        model.optimize(optimizer, fails)
    assert model.optimize(optimizer)["total"]["iterations"] > 3


def test_cancel_ends_the_run_at_its_next_iteration(model: RtModelWrapper, optimizer: Optimizer) -> None:
    seen: list[int] = []

    def cancels(iteration: Iteration) -> None:
        seen.append(iteration.iteration)
        if len(seen) == 2:
            optimizer.cancel()

    result = model.optimize(optimizer, cancels)
    # The iteration under way is finished, but nobody hears of it any more.
    assert len(seen) == 2
    assert result["total"]["iterations"] <= 3


def test_missing_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("RTMODEL_LIBRARY", str(tmp_path / "none.so"))
    with pytest.raises(RtModelError, match=r"scripts/setup --tests or set RTMODEL_LIBRARY"):
        find_library()
