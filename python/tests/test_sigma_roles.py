"""Schedules, sigmas and variances: what they learn is what made runs cheap, and what they answer keeps the contract."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from test_networks import worst_difference

from dh_training.levels import averaging, halved, level_grid
from dh_training.measuring import Measured
from dh_training.networks.distribution import plan_features
from dh_training.networks.structure_sigmas import StructureSigmaNetwork
from dh_training.networks.variance import VarianceNetwork
from dh_training.packages import ModelDescription, open_session, write_package
from dh_training.problems import ModelInputs, Problem
from dh_training.rtmodel import Iteration, Prescription, RtModelWrapper
from dh_training.training import histogram_sigma, pyramid_sigma, variance
from dh_training.training.fit import FitOptions, fit
from dh_training.training.histogram_sigma import STARTS, HistogramSigmaConfig, HistogramSigmaRole
from dh_training.training.pyramid_sigma import PyramidSigmaConfig, PyramidSigmaRole, costs_of
from dh_training.training.role import Split
from dh_training.training.schedules import Candidates
from dh_training.training.variance import VarianceConfig, VarianceRole, VarianceTask, bounds_gy2
from dh_training.training.warm_start import tensors

LONG, SHORT = ((30, 6), (10, 10)), ((10, 4),)
CANDIDATES = Candidates(flat=(LONG, SHORT), learned=(SHORT, (), ((8, 2), (4, 3))))
CONFIG = PyramidSigmaConfig(candidates=CANDIDATES, width=6, noise=0.0)
OPTIONS = FitOptions(steps=150, accumulate=4, check_every=50, warm_up_steps=5, learning_rate=0.01)


def random_network(make: Callable[[], torch.nn.Module]) -> torch.nn.Module:
    """Every parameter away from zero, so that each has a slope to check."""
    torch.manual_seed(3)
    network = make()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    return network


def scaled(inputs: ModelInputs, volume: float) -> ModelInputs:
    """The same plan with structures of other sizes."""
    structures = inputs.structures.copy()
    structures[:, 7] *= volume
    return replace(inputs, structures=structures)


def run(calls: float, final: float) -> np.ndarray:
    """Reaches `final` after `calls` and stays there."""
    return np.array([[1.0, calls, 200.0], [50.0, final, final]], dtype=np.float32)


def measured_schedules(inputs: ModelInputs, is_large: bool) -> Measured:
    """Large structures need the long schedule, small ones lose by it; learned weights need none."""
    runs = {"flat_0": run(60.0, 10.0), "flat_1": run(90.0, 12.0) if is_large else run(30.0, 10.0)}
    runs |= {"learned_0": run(40.0, 10.0), "learned_1": run(20.0, 10.0), "learned_2": run(35.0, 10.0)}
    return Measured(str(is_large), scaled(inputs, 5.0 if is_large else 0.2), runs)


@pytest.fixture
def schedules(problems: dict[str, Problem]) -> list[Measured]:
    kinds = [problem.inputs for problem in problems.values()]
    return [measured_schedules(inputs, is_large) for inputs in kinds for is_large in (True, False)]


def test_cost_is_calls_to_the_goal_or_all_of_them_and_a_penalty(problems: dict[str, Problem]) -> None:
    told = costs_of(measured_schedules(problems["c-shape"].inputs, True), CONFIG.cost)
    np.testing.assert_allclose(told.cost[0, :2], [60.0, 200.0 + CONFIG.cost.penalty_calls])
    assert told.is_reached[0].tolist() == [True, False, False]
    np.testing.assert_allclose(told.cost[1], [40.0, 20.0, 35.0])
    np.testing.assert_allclose(told.final[0, :2], [1.0, 1.2])
    assert np.isnan(told.cost[0, 2])


def test_pyramid_sigma_learns_which_plan_needs_which_schedule(schedules: list[Measured], tmp_path: Path) -> None:
    role = PyramidSigmaRole()
    task = role.task(CONFIG, "cpu")
    role.prepare(task, schedules)
    assert [task.choose(one)[1] for one in schedules] == [1] * len(schedules)  # the mean alone says this
    fit(task, schedules, schedules, tmp_path, OPTIONS)
    assert [task.choose(one) for one in schedules] == [[0, 1], [1, 1]] * 3
    assert np.mean([task.figure(one) for one in schedules]) == pytest.approx((60 + 20 + 30 + 20) / 4)


def test_pyramid_sigma_answers_with_whole_schedules_and_refuses_dh(
    schedules: list[Measured], problems: dict[str, Problem]
) -> None:
    role = PyramidSigmaRole()
    task = role.task(CONFIG, "cpu")
    role.prepare(task, schedules)
    structures, beams, *_ = tensors(problems["c-shape"].inputs)
    with torch.no_grad():
        flat = task.network(structures, beams, torch.tensor([1.0, 0.0]))
        learned = task.network(structures, beams, torch.tensor([1.0, 1.0]))
        of_dh = task.network(structures, beams, torch.tensor([0.0, 0.0]))
    assert [part.tolist() for part in flat[:2]] == [[30, 10], [6, 10]]
    assert [part.tolist() for part in learned[:2]] == [[2.5, 2.5], [0, 0]]
    assert float(of_dh[2]) > 1


@pytest.mark.parametrize(
    ("flat", "words"), [((LONG,), "at least two"), ((LONG, ((5, 4), (10, 4))), "must fall"), ((LONG, ((1, 4),)), "2.5")]
)
def test_schedules_that_cannot_be_are_refused(flat: tuple, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Candidates(flat=flat)


def measured_factors(inputs: ModelInputs, wanted: np.ndarray, seed: int) -> Measured:
    """Runs that cost least when every structure's factor is as wanted."""
    rng = np.random.default_rng(seed)
    arrays = {}
    for start in STARTS:
        factors = np.exp(rng.uniform(-0.4, 0.4, (6, len(inputs.structures)))).astype(np.float32)
        factors[0] = 1.0
        arrays[f"{start}_factors"] = factors
        for k, one in enumerate(factors):
            arrays[f"{start}_{k}"] = run(40.0 * np.exp(np.square(np.log(one) - np.log(wanted)).sum()), 10.0)
    return Measured("patient", inputs, arrays)


