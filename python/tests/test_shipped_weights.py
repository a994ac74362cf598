"""Training can go on from a package: its weights come out of the graph as they went in."""

from dataclasses import replace
from pathlib import Path

import onnx
import pytest
import torch

from dh_training.corpus import CorpusOptions
from dh_training.golden import golden_inputs
from dh_training.networks.fluence import FluenceNetwork
from dh_training.shipped_weights import shipped_weights
from dh_training.training.fit import TrainingError, take_weights
from dh_training.training.role import Sources
from dh_training.training.warm_start import tensors

PACKAGE = Path(__file__).parents[2] / "models/warm-start/4/model.onnx"


def test_the_network_answers_as_its_package() -> None:
    import onnxruntime

    network = FluenceNetwork()
    take_weights(network, PACKAGE)
    session = onnxruntime.InferenceSession(str(PACKAGE))
    for inputs in golden_inputs().values():
        with torch.no_grad():
            weights = network(*tensors(inputs))
        (shipped,) = session.run(["weights"], vars(inputs))
        torch.testing.assert_close(weights, torch.from_numpy(shipped), rtol=0, atol=2e-6)


def test_another_network_is_told_from_it() -> None:
    with pytest.raises(TrainingError, match=r"model\.onnx of its package, with the same `network`"):
        take_weights(FluenceNetwork(width=16), PACKAGE)


def test_a_graph_without_a_network_is_refused(tmp_path: Path) -> None:
    graph = onnx.helper.make_graph([], "empty", [], [])
    onnx.save(onnx.helper.make_model(graph), tmp_path / "model.onnx")
    with pytest.raises(ValueError, match="of no network"):
        shipped_weights(tmp_path / "model.onnx")
    (tmp_path / "broken.onnx").write_bytes(b"no graph")
    with pytest.raises(TrainingError, match="no weights of this network"):
        take_weights(FluenceNetwork(), tmp_path / "broken.onnx")


def test_a_card_says_which_package_training_began_with(tmp_path: Path) -> None:
    sources = Sources([], tmp_path, CorpusOptions(), "digest", begin=PACKAGE)
    assert sources.begun_with == "warm-start/4/model.onnx"
    assert replace(sources, begin=tmp_path / "best.pt").begun_with == "best.pt"
    assert replace(sources, begin=None).begun_with == ""
