"""Networks: gradients are those of finite differences, nothing in them is bound to a device or a plan's dimensions."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from dh_training.networks.convergence import ConvergenceNetwork, laplace_loss
from dh_training.networks.direction import DirectionNetwork, Moment, lbfgs_direction
from dh_training.networks.direction_model import DirectionModel
from dh_training.networks.fluence import FluenceNetwork
from dh_training.networks.warm_start import WarmStartModel
from dh_training.problems import ModelInputs, Problem
from dh_training.training.warm_start import tensors

SMALL = {"width": 6, "image_width": 4, "rounds": 2, "image_size": 8}


def small_fluence() -> FluenceNetwork:
    torch.manual_seed(3)
    network = FluenceNetwork(**SMALL)
    for parameter in network.parameters():  # also those that start at zero have a slope to check
        torch.nn.init.normal_(parameter, std=0.3)
    return network


def worst_difference(
    network: torch.nn.Module, loss: Callable[[], torch.Tensor], probes: int = 40, step: float = 1e-6
) -> float:
    """Largest relative difference of slopes along random directions in the space of all parameters."""
    parameters = list(network.parameters())
    slopes = torch.autograd.grad(loss(), parameters)
    rng = torch.Generator().manual_seed(5)
    worst = 0.0
    for probe in range(probes):
        parameter, slope = parameters[probe % len(parameters)], slopes[probe % len(parameters)]
        direction = torch.randn(parameter.shape, generator=rng, dtype=parameter.dtype)
        values = []
        for sign in (1, -1):
            with torch.no_grad():
                parameter += sign * step * direction
                values.append(float(loss()))
                parameter -= sign * step * direction
        expected = (values[0] - values[1]) / (2 * step)
        actual = float((slope * direction).sum())
        worst = max(worst, abs(actual - expected) / max(abs(expected), abs(actual), 1e-4))
    return worst


def test_fluence_gradients_are_finite_differences(problems: dict[str, Problem]) -> None:
    # Some releases of PyTorch return wrong gradients of single operations without a word, GELU on the CPU for one.
    network = small_fluence().double()
    inputs = tuple(value.double() for value in tensors(problems["c-shape"].inputs))
    target = torch.rand(inputs[4].shape, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    count = len(list(network.parameters()))
    assert worst_difference(network, lambda: (network(*inputs) * target).sum(), probes=count) < 1e-4


def test_single_precision_gradients_agree_with_double(problems: dict[str, Problem]) -> None:
    single, double = small_fluence(), small_fluence().double()
    inputs = tensors(problems["c-shape"].inputs)
    single(*inputs).square().sum().backward()
    double(*(value.double() for value in inputs)).square().sum().backward()
    for a, b in zip(single.parameters(), double.parameters(), strict=True):
        assert a.grad is not None and b.grad is not None
        assert float((a.grad.double() - b.grad).norm()) <= 1e-3 * float(b.grad.norm()) + 1e-9


def test_convergence_gradients_are_finite_differences() -> None:
    torch.manual_seed(3)
    network = ConvergenceNetwork(width=6).double()
    rng = torch.Generator().manual_seed(4)
    history = torch.rand(5, 10, 4, generator=rng, dtype=torch.float64)
    history[:, :, 3] = 1
    state = torch.rand(5, 6, generator=rng, dtype=torch.float64)
    wanted = -torch.rand(5, generator=rng, dtype=torch.float64)
    # A heavier tail than differences resolve is the point of this loss: compare away from its kink.
    assert worst_difference(network, lambda: laplace_loss(*network.predict(history, state), wanted)) < 1e-3


def small_direction() -> DirectionNetwork:
    torch.manual_seed(3)
    network = DirectionNetwork(width=6, image_width=4, memory=3, pairs=2, image_size=8)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.3)
    return network


def moment(inputs: ModelInputs, dtype: torch.dtype = torch.float32) -> Moment:
    """Somewhere in the middle of a stage."""
    rng = torch.Generator().manual_seed(4)
    shape = inputs.column_norm.shape

    def drawn(*extents: int) -> torch.Tensor:
        return torch.rand(*extents, generator=rng, dtype=torch.float64).to(dtype)

    context = torch.tensor([20.0, 2.5, 1.0], dtype=dtype)
    steps = 0.01 * (drawn(2, *shape) - 0.5)
    changes = 500 * steps + (drawn(2, *shape) - 0.5)
    return Moment(0.1 * drawn(*shape), 20 * (drawn(*shape) - 0.5), steps, changes, context, drawn(*shape, 3))


def test_direction_gradients_are_finite_differences(problems: dict[str, Problem]) -> None:
    network = small_direction().double()
    inputs = problems["c-shape"].inputs
    plan = network.prepare(*(value.double() for value in tensors(inputs)))
    now = moment(inputs, torch.float64)
    target = torch.rand(inputs.column_norm.shape, generator=torch.Generator().manual_seed(4), dtype=torch.float64)

    def loss() -> torch.Tensor:
        change, memory = network(plan, now)
        again, _ = network(plan, now._replace(weights=now.weights + 0.01 * change, memory=memory))
        return ((again * target).sum() * 10.0) + memory.sum()

    count = len(list(network.parameters()))
    assert worst_difference(network, loss, probes=count) < 1e-4


def test_direction_in_single_precision_agrees_with_double(problems: dict[str, Problem]) -> None:
    inputs = problems["c-shape"].inputs
    answers, slopes = [], []
    for dtype in (torch.float32, torch.float64):
        network = small_direction().to(dtype)
        plan = network.prepare(*(value.to(dtype) for value in tensors(inputs)))
        change, memory = network(plan, moment(inputs, dtype))
        (change.square().sum() * 1e3 + memory.sum()).backward()
        answers.append(change.detach().double())
        slopes.append([parameter.grad.double() for parameter in network.parameters() if parameter.grad is not None])
    np.testing.assert_allclose(answers[0].numpy(), answers[1].numpy(), rtol=1e-3, atol=1e-6)
    assert len(slopes[0]) == len(list(small_direction().parameters()))
    for single, double in zip(*slopes, strict=True):
        assert float((single - double).norm()) <= 1e-3 * float(double.norm()) + 1e-6


def test_lbfgs_direction_obeys_the_secant_equation() -> None:
    rng = torch.Generator().manual_seed(6)
    steps = torch.randn(3, 2, 4, generator=rng, dtype=torch.float64)
    curvature = 1.0 + torch.rand(2, 4, generator=rng, dtype=torch.float64)
    changes = steps * curvature
    free, scale = torch.ones(2, 4, dtype=torch.float64), torch.tensor(7.0, dtype=torch.float64)
    torch.testing.assert_close(lbfgs_direction(changes[0], steps, changes, free, scale), -steps[0])
    # Held components go by the scale alone and do not bend the others.
    free[0, 1] = 0
    slope = changes[0].clone()
    slope[0, 1] = 3.0
    held = lbfgs_direction(slope, steps, changes, free, scale)
    assert float(held[0, 1]) < 0
    torch.testing.assert_close(held * free, -steps[0] * free)


def test_lbfgs_direction_leaves_out_what_is_no_pair() -> None:
    rng = torch.Generator().manual_seed(6)
    slope, step = torch.randn(2, 4, generator=rng, dtype=torch.float64)
    free, scale = torch.ones(4, dtype=torch.float64), torch.tensor(0.1, dtype=torch.float64)
    for change in (torch.zeros_like(step), -step):  # unknown; curved the other way
        steps, changes = torch.stack([step, step * 0]), torch.stack([change, step * 0])
        torch.testing.assert_close(lbfgs_direction(slope, steps, changes, free, scale), -0.1 * slope)
    # An older pair serves when the newest is none.
    steps, changes = torch.stack([step, step]), torch.stack([-step, 2.0 * step])
    torch.testing.assert_close(lbfgs_direction(2.0 * step, steps, changes, free, scale), -step)


def test_untrained_direction_is_downhill_and_bounded(problems: dict[str, Problem]) -> None:
    inputs = problems["head-neck"].inputs
    model = DirectionModel(DirectionNetwork(width=6, image_width=4, memory=3, pairs=2, image_size=8))
    now = moment(inputs)
    with torch.no_grad():
        step, memory, _ = model(*tensors(inputs), *now)
    excluded = torch.from_numpy(inputs.column_norm == 0)
    assert bool((step[excluded] == 0).all())
    assert float((step * now.gradient).sum()) < 0
    after = now.weights + step
    assert float(after[~excluded].min()) >= 0 and float(after.max()) <= 0.2 + 1e-7
    assert memory.shape == now.memory.shape and float(memory.abs().max()) <= 1


def test_direction_does_not_depend_on_the_order_of_structures_and_beams(problems: dict[str, Problem]) -> None:
    network = small_direction()
    inputs = problems["head-neck"].inputs
    structures, beams, mean, maximum, norm = tensors(inputs)
    now = moment(inputs)
    turned_now = Moment(
        weights=now.weights.flip(0),
        gradient=now.gradient.flip(0),
        steps=now.steps.flip(1),
        gradient_changes=now.gradient_changes.flip(1),
        context=now.context,
        memory=now.memory.flip(0),
    )
    with torch.no_grad():
        change, _ = network(network.prepare(structures, beams, mean, maximum, norm), now)
        other, _ = network(network.prepare(structures.flip(0), beams, mean.flip(3), maximum.flip(3), norm), now)
        plan = network.prepare(structures, beams.flip(0), mean.flip(0), maximum.flip(0), norm.flip(0))
        turned, _ = network(plan, turned_now)
    np.testing.assert_allclose(other.numpy(), change.numpy(), atol=1e-5)
    np.testing.assert_allclose(turned.flip(0).numpy(), change.numpy(), atol=1e-5)


@pytest.mark.parametrize("kind", ["c-shape", "prostate", "head-neck"])
def test_weights_are_in_range_and_zero_where_excluded(problems: dict[str, Problem], kind: str) -> None:
    inputs = problems[kind].inputs
    with torch.no_grad():
        weights = small_fluence()(*tensors(inputs)).numpy()
    assert weights.shape == inputs.column_norm.shape
    assert (weights[inputs.column_norm == 0] == 0).all()
    active = weights[inputs.column_norm > 0]
    assert (active > 0).all() and (active < 0.2).all()


def test_order_of_structures_and_beams_does_not_matter(problems: dict[str, Problem]) -> None:
    network = small_fluence()
    structures, beams, mean, maximum, norm = tensors(problems["head-neck"].inputs)
    with torch.no_grad():
        weights = network(structures, beams, mean, maximum, norm)
        other = network(structures.flip(0), beams, mean.flip(3), maximum.flip(3), norm)
        turned = network(structures, beams.flip(0), mean.flip(0), maximum.flip(0), norm.flip(0))
    np.testing.assert_allclose(other.numpy(), weights.numpy(), atol=1e-6)
    np.testing.assert_allclose(turned.flip(0).numpy(), weights.numpy(), atol=1e-6)


def test_nothing_is_bound_to_the_cpu(problems: dict[str, Problem], monkeypatch: pytest.MonkeyPatch) -> None:
    # Tensors without memory stand for those of a GPU. Some operations let them meet those of the CPU, so whatever makes
    # a tensor must also be told the device.
    def told_the_device(make: Callable[..., torch.Tensor]) -> Callable[..., torch.Tensor]:
        def checked(*args: object, **options: object) -> torch.Tensor:
            assert "device" in options, f"{make.__name__} without a device"
            return make(*args, **options)

        return checked

    network = small_fluence().to("meta")
    direction = small_direction().to("meta")
    inputs = tensors(problems["c-shape"].inputs, "meta")
    now = Moment(*(value.to("meta") for value in moment(problems["c-shape"].inputs)))
    for name in ("arange", "linspace", "zeros", "ones", "full", "eye", "tensor"):
        monkeypatch.setattr(torch, name, told_the_device(getattr(torch, name)))
    assert network(*inputs).device.type == "meta"
    assert direction(direction.prepare(*inputs), now)[0].device.type == "meta"


def test_score_tells_usual_plans_from_others(problems: dict[str, Problem]) -> None:
    model = WarmStartModel(small_fluence())
    usual = [tensors(problem.inputs) for problem in problems.values()]
    model.fit(usual)
    structures, *rest = usual[0]
    with torch.no_grad():
        inside = [float(model(*plan)[1]) for plan in usual]
        tenfold = structures.clone()
        tenfold[:, 4:7] *= 10.0
        outside = float(model(tenfold, *rest)[1])
    assert max(inside) == pytest.approx(0.8, abs=0.001)  # the most distant one is 1.25 times within the threshold
    assert outside > 1