def test_histogram_sigma_learns_the_factors_that_cost_least(problems: dict[str, Problem], tmp_path: Path) -> None:
    kinds = [problem.inputs for problem in problems.values()]

    def wanted(inputs: ModelInputs) -> np.ndarray:
        return np.where(inputs.structures[:, 0] > 0, 1.3, 0.8)

    items = [measured_factors(inputs, wanted(inputs), seed) for inputs in kinds for seed in range(8)]
    role = HistogramSigmaRole()
    task = role.task(HistogramSigmaConfig(draws=5, quality=0.0), "cpu")
    role.prepare(task, items)
    structures, beams, *_ = tensors(kinds[0])
    with torch.no_grad():
        np.testing.assert_array_equal(task.network(structures, beams)[0].numpy(), 1.0)
    fit(task, items, items, tmp_path, replace(OPTIONS, steps=600))
    for inputs in kinds:
        structures, beams, *_ = tensors(inputs)
        with torch.no_grad():
            factors = task.network(structures, beams)[0].numpy()
        np.testing.assert_allclose(factors, wanted(inputs), rtol=0.12)


def test_histogram_sigma_stays_within_its_reach(problems: dict[str, Problem]) -> None:
    network = random_network(lambda: StructureSigmaNetwork(6, 1.5))
    for problem in problems.values():
        structures, beams, *_ = tensors(problem.inputs)
        with torch.no_grad():
            factors = network(structures * 3.0, beams)[0]
        assert float(factors.min()) >= 1 / 1.5 - 1e-6 and float(factors.max()) <= 1.5 + 1e-6
    with pytest.raises(ValueError, match="must be above 1"):
        HistogramSigmaConfig(largest_factor=1.0)


