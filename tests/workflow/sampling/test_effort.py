"""How long work will take: what any run takes, however short, is no matter of its gradients."""

from typing import Any

import pymc as pm
import pytest

from workflow.sampling import effort
from workflow.sampling.fit import compile_nuts, data_of


def test_what_a_run_begins_with_is_not_of_its_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that take .5 s and 20 ms a gradient, the first one 3 s more: 20 ms."""
    runs = []

    def timed(compiled: Any, draws: int) -> tuple[float, float]:
        runs.append(draws)
        return 0.5 + 0.02 * 7 * draws + 3 * (len(runs) == 1), 7.0 * draws

    monkeypatch.setattr(effort, "_timed", timed)
    with pm.Model() as model:
        pm.Normal("x", 0, 1)
    assert effort.gradient_seconds(compile_nuts(model), data_of(model)) == pytest.approx(0.02)


def test_gradients_of_a_run_are_counted() -> None:
    """A longer run has more of them; draws of a normal need one to seven each."""
    with pm.Model() as model:
        pm.Normal("x", 0, 1)
    compiled = compile_nuts(model)
    _, few = effort._timed(compiled, 5)
    _, many = effort._timed(compiled, 50)
    assert 50 <= many <= 400
    assert few < many
