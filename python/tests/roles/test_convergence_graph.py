"""The graph that the host runs is the network that was trained, in fewer operators."""

from pathlib import Path

import numpy as np
import pytest
import torch

from dh_training.networks.convergence import HISTORY, ConvergenceNetwork
from dh_training.networks.convergence_graph import ConvergenceGraph
from dh_training.packages import ModelDescription, Port, open_session, write_package
from dh_training.training.stage_histories import pack_history


@pytest.fixture(scope="module")
def network() -> ConvergenceNetwork:
    """Random weights, calibrated, with a distribution of its own."""
    torch.manual_seed(3)
    made = ConvergenceNetwork(width=12)
    made.deviation_scale.fill_(1.7)
    history, state = _questions(seed=4)
    made.distribution.fit(np.concatenate([history[:, -1], state], axis=1))
    return made.eval()


def _questions(seed: int, moments: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """Every moment of a run: short histories, and long ones down to gains of a millionth."""
    rng = np.random.default_rng(seed)
    objective = 5.0 + 90.0 * np.exp(-0.4 * np.arange(moments)) + rng.normal(0.0, 1e-5, moments)
    history = pack_history(objective, np.geomspace(300.0, 2.0, moments) * rng.uniform(0.5, 2.0, moments))
    state = rng.uniform(0.0, 3.0, (moments, 6)).astype(np.float32)
    return history, state


def _answers(model: torch.nn.Module, history: np.ndarray, state: np.ndarray) -> list[np.ndarray]:
    with torch.no_grad():
        return [one.numpy() for one in model(torch.from_numpy(history), torch.from_numpy(state))]


def test_graph_answers_as_the_network(network: ConvergenceNetwork) -> None:
    history, state = _questions(seed=5)
    assert history[0, : HISTORY - 1].sum() == 0
    wanted = _answers(network, history, state)
    for one, other in zip(wanted, _answers(ConvergenceGraph(network), history, state), strict=True):
        assert np.ptp(one) > 0
        np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-6)


def test_exported_graph_answers_as_the_network_at_any_batch(network: ConvergenceNetwork, tmp_path: Path) -> None:
    history, state = _questions(seed=6)
    columns = {"history": ("batch", HISTORY, 4), "state": ("batch", 6)}
    outputs = ("final_log10_ratio", "standard_deviation", "ood_score")
    described = ModelDescription(
        id="convergence",
        version="1",
        role="early-stopping",
        inputs=tuple(Port(name, shape, name) for name, shape in columns.items()),
        outputs=tuple(Port(name, ("batch",), name) for name in outputs),
        batch_axis=0,
        training={"data_sha256": "0" * 64, "cases": 1, "seed": 3, "command": "pytest"},
        ranges={"mask": (1.0, 1.0)},
    )
    golden = {"some": {"history": history[:3], "state": state[:3]}}
    folder = write_package(ConvergenceGraph(network), described, golden, "# A card", tmp_path)
    session = open_session(folder / "model.onnx")
    wanted = _answers(network, history, state)
    for rows in (slice(0, 1), slice(7, 8), slice(0, 40)):
        got = session.run(None, {"history": history[rows], "state": state[rows]})
        for one, other in zip(wanted, got, strict=True):
            np.testing.assert_allclose(other, one[rows], rtol=1e-4, atol=1e-6)
