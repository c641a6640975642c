"""A level is told against its reference, a number per unit, and what hangs on a row as that."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from reports.regression import joint, logistic, regression as sentences, terms as words
from tests.reports.regression.test_costs import report
from tests.reports.regression.test_tails import Q
from workflow.quantities import Quantity, Scalar
from workflow.regression.hanging import Hanging

WEST = "district: West rather than Altstadt"
PHRASES = {
    WEST: ("district, West rather than Altstadt", ""),
    "area": ("", "per unit of area"),
    "rooms": ("", "per unit of rooms"),
}
TERMS = pd.DataFrame({WEST: [0.0, 1, 0, 1], "area": [50.0, 60, 75, 80], "rooms": [1.0, 2, 3, 2]})


def of(median: float) -> Quantity:
    low, high = median - 10, median + 10
    return replace(Q, median=median, mcse_median=0.9, lower=low, upper=high, mcse_interval=0.9)


FOUND = {f"slope[{WEST}]": of(-102_900.0), "slope[area]": of(2400.0), "slope[rooms]": of(1.0)}
PROB = {
    f"prob_positive[{WEST}]": Scalar(0.0001, 1e-4),
    "prob_positive[area]": Scalar(0.9999, 1e-4),
    "prob_positive[rooms]": Scalar(0.6, 1e-3),
}


def test_a_level_is_told_against_its_reference() -> None:
    said = words.told(FOUND, WEST, PHRASES)
    assert said.startswith("district, West rather than Altstadt: 102,900 less (−102,910")
    assert words.told(FOUND, "area", PHRASES).startswith("+2,400 per unit of area (")
    assert words.told(FOUND, "area", {}) == words.told(FOUND, "area", PHRASES)
    assert words.direction(WEST, PHRASES, up=False) == "district, West rather than Altstadt (less)"
    assert words.direction("area", PHRASES, up=True) == "area (up)"
    assert words.unit("price", f"slope[{WEST}]", PHRASES) == "price"
    assert words.unit("price", "slope[area]", PHRASES) == "price per unit"


def test_the_answer_names_the_reference_and_no_dummy() -> None:
    ranked = [WEST, "area", "rooms"]
    said = sentences.answer("x", ranked, FOUND, PROB, 0.975, "price", phrases=PHRASES)
    assert "by district, West rather than Altstadt: 102,900 less" in said
    assert "; by +2,400 per unit of area" in said
    assert "[T." not in said
    assert "per unit of district" not in said
    short = sentences.answer("x", ranked, FOUND, PROB, 0.975, "price", phrases=PHRASES, most=0)
    assert "also by district, West rather than Altstadt (less), area (up)" in short


def test_what_hangs_on_a_row_is_not_told_as_known(tmp_path: Path) -> None:
    found = Hanging(alone={WEST: 37}, moved={"area": (12, 2.31)})
    ranked = [WEST, "area", "rooms"]
    about = ("x", ranked, FOUND, PROB, 0.975, "price")
    said = sentences.answer(*about, phrases=PHRASES, hanging=found)
    assert said.startswith("No term predicts price")
    assert f"{WEST} (line 37); area (line 12) hangs on one row of the file" in said
    page = report(tmp_path)
    words.warn_of_hanging(page, found)
    alone, moved = (one.text for one in page.warnings)
    assert f"Without one row of the file nothing would be known of {WEST}: line 37" in alone
    assert "area: line 12, by 2.3 posterior sds" in moved
    table = sentences.estimates("x", FOUND, PROB, found)
    assert [row[-1] for row in table.rows] == ["line 37 alone", "hangs on line 12", "0.600"]
    words.warn_of_hanging(page, Hanging())
    assert len(page.warnings) == 2


def test_no_sd_of_a_dummy() -> None:
    assert words.step(TERMS[["area", "rooms"]]) == "one sd of the term"
    both = "one sd of a number, or for a level rather than its reference (1 rather than 0)"
    assert words.step(TERMS) == both
    assert words.step(TERMS[[WEST]]) == "a level rather than its reference (1 rather than 0)"
    assert words.more_of(WEST, TERMS) == WEST
    assert words.more_of("area", TERMS) == "one sd more of area"
    assert logistic.unit(WEST, TERMS) == "log odds"
    assert logistic.unit("area", TERMS) == "log odds per sd"
    table = logistic.odds_ratios({f"log_odds_ratio[{WEST}]": of(-2.0)}, PROB, words.step(TERMS))
    assert table.caption == f"Odds ratio for {both}"
    scales = sentences.scales(TERMS)
    assert scales.rows[0][2] == "1"
    assert scales.rows[1][2] == f"{TERMS['area'].std():.4g}"


def test_levels_known_only_together() -> None:
    pair = f"together[{WEST} + rooms]"
    prob = {f"prob_positive[{WEST} + rooms]": Scalar(1.0, 0.0)}
    unknown = dict.fromkeys(PROB, Scalar(0.5, 0.01))
    (said,) = joint.only_together({pair: of(30.0)}, prob, unknown, 0.975, "price", TERMS)
    assert f"for {WEST}, together with one sd more of rooms, price differs by" in said
    hidden = joint.only_together({pair: of(30.0)}, prob, unknown, 0.975, "price", TERMS, [WEST])
    assert hidden == []
