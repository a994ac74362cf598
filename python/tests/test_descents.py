"""The descents that `warm-start` is drawn to: from where the network says, and the loss falls towards their ends."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import COARSE

from dh_training.corpus import CorpusOptions, Sample, WholeTargets
from dh_training.measuring import MeasuringError, PlanToMeasure
from dh_training.networks.fluence import FluenceNetwork
from dh_training.problems import Problem, from_prescription
from dh_training.rtmodel import Prescription, RtModelWrapper
from dh_training.training.descents import FOLDER, Descent, DescentOptions, distance, measure_descents, with_ends
from dh_training.training.fit import TrainingError
from dh_training.training.role import Sources
from dh_training.training.warm_start import WarmStartOptions, WarmStartTask

OPTIONS = DescentOptions(distance_weight=5.0, iterations=5, whole_target_iterations=3)


@pytest.fixture(scope="module")
def network() -> FluenceNetwork:
    torch.manual_seed(1)
    return FluenceNetwork(width=8, image_width=4, rounds=2, image_size=8)


@pytest.fixture(scope="module")
def sources(phantoms: Path, network: FluenceNetwork, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    folder = tmp_path_factory.mktemp("descents")
    torch.save({"network": network.state_dict()}, folder / "best.pt")
    options = CorpusOptions(variants=2, dev_share=0.4, whole_targets=WholeTargets(train=1, dev=0))
    cases = tuple(sorted(phantoms.iterdir()))
    return Sources(cases, folder, options, "digest", measured=folder, begin=folder / "best.pt")


def test_descent_begins_at_the_networks_start_and_ends_lower(
    model: RtModelWrapper, plan: Prescription, network: FluenceNetwork
) -> None:
    problem = from_prescription("c-shape", COARSE, plan)
    sample = Sample.of(problem)
    task = WarmStartTask(WarmStartOptions(), network)
    end = Descent(network, OPTIONS)(PlanToMeasure(model, plan, problem.inputs))["end"]
    assert end.shape == problem.inputs.column_norm.shape
    assert float(task.divergence(sample, torch.from_numpy(end))) < task.figure(sample)
    longer = Descent(network, replace(OPTIONS, iterations=6))(PlanToMeasure(model, plan, problem.inputs))["end"]
    assert not np.array_equal(longer, end), "the iterations of the options are those of the descent"


def test_descents_of_whole_targets_have_iterations_of_their_own(
    model: RtModelWrapper, phantoms: Path, network: FluenceNetwork
) -> None:
    options = replace(COARSE, window_mm=None)
    whole = model.create_prescription(phantoms / "c-shape", window_mm=None, beams="5", beamlet_mm=10.0)
    told = PlanToMeasure(model, whole, from_prescription("c-shape", options, whole).inputs)
    ends = [
        Descent(network, replace(OPTIONS, iterations=iterations, whole_target_iterations=of_whole))(told)["end"]
        for iterations, of_whole in ((5, 3), (6, 3), (5, 4))
    ]
    assert np.array_equal(ends[0], ends[1])
    assert not np.array_equal(ends[0], ends[2])


def test_loss_draws_to_the_end_where_there_is_one(problems: dict[str, Problem], network: FluenceNetwork) -> None:
    sample = Sample.of(problems["c-shape"])
    end = torch.full_like(torch.from_numpy(sample.problem.inputs.column_norm), 0.05)
    with_end = replace(sample, end=end)
    options = replace(WarmStartOptions(), other_goals_share=0.0)
    drawn, free = (WarmStartTask(options, network, distance_weight=weight) for weight in (5.0, 0.0))
    rng = np.random.default_rng
    assert float(drawn.loss(sample, rng(1))) == float(free.loss(with_end, rng(1)))
    assert float(drawn.loss(with_end, rng(1))) > float(free.loss(with_end, rng(1)))
    inputs = sample.problem.inputs
    assert float(distance(inputs, end, end)) == 0.0
    assert float(distance(inputs, torch.zeros_like(end), end)) == pytest.approx(1.0)
    away = figure_at_distance(drawn, with_end)
    assert drawn.figure(with_end) == pytest.approx(free.figure(with_end) + 5.0 * away)


def figure_at_distance(task: WarmStartTask, sample: Sample) -> float:
    assert sample.end is not None
    with torch.no_grad():
        weights = task.network(*(torch.from_numpy(value) for value in vars(sample.problem.inputs).values()))
    return float(distance(sample.problem.inputs, weights, sample.end))


def test_samples_with_other_goals_are_drawn_nowhere(problems: dict[str, Problem], network: FluenceNetwork) -> None:
    sample = Sample.of(problems["c-shape"])
    ended = replace(sample, end=torch.zeros_like(torch.from_numpy(sample.problem.inputs.column_norm)) + 0.2)
    options = replace(WarmStartOptions(), other_goals_share=1.0)
    drawn, free = (WarmStartTask(options, network, distance_weight=weight) for weight in (5.0, 0.0))
    assert float(drawn.loss(ended, np.random.default_rng(1))) == float(free.loss(ended, np.random.default_rng(1)))


def test_descents_are_measured_once_for_what_is_trained_on_and_chosen_by(
    sources: Sources, network: FluenceNetwork, problems: dict[str, Problem], capsys: pytest.CaptureFixture[str]
) -> None:
    assert sources.measured is not None
    untouched = [Sample.of(problem) for problem in problems.values()]
    assert [sample.end for sample in with_ends(untouched, sources)] == [None] * len(untouched), "nothing measured yet"
    assert measure_descents(network, OPTIONS, sources, 1) == []
    made = {path: path.stat().st_mtime_ns for path in (sources.measured / FOLDER).glob("*.npz")}
    train, dev = sources.split()
    assert len(made) == 2 * len(train) + 1 + len(dev)
    assert measure_descents(network, OPTIONS, sources, 1) == []
    assert {path: path.stat().st_mtime_ns for path in made} == made
    with pytest.raises(MeasuringError, match="another iterations"):
        measure_descents(network, replace(OPTIONS, iterations=7), sources, 1)
    capsys.readouterr()
    assert [sample.end for sample in with_ends(untouched, sources)] == [None] * len(untouched)
    assert f"no descent: {untouched[0].problem.patient}" in capsys.readouterr().err


def test_descents_need_a_network_to_begin_from(sources: Sources, network: FluenceNetwork) -> None:
    with pytest.raises(TrainingError, match=r"give its best\.pt with --begin"):
        measure_descents(network, OPTIONS, replace(sources, begin=None), 1)
