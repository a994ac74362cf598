"""How a session's view grows."""

from __future__ import annotations

from dataclasses import fields, replace

from dh_advisor_plugin import views

_RECORD = [field.name for field in fields(views.IterationRecord)]


# Stages of a plan that are kept, and iterations of all of them in those that one stage may have, as in the host.
_MOST_STAGES = 512
_MOST_FULL_STAGES = 4


def _forget_stages(stages: list[views.StageView], most_iterations: int) -> None:
    iterations = sum(len(stage.iterations) for stage in stages)
    while len(stages) > _MOST_STAGES or (iterations > most_iterations and len(stages) > 1):
        iterations -= len(stages.pop(0).iterations)


def add_event(view: views.SessionView, event: views.Event, history_iterations: int) -> None:
    """Adds an event, and forgets iterations beyond the bound."""
    if isinstance(event, views.Geometry):
        view.geometry = event
    elif isinstance(event, views.LevelStart):
        view.stages.append(views.StageView(start=replace(event, tensors={})))
        _forget_stages(view.stages, _MOST_FULL_STAGES * history_iterations)
    elif isinstance(event, views.Iteration) and view.stages:
        stage = view.stages[-1]
        if len(stage.iterations) >= history_iterations:
            # Halving at once keeps the cost of forgetting constant per iteration.
            surplus = max(1, history_iterations // 2)
            del stage.iterations[:surplus]
            stage.dropped_iterations += surplus
        stage.iterations.append(views.IterationRecord(**{name: getattr(event, name) for name in _RECORD}))
    elif isinstance(event, views.LevelEnd) and view.stages:
        view.stages[-1].end = event


def question_of(role: str, event: views.Event | None, asks_every_n: int) -> views.Event | None:
    """The question an event puts to a role; None when it puts none."""
    if role == "initialization":
        return event if isinstance(event, views.LevelStart) else None
    if role in ("histogram-sigma", "pyramid-sigma"):
        return event if isinstance(event, views.Geometry) else None
    if role in ("step-direction", "early-stopping"):
        return event if isinstance(event, views.Iteration) else None
    if isinstance(event, views.LevelStart):
        return event
    is_due = isinstance(event, views.Iteration) and asks_every_n > 0 and event.iteration % asks_every_n == 0
    return event if is_due else None
