"""Learned steps: what they are judged by, where they begin, and that training through them makes them better."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from dh_training.corpus import CorpusOptions, Sample
from dh_training.networks.direction import DirectionNetwork
from dh_training.networks.direction_model import DirectionModel
from dh_training.packages import ModelDescription, open_session, write_package
from dh_training.problems import Problem, ProblemOptions, make_problem
from dh_training.rtmodel import RtModelWrapper
from dh_training.training.direction import _golden, _ports
from dh_training.training.fit import TrainingError
from dh_training.training.role import Sources
from dh_training.training.unroll import (
    PLACES,
    DirectionTask,
    Start,
    UnrollOptions,
    evaluate,
    own_iterations,
    smoothed_weights,
)
from dh_training.training.warm_start import flat_weights, tensors

STEPS = 3


@pytest.fixture(scope="module")
def start(problems: dict[str, Problem]) -> Start:
    sample = Sample.of(problems["c-shape"])
    return Start(sample, flat_weights(sample.problem.inputs))


@pytest.fixture
def task() -> DirectionTask:
    torch.manual_seed(2)
    network = DirectionNetwork(width=8, image_width=4, memory=4, pairs=2, image_size=8)
    return DirectionTask(UnrollOptions(steps=STEPS), network)


def test_evaluation_is_the_objective_with_its_slope(start: Start) -> None:
    found = evaluate(start.sample, start.learned, [2.5, 5.0])
    direction = torch.randn(start.learned.shape, generator=torch.Generator().manual_seed(1)) * 1e-4
    ahead, behind = (evaluate(start.sample, start.learned + s * direction, [2.5, 5.0]).values for s in (1, -1))
    for value, (gradient, difference) in enumerate(zip(found.gradients, (ahead - behind) / 2, strict=True)):
        assert float((gradient * direction).sum()) == pytest.approx(float(difference), rel=0.1), value


def test_solvers_own_iterations_go_downhill_inside_the_bounds(start: Start) -> None:
    before = float(evaluate(start.sample, start.learned, [5.0]).values[0])
    _, once, twice = own_iterations(start.sample, start.learned, [5.0])
    smoothed = smoothed_weights(start.sample, start.learned, 5.0, 10)
    after = [float(place.found.values[0]) for place in (twice, once)]
    assert float(evaluate(start.sample, smoothed, [5.0]).values[0]) < after[0] < after[1] < before
    for weights in (once.weights, twice.weights, smoothed):
        assert float(weights.min()) >= 0 and float(weights.max()) <= 0.2
    excluded = torch.from_numpy(start.sample.problem.inputs.column_norm == 0)
    assert bool((smoothed[excluded] == 0).all())


@pytest.mark.parametrize("place", PLACES)
def test_steps_in_a_row_tell_what_each_was_asked(task: DirectionTask, start: Start, place: str) -> None:
    with torch.no_grad():
        loss, end, moments = task.unrolled(start.sample, task.start_at(start, place), place)
    assert np.isfinite(float(loss))
    assert [float(moment.context[2]) for moment in moments] == [0.0, 1.0, 2.0]
    assert {float(moment.context[1]) for moment in moments} == {5.0 if place == "smooth" else 2.5}
    first, second, third = (moment.gradient_changes.abs().amax(dim=(1, 2, 3)).tolist() for moment in moments)
    assert first[0] > 0 == first[1] and second[1] == first[0] and third[1] == second[0]
    assert float(moments[0].memory.abs().max()) == 0 < float(moments[1].memory.abs().max())
    torch.testing.assert_close(moments[1].weights, moments[0].weights + moments[1].steps[0])
    assert float(end.min()) >= 0 and float(end.max()) <= 0.2


def test_mirrored_steps_are_the_mirror_image(task: DirectionTask, start: Start) -> None:
    _, end, _ = task.unrolled(start.sample, start.learned, "sharp")
    _, again, _ = task.unrolled(start.sample, start.learned, "sharp", is_mirrored=True)
    # The plan itself stays as it is; only what the network sees is turned, and turned back.
    assert end.shape == again.shape
    torch.testing.assert_close(end, again, atol=1e-4, rtol=1e-3)


def test_gradient_of_a_step_is_that_of_the_objective(task: DirectionTask, start: Start) -> None:
    task.options = replace(task.options, steps=1)
    loss, _, _ = task.unrolled(start.sample, start.learned, "smooth")
    loss.backward()
    assert task.network.head.bias.grad is not None
    for channel, slope in enumerate(task.network.head.bias.grad.tolist()):
        values = []
        for sign in (1, -1):
            with torch.no_grad():
                task.network.head.bias[channel] += sign * 0.02
                values.append(float(task.unrolled(start.sample, start.learned, "smooth")[0]))
                task.network.head.bias[channel] -= sign * 0.02
        assert slope == pytest.approx((values[0] - values[1]) / 0.04, abs=2e-3, rel=0.1), channel


def test_training_through_the_steps_makes_them_better(task: DirectionTask, start: Start) -> None:
    optimizer = torch.optim.Adam(task.network.parameters(), lr=3e-3)
    losses = []
    for _ in range(30):
        optimizer.zero_grad()
        loss, _, _ = task.unrolled(start.sample, start.learned, "smooth")
        loss.backward()
        optimizer.step()
        losses.append(float(loss))
    assert losses[-1] < losses[0] - 0.02
    assert all(parameter.grad is not None for parameter in task.network.parameters())


def test_graph_answers_as_pytorch_on_other_shapes(
    task: DirectionTask, model: RtModelWrapper, phantoms: Path, tmp_path: Path
) -> None:
    model_of = DirectionModel(task.network)
    inputs, outputs = _ports(task.network)
    description = ModelDescription(
        id="learned-direction",
        version="1",
        role="step-direction",
        inputs=inputs,
        outputs=outputs,
        batch_axis=None,
        training={},
        ranges={},
    )
    folder = write_package(model_of, description, _golden(task, [port.name for port in inputs]), "# A card", tmp_path)
    options = ProblemOptions(beam_count=6, beamlet_mm=10.0)
    for kind, window_mm in (("head-neck", 15.0), ("prostate", None)):
        problem = make_problem(model, phantoms / kind, replace(options, window_mm=window_mm), tmp_path)
        with torch.no_grad():
            _, _, moments = task.unrolled(Sample.of(problem), flat_weights(problem.inputs), "sharp")
            question = (*tensors(problem.inputs), *moments[-1])
            wanted = model_of(*question)
        asked = {port.name: value.numpy() for port, value in zip(inputs, question, strict=True)}
        answered = open_session(folder / "model.onnx").run([port.name for port in outputs], asked)
        for have, want in zip(answered, wanted, strict=True):
            np.testing.assert_allclose(have, want.numpy(), rtol=1e-3, atol=1e-5)


def test_score_tells_usual_questions_from_others(task: DirectionTask, problems: dict[str, Problem]) -> None:
    model = DirectionModel(task.network)
    questions = []
    for problem in problems.values():
        _, _, moments = task.unrolled(Sample.of(problem), flat_weights(problem.inputs), "sharp")
        questions += [(*tensors(problem.inputs), *moment) for moment in moments]
    with torch.no_grad():
        detached = [tuple(value.detach() for value in question) for question in questions]
        model.fit([tensors(problem.inputs) for problem in problems.values()], detached)
        inside = [float(model(*question)[2]) for question in detached]
        structures, *rest = detached[0]
        tenfold = structures.clone()
        tenfold[:, 4:7] *= 10.0
        other_plan = float(model(tenfold, *rest)[2])
        rest[8] = rest[8] * torch.tensor([1e3, 1.0, 1.0])
        other_moment = float(model(structures, *rest)[2])
    assert max(inside) == pytest.approx(0.8, abs=0.001)  # the most distant is 1.25 times within a threshold
    assert other_plan > 1
    assert other_moment > 1


def test_package_to_begin_from_is_missed_by_name(tmp_path: Path) -> None:
    sources = Sources((), tmp_path, CorpusOptions(), "0" * 64)
    with pytest.raises(TrainingError, match="give the folder of its package with --models"):
        sources.package_of("warm-start")
    with pytest.raises(TrainingError, match="train warm-start first"):
        replace(sources, models=tmp_path).package_of("warm-start")
    for version in ("2", "10"):
        (tmp_path / "warm-start" / version).mkdir(parents=True)
        (tmp_path / "warm-start" / version / "model.yaml").write_text("")
    assert replace(sources, models=tmp_path).package_of("warm-start").name == "10"
