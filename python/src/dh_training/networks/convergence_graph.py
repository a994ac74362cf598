"""`ConvergenceNetwork` as the host runs it: the same function in fewer operators.

The host asks this model again and again in every plan, and a network this small costs what its operators cost, not
its arithmetic. So whatever is linear in the question is folded into the weights behind it.
"""

from __future__ import annotations

import math

import torch
from torch import nn

from dh_training.networks.convergence import (
    FLOOR,
    HISTORY,
    HISTORY_COLUMNS,
    PRESENT_FEATURES,
    ROW_FEATURES,
    STATE_COLUMNS,
    ConvergenceNetwork,
)

_LN10 = math.log(10.0)
_OBJECTIVE, _GRADIENT, _GAIN, _MASK = range(HISTORY_COLUMNS)
# A row as the graph makes it: the history relative to the current row, itself, and its natural logarithms.
_RELATIVE, _ITSELF, _LOGARITHM = (HISTORY_COLUMNS * part for part in range(3))
_ROW_COLUMNS = 3 * HISTORY_COLUMNS


class ConvergenceGraph(nn.Module):
    """history (batch, 10, 4), state (batch, 6) -> final_log10_ratio, standard_deviation, ood_score, each (batch,).

    For questions as docs/model-format.md has them: a row with mask 0 is all zeros, others and the last have mask 1.
    """

    def __init__(self, network: ConvergenceNetwork) -> None:
        """`network`: fitted and calibrated; stays as it is."""
        super().__init__()
        with torch.no_grad():
            self._fold_layers(network)
            self._fold_distribution(network)

    def _fold_layers(self, network: ConvergenceNetwork) -> None:
        first, second, third = (network.layers[at] for at in (0, 2, 4))
        of_rows, of_state, of_present = first.weight.split(
            [HISTORY * ROW_FEATURES, STATE_COLUMNS, PRESENT_FEATURES], dim=1
        )
        row = _row_features()
        rows = torch.cat([one @ row for one in of_rows.split(ROW_FEATURES, dim=1)], dim=1)
        present = torch.zeros(PRESENT_FEATURES, _ROW_COLUMNS)
        present[0] = row[2]
        present[1] = row[4]
        present[2, _ITSELF + _OBJECTIVE] = 0.2
        rows[:, -_ROW_COLUMNS:] += of_present @ present
        # An absent row would have a gain at the floor, -1; the constant 1 - mask makes it 0.
        absent = of_rows[:, 2::ROW_FEATURES].sum(dim=1) + of_present[:, 0]
        self.first = _linear(torch.cat([rows, of_state], dim=1), first.bias + absent)
        self.second = _linear(second.weight, second.bias)
        # Natural exponents in place of decimal ones.
        self.third = _linear(third.weight * _LN10, (third.bias - 2.5) * _LN10)
        scale = network.deviation_scale
        self.register_buffer("factor", torch.cat([-torch.ones(1), scale]))
        self.register_buffer("offset", torch.cat([torch.zeros(1), FLOOR * scale]))

    def _fold_distribution(self, network: ConvergenceNetwork) -> None:
        score, size = network.distribution, self.first.in_features
        last = (HISTORY - 1) * _ROW_COLUMNS
        at = [*range(last + _ITSELF, last + _LOGARITHM), *range(HISTORY * _ROW_COLUMNS, size)]
        mean = torch.zeros(size)
        whitening = torch.zeros(size, len(at))
        mean[at] = score.mean
        whitening[at] = score.whitening.t() / (score.threshold * math.sqrt(len(at)))
        # The mean is not folded into a bias: a column that hardly varied is whitened a thousandfold, and would cancel.
        self.register_buffer("mean", mean)
        self.register_buffer("whitening", whitening)

    def forward(self, history: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """As `ConvergenceNetwork.forward`."""
        relative = (history - history[:, -1:]) * history[:, :, _MASK:]
        rows = torch.cat([relative, history, torch.log(history.clamp(min=1e-9))], dim=2)
        question = torch.cat([rows.flatten(1), state], dim=1)
        activation = nn.functional.leaky_relu
        raw = self.third(activation(self.second(activation(self.first(question)))))
        answer = raw.clamp(-7.0 * _LN10, 0.7 * _LN10).exp() * self.factor + self.offset
        score = torch.norm((question - self.mean) @ self.whitening, p=2, dim=1)
        return answer[:, 0], answer[:, 1], score


def _row_features() -> torch.Tensor:
    """(features of a row, columns of a row): the network's features from what the graph makes."""
    features = torch.zeros(ROW_FEATURES, _ROW_COLUMNS)
    features[0, _RELATIVE + _OBJECTIVE] = 1.0
    features[1, _RELATIVE + _GRADIENT] = 1.0
    features[2, _LOGARITHM + _GAIN] = 1.0 / (9.0 * _LN10)
    features[2, _ITSELF + _MASK] = -1.0
    features[3, _ITSELF + _MASK] = 1.0
    features[4, _ITSELF + _GRADIENT] = 0.2
    features[4, _ITSELF + _OBJECTIVE] = -0.2
    features[5, _RELATIVE + _OBJECTIVE] = 10.0
    return features


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.copy_(weight)
    layer.bias.copy_(bias)
    return layer


__all__ = ["ConvergenceGraph"]
