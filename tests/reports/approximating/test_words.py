"""What is said of methods follows from their verdicts, on any data."""

from dataclasses import replace
from typing import Any

import pytest

from reports.approximating import drawn, lessons, tables, words
from tests.workflow.approximating.test_exact import run, target
from workflow.approximating.hills import Hills
from workflow.approximating.judged import Judged, judged
from workflow.approximating.methods import NUTS, Run
from workflow.quantities import Scalar, summarise

METHODS = ("Laplace", "Pathfinder", "ADVI, mean-field", "ADVI, full-rank", NUTS)


def row(**words_of: str) -> dict[str, Judged]:
    """Return a verdict for each method: good where nothing else is said."""
    good = judged(target(), run(0.0, 1.0))
    found = {m: replace(good, run=replace(good.run, method=m)) for m in METHODS}
    for name, word in words_of.items():
        method = next(m for m in METHODS if name in m)
        found[method] = replace(found[method], word=word)
    return found


def said(decision: str | None = "above 0", **words_of: str) -> str:
    here, other = row(**words_of), row(Laplace="refused", NUTS="refused")
    posterior = run(1.0, 1.0, NUTS).posterior
    assert posterior is not None
    q = summarise(posterior)["x"]
    found = {"normal": here, "another": other}
    return words.answer(target(), found, q, Scalar(0.1587, 0.001), decision, own="it")


def test_the_answer_names_what_is_good_enough_and_what_is_not() -> None:
    told = said(Laplace="do not use", full="means only")
    assert told.startswith("On the posterior of it Pathfinder, mean-field ADVI and NUTS are good")
    assert "good enough (in 1 and 1 and 1 s); full-rank ADVI is for means only; do not" in told
    assert "Good enough of all 2 posteriors here: Pathfinder and mean-field ADVI on 2" in told
    assert "Laplace on none" in told
    assert "is above 0 (P(above 0) = 0.841, asked for 0.9)" in told


def test_what_its_own_gate_warns_of_is_not_called_good_enough() -> None:
    others = dict.fromkeys(("Laplace", "Pathfinder", "mean", "full"), "do not use")
    told = said(**others, NUTS="flagged")
    assert told.startswith("On the posterior of it NUTS is right, but its own gate warns; do not")
    assert "NUTS right, though flagged, on 1 more" in told


def test_where_nothing_is_good_enough_it_says_so() -> None:
    bad = dict.fromkeys(("Laplace", "Pathfinder", "mean", "full", "NUTS"), "do not use")
    told = said("not shown", **bad)
    assert told.startswith("On the posterior of it no method that was tried is good enough; do not")
    assert "is not shown to be on either side of 0" in told


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (Run("Laplace", None, 1.0, 0, refused="no mode"), "Laplace, refused: no mode."),
        (run(0.0, 1.0, NUTS, warned="R-hat 1.02"), "NUTS, flagged; its gate warns: R-hat 1.02."),
        (run(0.0, 1.0, arrived=False), "Laplace was still moving when it was stopped."),
        (run(0.0, 1.0, NUTS, note="tried 3 times"), "NUTS, good enough (tried 3 times)."),
        (run(2.0, 1.0), "Decided otherwise, “above 0” where the exact posterior says “not shown”"),
    ],
)
def test_reasons(made: Run, expected: str) -> None:
    (told,) = lessons.reasons(target(), {made.method: judged(target(), made)})
    assert told.startswith(expected)


def test_of_what_is_good_nothing_is_said() -> None:
    assert lessons.reasons(target(), row()) == []


def test_tables_have_a_cell_for_every_method_and_none_for_what_was_refused() -> None:
    here = row() | {"Laplace": judged(target(), Run("Laplace", None, 1.0, 0, refused="no mode"))}
    first = tables.verdicts({"normal": here}).rows[0]
    assert first == ("normal", "refused", "good enough", "good enough", "good enough")
    two = tables.verdicts({"normal": here | row(full="means only")}).rows[0]
    assert two[3] == "good enough, means only"
    refused = tables.numbers("normal", here).rows[0]
    assert refused[1:6] == ("refused", "–", "–", "–", "–")
    (decided,) = tables.decisions([target()], {"normal": here}).rows
    assert decided[2:4] == ("0.5000", "refused")
    assert tables.modes([target()], {"normal": here}).rows[0][1] == "no mode"


def test_without_advi_the_table_says_so() -> None:
    here = {m: one for m, one in row().items() if "ADVI" not in m}
    assert tables.verdicts({"normal": here}).rows[0][3] == "not tried"
    assert lessons.advi(target(), {"normal": here}) == "ADVI was not tried."
    assert lessons.both_ways(Hills((1.0,), (0.0,), (1.0,)), {}) == ["Left out (--quick)."]


def test_the_picture_tells_its_intervals_in_words() -> None:
    far: dict[str, Any] = {"Laplace": judged(target(), run(30.0, 1.0))}
    found = drawn.picture(target(), far | row(), ["x"])
    assert "x: exactly −2 to 2" in found.alt
    assert "Pathfinder −2 to 2" in found.alt
    assert len(found.alt) < 700