def test_levels_are_the_optimizers_and_averages_keep_a_constant(
    model: RtModelWrapper, plan: Prescription, problems: dict[str, Problem]
) -> None:
    sizes: dict[int, int] = {}

    def watch(at: Iteration) -> bool:
        sizes[at.level] = len(at.adaptive_variance)
        return True

    optimizer = model.create_optimizer(plan, "dh", "incremental")
    optimizer.set_run_options(max_iterations=1)
    model.optimize(optimizer, watch)
    norm = problems["c-shape"].inputs.column_norm
    for level, size in sizes.items():
        rows, columns = level_grid(plan.rows, plan.columns, level)
        assert rows * columns * plan.beams == size
        average = averaging(norm, level)
        assert average.shape == (size, norm.size)
        totals = average.sum(axis=1)
        assert set(np.round(totals, 5)) <= {0.0, 1.0}
        assert (average[:, norm.ravel() == 0] == 0).all()
    assert [halved(count) for count in (39, 19, 9, 8, 2, 1)] == [19, 9, 5, 4, 1, 1]


def recorded(inputs: ModelInputs) -> Measured:
    """Shares that fall with the iterations, faster for beamlets that give much."""
    strength = inputs.column_norm.ravel() / inputs.column_norm.max()
    arrays = {}
    for level in range(4):
        for done in (1, 15, 100):
            arrays[f"share_{level}_{done}"] = averaging(inputs.column_norm, level) @ np.exp(-done * strength / 10.0)
    return Measured("patient", inputs, {name: share.astype(np.float32) for name, share in arrays.items()})


def test_variance_learns_how_the_search_narrows_it(problems: dict[str, Problem], tmp_path: Path) -> None:
    items = [recorded(problem.inputs) for problem in problems.values()]
    role = VarianceRole()
    task = role.task(VarianceConfig(width=12), "cpu")
    role.prepare(task, items)
    before = np.mean([task.figure(one) for one in items])
    assert fit(task, items, items, tmp_path, replace(OPTIONS, steps=400)) < 0.1 * before
    inputs = items[0].inputs
    early, late = (task.shares(inputs, 0, phase) for phase in (0.0, 1.0))
    active = inputs.column_norm.ravel() > 0
    assert early[active].mean() > 0.8 > 0.4 > late[active].mean()
    assert (early[~active] == 0).all()


def test_recorded_variance_is_between_its_bounds(
    model: RtModelWrapper, plan: Prescription, problems: dict[str, Problem]
) -> None:
    told = variance.PlanToMeasure(model, plan, problems["c-shape"].inputs)
    shares = variance.CovarianceRuns(4)(told)
    assert {"share_3_1", "share_0_4"} <= shares.keys()
    for name, share in shares.items():
        assert share.min() >= -1e-6 and share.max() <= 1 + 1e-6, name
    assert shares["share_0_4"].mean() < shares["share_0_1"].mean()
    lower, upper = bounds_gy2(2.5)
    objective = plan.objective()
    objective.set_variance(np.full(plan.beamlets, 2 * upper))  # clamped to the same bounds by the optimizer
    weights = np.where(plan.excluded(), 0.0, 0.05)
    beyond = objective.value(weights)
    objective.set_variance(np.full(plan.beamlets, upper))
    assert objective.value(weights) == beyond
    assert lower < upper


