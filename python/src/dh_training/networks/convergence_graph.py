"""`ConvergenceNetwork` as the host runs it: the same function in half the operators.

The host asks this model at every iteration of every plan, and a network this small costs what its operators cost, not
its arithmetic. So whatever is linear in the question is folded into the weights behind it.
"""

from __future__ import annotations

import math

import torch
from torch import nn

from dh_training.networks.convergence import FLOOR, HISTORY_COLUMNS, STATE_COLUMNS, ConvergenceNetwork

_LN10 = math.log(10.0)
_OBJECTIVE, _GRADIENT, _GAIN, _MASK = range(HISTORY_COLUMNS)
# A step as the graph makes it: a row of the history relative to the current one, itself, and its natural logarithms.
_RELATIVE, _ITSELF, _LOGARITHM = (HISTORY_COLUMNS * part for part in range(3))
_STEP_COLUMNS = 3 * HISTORY_COLUMNS


class ConvergenceGraph(nn.Module):
    """history (batch, 10, 4), state (batch, 6) -> final_log10_ratio, standard_deviation, ood_score, each (batch,).

    For questions as docs/model-format.md has them: a row with mask 0 is all zeros, others and the last have mask 1.
    """

    def __init__(self, network: ConvergenceNetwork) -> None:
        """`network`: fitted and calibrated; stays as it is."""
        super().__init__()
        with torch.no_grad():
            self._fold_recurrent(network.recurrent)
            self._fold_head(network)
            self._fold_distribution(network)

    def _fold_recurrent(self, unit: nn.GRU) -> None:
        features = torch.zeros(unit.input_size, _STEP_COLUMNS)
        features[0, _RELATIVE + _OBJECTIVE] = 1.0
        features[1, _RELATIVE + _GRADIENT] = 1.0
        features[2] = _gain_row()
        features[3, _ITSELF + _MASK] = 1.0
        features[4] = _gradient_row()
        features[5, _RELATIVE + _OBJECTIVE] = 10.0
        # An absent row would have a gain at the floor, -1; the constant 1 - mask makes it 0.
        features[2, _ITSELF + _MASK] = -1.0
        bias = unit.bias_ih_l0 + unit.weight_ih_l0[:, 2]
        self.register_buffer("input_weight", _onnx_gates(unit.weight_ih_l0 @ features).unsqueeze(0))
        self.register_buffer("hidden_weight", _onnx_gates(unit.weight_hh_l0).unsqueeze(0))
        self.register_buffer("bias", torch.cat([_onnx_gates(bias), _onnx_gates(unit.bias_hh_l0)]).unsqueeze(0))

    def _fold_head(self, network: ConvergenceNetwork) -> None:
        first, second, third = (network.head[at] for at in (0, 2, 4))
        hidden = network.recurrent.hidden_size
        present = torch.zeros(3, _STEP_COLUMNS)
        present[0] = _gain_row()
        present[1] = _gradient_row()
        present[2, _ITSELF + _OBJECTIVE] = 0.2
        of_hidden, of_state, of_present = first.weight.split([hidden, STATE_COLUMNS, 3], dim=1)
        self.first = _linear(torch.cat([of_hidden, of_present @ present, of_state], dim=1), first.bias)
        self.second = _linear(second.weight, second.bias)
        # Natural exponents in place of decimal ones.
        self.third = _linear(third.weight * _LN10, (third.bias - 2.5) * _LN10)
        scale = network.deviation_scale
        self.register_buffer("factor", torch.cat([-torch.ones(1), scale]))
        self.register_buffer("offset", torch.cat([torch.zeros(1), FLOOR * scale]))

    def _fold_distribution(self, network: ConvergenceNetwork) -> None:
        score, hidden = network.distribution, network.recurrent.hidden_size
        at = [*range(hidden + _ITSELF, hidden + _LOGARITHM), *range(hidden + _STEP_COLUMNS, self.first.in_features)]
        mean = torch.zeros(self.first.in_features)
        whitening = torch.zeros(self.first.in_features, len(at))
        mean[at] = score.mean
        whitening[at] = score.whitening.t() / (score.threshold * math.sqrt(len(at)))
        self.register_buffer("mean", mean)
        self.register_buffer("whitening", whitening)

    def forward(self, history: torch.Tensor, state: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """As `ConvergenceNetwork.forward`."""
        rows = history.transpose(0, 1)
        relative = (rows - rows[-1:]) * rows[:, :, _MASK:]
        steps = torch.cat([relative, rows, torch.log(rows.clamp(min=1e-9))], dim=2)
        hidden = _LastHidden.apply(steps, self.input_weight, self.hidden_weight, self.bias)
        question = torch.cat([hidden[0], steps[-1], state], dim=1)
        activation = nn.functional.silu
        raw = self.third(activation(self.second(activation(self.first(question)))))
        answer = raw.clamp(-7.0 * _LN10, 0.7 * _LN10).exp() * self.factor + self.offset
        score = torch.norm((question - self.mean) @ self.whitening, p=2, dim=1)
        return answer[:, 0], answer[:, 1], score


class _LastHidden(torch.autograd.Function):
    """A gated recurrent unit from rest: (steps, batch, columns) -> (1, batch, hidden). One operator in the graph.

    PyTorch's own export of `nn.GRU` adds six to make the zeros that it starts from. It has no gradient.
    """

    @staticmethod
    def forward(
        ctx: object, steps: torch.Tensor, weight: torch.Tensor, recurrence: torch.Tensor, bias: torch.Tensor
    ) -> torch.Tensor:
        """Gates in the order of ONNX: update, reset, new."""
        size = recurrence.shape[2]
        to_input, to_hidden = bias[0].split(3 * size)
        hidden = steps.new_zeros(steps.shape[1], size)
        for step in steps:
            update, reset, new = nn.functional.linear(step, weight[0], to_input).split(size, dim=1)
            update_hidden, reset_hidden, new_hidden = nn.functional.linear(hidden, recurrence[0], to_hidden).split(
                size, dim=1
            )
            kept = torch.sigmoid(update + update_hidden)
            fresh = torch.tanh(new + torch.sigmoid(reset + reset_hidden) * new_hidden)
            hidden = kept * hidden + (1.0 - kept) * fresh
        return hidden.unsqueeze(0)

    @staticmethod
    def symbolic(
        graph: torch.onnx._internal.jit_utils.GraphContext,
        steps: torch.Value,
        weight: torch.Value,
        recurrence: torch.Value,
        bias: torch.Value,
    ) -> torch.Value:
        """The operator GRU; its second output is the last hidden state."""
        size = recurrence.type().sizes()[2]
        attributes = {"hidden_size_i": size, "linear_before_reset_i": 1}
        _, last = graph.op("GRU", steps, weight, recurrence, bias, outputs=2, **attributes)
        return last


def _gain_row() -> torch.Tensor:
    """log10(gain) / 9 from a step."""
    row = torch.zeros(_STEP_COLUMNS)
    row[_LOGARITHM + _GAIN] = 1.0 / (9.0 * _LN10)
    return row


def _gradient_row() -> torch.Tensor:
    """A fifth of the gradient norm's logarithm over the objective's, from a step."""
    row = torch.zeros(_STEP_COLUMNS)
    row[_ITSELF + _GRADIENT] = 0.2
    row[_ITSELF + _OBJECTIVE] = -0.2
    return row


def _onnx_gates(stacked: torch.Tensor) -> torch.Tensor:
    """PyTorch's order reset, update, new -> ONNX's update, reset, new."""
    reset, update, new = stacked.chunk(3)
    return torch.cat([update, reset, new])


def _linear(weight: torch.Tensor, bias: torch.Tensor) -> nn.Linear:
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.copy_(weight)
    layer.bias.copy_(bias)
    return layer


__all__ = ["ConvergenceGraph"]
