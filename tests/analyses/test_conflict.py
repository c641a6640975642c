"""Counts that contradict the prior end in a page about that, not in the prior's own answer."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from analyses.prior_sensitivity import main
from data.prior_sensitivity import load
from models.prior_sensitivity import births
from tests.analyses.test_study import SETTINGS, Study, finish, rule
from tests.conftest import SEED
from workflow.rates.one_rate import share

# 600 of 1,000, where .2 was expected as firmly as after 1,000 trials: the posterior is near .4, and
# "below .485 with probability > .999" would be the prior's answer alone.
OWN = Path(__file__).parent.parent / "own_data/conversions_against_a_strong_prior.csv"
CHECKED: dict[str, Any] = {"statistics": {"girls": {"share of events": share("births")}}}


def read(folder: Path, case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / f"{case}.json").read_text(encoding="utf-8"))
    assert any("Prior and data are in conflict" in one for one in found["warnings"])
    return found


@pytest.mark.parametrize(("strength", "withheld"), [(1000.0, True), (20.0, False)])
def test_the_first_sentence_is_about_the_conflict(
    strength: float, withheld: bool, tmp_path: Path
) -> None:
    build = partial(births, load(OWN), prior_mean=0.2, prior_strength=strength)
    one = Study("a_study", "Is it?", build, {**SETTINGS, "out": tmp_path}, knobs={})
    one.sample()
    one.decide(rule)
    one.prior(**CHECKED, held="a rate like the observed for very unlikely", advice="Look at it.")
    one.fit(**CHECKED, misfit="The prior holds it away", advice="Weaken it.", saturated=True)
    assert finish(one) == 0
    found = read(tmp_path, "a_study")
    assert found["answer"].startswith("The answer is withheld, because prior and") is withheld
    assert ("share of events is 0.6, where the prior expects 0.1" in found["answer"]) is withheld
    assert found["decision"] == (None if withheld else "above")


@pytest.mark.validate
@pytest.mark.parametrize(("strength", "withheld"), [(1000.0, True), (20.0, False)])
def test_the_case_of_one_rate(strength: float, withheld: bool, tmp_path: Path) -> None:
    """38 of the 45 priors of the sweep decide otherwise, with 1,000; with 20 the data decide."""
    prior: dict[str, Any] = {"prior_mean": 0.2, "prior_strength": strength, "reference": 0.485}
    assert main(data=OWN, draws=300, seed=SEED, out=tmp_path, quiet=True, **prior) == 0
    found = read(tmp_path, "prior_sensitivity")
    assert found["answer"].startswith("The answer is withheld") is withheld
    assert ("would be another one under" in found["answer"]) is withheld
    assert found["decision"] == (None if withheld else "above 0.485")