def test_gradients_are_finite_differences(problems: dict[str, Problem]) -> None:
    inputs = problems["c-shape"].inputs
    structures, _, mean, highest, norm = (value.double() for value in tensors(inputs))
    schedules = random_network(lambda: pyramid_sigma.fresh_network(CANDIDATES, 6)).double()
    features = torch.rand(1, 17, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    assert worst_difference(schedules, lambda: schedules.costs(features).square().sum()) < 1e-4
    sigmas = random_network(lambda: StructureSigmaNetwork(6, 1.5)).double()
    factors = torch.linspace(0.7, 1.4, len(structures), dtype=torch.float64).unsqueeze(0)
    assert worst_difference(sigmas, lambda: sigmas.change(structures, factors).square().sum()) < 1e-4
    network = random_network(lambda: VarianceNetwork(6)).double()
    at = torch.tensor([1.0, 0.3, 0.8], dtype=torch.float64)
    target = torch.rand(norm.shape, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    inputs = structures, mean, highest, norm, at
    assert worst_difference(network, lambda: (network.predict(*inputs) * target).sum()) < 1e-4


def test_order_of_structures_and_beams_does_not_matter(problems: dict[str, Problem]) -> None:
    structures, beams, mean, highest, norm = tensors(problems["head-neck"].inputs)
    at = torch.tensor([1.0, 0.3, 0.8])
    network = random_network(lambda: VarianceNetwork(6))
    sigmas = random_network(lambda: StructureSigmaNetwork(6, 1.5))
    schedules = random_network(lambda: pyramid_sigma.fresh_network(CANDIDATES, 6))
    with torch.no_grad():
        share = network(structures, beams, mean, highest, norm, at)[0]
        turned = network(structures.flip(0), beams.flip(0), mean.flip(0, 3), highest.flip(0, 3), norm.flip(0), at)[0]
        np.testing.assert_allclose(turned.flip(0).numpy(), share.numpy(), atol=1e-5)
        factors, swapped = sigmas(structures, beams)[0], sigmas(structures.flip(0), beams.flip(0))[0]
        np.testing.assert_allclose(swapped.flip(0).numpy(), factors.numpy(), rtol=1e-5)
        one, other = (plan_features(structures, beams), plan_features(structures.flip(0), beams.flip(0)))
        np.testing.assert_allclose(schedules.costs(one).numpy(), schedules.costs(other).numpy(), atol=1e-4)


@pytest.mark.parametrize("name", ["pyramid-sigma", "histogram-sigma", "variance"])
def test_graph_answers_as_pytorch_on_plans_it_was_not_traced_with(
    name: str, problems: dict[str, Problem], tmp_path: Path
) -> None:
    plans = [problem.inputs for problem in problems.values()]
    if name == "pyramid-sigma":
        network, extra = random_network(lambda: pyramid_sigma.fresh_network(CANDIDATES, 6)), {"context": (1.0, 0.0)}
        questions, role = [(one.structures, one.beams) for one in plans], PyramidSigmaRole()
    elif name == "histogram-sigma":
        network, extra = random_network(lambda: StructureSigmaNetwork(6, 1.5)), {}
        questions, role = [(one.structures, one.beams) for one in plans], HistogramSigmaRole()
    else:
        network, extra = random_network(lambda: VarianceNetwork(6)), {"context": (2.0, 0.4, 1.2)}
        questions, role = [tuple(vars(one).values()) for one in plans], VarianceRole()
    fields = ["structures", "beams", "structure_mean_dose", "structure_max_dose", "column_norm"]
    context = {key: np.array(value, dtype=np.float32) for key, value in extra.items()}
    golden = {str(k): dict(zip(fields, one, strict=False)) | context for k, one in enumerate(questions)}
    ports = {
        "pyramid-sigma": (pyramid_sigma.INPUTS, pyramid_sigma.outputs_of(CANDIDATES)),
        "histogram-sigma": (histogram_sigma.INPUTS, histogram_sigma.OUTPUTS),
        "variance": (variance.INPUTS, variance.OUTPUTS),
    }[name]
    training = {"data_sha256": "0", "cases": 1, "seed": 1, "command": "pytest"}
    description = ModelDescription(name, "1", role.plugin_role, *ports, None, training, {})
    package = write_package(network.eval(), description, {"0": golden["0"]}, "# A card", tmp_path)
    session = open_session(package / "model.onnx")
    # The host compares extents, too: a number in the graph must be one in the description.
    for port, made in zip((*ports[0], *ports[1]), (*session.get_inputs(), *session.get_outputs()), strict=True):
        assert [extent if isinstance(extent, int) else "free" for extent in made.shape] == [
            extent if isinstance(extent, int) else "free" for extent in port.shape
        ], port.name
    for asked in golden.values():
        with torch.no_grad():
            expected = network(*(torch.from_numpy(value) for value in asked.values()))
        for answer, wanted in zip(session.run(None, asked), expected, strict=True):
            np.testing.assert_allclose(answer, wanted.numpy(), rtol=1e-4, atol=1e-5)


def test_split_is_told_apart_by_identity(problems: dict[str, Problem]) -> None:
    # The costs of a problem are kept by it; equal inputs may have other runs.
    one, other = (measured_schedules(problems["c-shape"].inputs, True) for _ in range(2))
    assert one != other
    assert Split([one], [other]).train[0] is one
    assert isinstance(VarianceTask(VarianceNetwork(4), VarianceConfig()).network, VarianceNetwork)
