"""Sentences and tables of a network: names in words, and what is told where blanks or none are."""

from typing import Any

import numpy as np
import pytest

from data.diagnosis import load
from models.diagnosis import DISEASES, states, tables as rows_of
from reports.networks import tables, words
from tests.workflow.networks.test_asked import COSTS, NETWORK, asked, posterior
from workflow.networks.agreement import agreement
from workflow.networks.exact import counted, exact, unknown
from workflow.networks.network import Network
from workflow.quantities import summarise


def told() -> tuple[Any, Any]:
    drawn = posterior(0.01)
    chance = np.stack([_chance(drawn, name) for name in DISEASES], axis=-1)
    drawn["chance"] = (("chain", "draw", "disease"), chance)
    drawn = drawn.assign_coords(disease=list(DISEASES))
    return drawn, summarise(drawn)


def _chance(drawn: Any, name: str) -> np.ndarray:
    p = NETWORK.probabilities(drawn["table"].to_numpy()) * NETWORK.agree(asked().seen)
    return np.asarray((p * NETWORK.has(name)).sum(-1) / p.sum(-1))


def test_the_answer_says_what_to_do_first_and_every_cost() -> None:
    drawn, found = told()
    said = words.answer("xray first", asked(), asked().measure(drawn), found)
    assert said.startswith("X-ray first. With dyspnoea: yes, visit: yes, the probability of tub")
    assert "most probable is bronchitis (0.8" in said
    costs = said.rpartition("need: ")[2].rstrip(".").split(", ")
    assert costs[0].startswith("X-ray first ")
    numbers = [float(one.rpartition(" ")[2]) for one in costs]
    assert numbers == sorted(numbers)


def test_the_rule_names_costs_and_the_threshold() -> None:
    said = words.rule(asked())
    assert "X-ray 0.1, smoking 0.01" in said
    assert "0.0909" in said
    nothing = asked(seen=dict.fromkeys(COSTS.findings, 1))
    assert "further finding costs" not in words.rule(nothing)
    assert tables.tests(nothing, {}, {}) == ["Everything that can be asked for was seen."]
    assert words.seen({}) == "nothing seen yet"


@pytest.mark.parametrize("known", [True, False])
def test_exact_values_stand_beside_nuts_where_they_are_known(known: bool) -> None:
    _, found = told()
    one = exact(NETWORK, load(), alpha=0.5, beta=0.5) if known else None
    table = tables.agreement(agreement(found, one, asked().seen, {}, seed=1))
    assert ("exact" in table.columns) is known
    assert ("off by" in table.columns) is known
    assert len(table.rows) == 17
    last = dict(zip(table.columns, table.rows[13], strict=True))
    assert last["given"] == "either yes, bronchitis yes"


def test_rows_that_nobody_is_in_are_warned_of_where_they_matter() -> None:
    patients = load()
    some = patients.assign(patients=patients["patients"].where(patients["visit"] == 0, 0))
    network = Network.of(states(), rows_of())
    counts = counted(network, some)
    assert unknown(network, counts, {"visit": 1}) == ["tuberculosis | visit=1"]
    assert unknown(network, counts, {"visit": 0}) == []
