"""Where a decision flips, told from a grid whose flips are known; and what the prior moves most."""

import itertools
from dataclasses import replace

import numpy as np
import xarray as xr

from reports.blocks import tables
from workflow.checking.diagnostics import Status
from workflow.quantities import summarise
from workflow.sensitivity.flips import crossings, in_words, most_moved
from workflow.sensitivity.sensitivity import Point, Sweep

MEANS, STRENGTHS = (0.1, 0.5), (2.0, 20.0, 200.0)


def grid(*decisions: tuple[str, ...] | None) -> Sweep:
    """Return a sweep with these tenable decisions; None stands for a fit that failed."""
    knobs = [{"prior_mean": m, "prior_strength": s} for m in MEANS for s in STRENGTHS]
    points = tuple(
        Point(at, Status.PASS, {}, {}, tenable[0], tenable)
        if tenable
        else Point(at, Status.FAIL, {}, {}, None, ())
        for at, tenable in zip(knobs, decisions, strict=True)
    )
    return Sweep({"prior_mean": MEANS, "prior_strength": STRENGTHS}, points, "a")


A, B, AB, BA = ("a",), ("b",), ("a", "b"), ("b", "a")


def along(knob: str, *decisions: tuple[str, ...] | None) -> list[tuple[float, float, str, str]]:
    """Return the crossings along a knob: its values, and the decisions, on either side."""
    return [
        (one.before.knobs[knob], one.after.knobs[knob], *one.decisions)
        for one in crossings(grid(*decisions))
        if one.knob == knob
    ]


def test_one_corner_has_a_crossing_along_each_knob() -> None:
    assert along("prior_mean", A, A, A, A, A, B) == [(0.1, 0.5, "a", "b")]
    assert along("prior_strength", A, A, A, A, A, B) == [(20, 200, "a", "b")]


def test_what_monte_carlo_error_leaves_open_stands_with_the_analysis() -> None:
    assert crossings(grid(A, AB, BA, A, BA, AB)) == []
    for between in (AB, BA):
        found = along("prior_strength", A, A, A, A, between, B)
        assert found == [(20, 200, "a", "b")]


def test_neither_of_two_other_decisions_is_that_of_the_analysis() -> None:
    """Two directions that Monte Carlo error cannot tell apart flip all the same."""
    assert along("prior_strength", A, A, A, A, A, ("b", "c")) == [(20, 200, "a", "b or c")]
    assert along("prior_strength", A, A, A, A, ("b", "c"), ("c", "b")) == [(2, 20, "a", "b or c")]
    assert along("prior_strength", A, A, A, B, ("c",), ("c",)) == [(2, 20, "b", "c")]


def test_failed_fits_are_passed_over() -> None:
    assert crossings(grid(A, A, A, A, None, A)) == []
    assert along("prior_strength", A, A, A, A, None, B) == [(2, 200, "a", "b")]


def test_what_is_not_judged_is_counted_and_is_no_flip() -> None:
    whole = grid(A, A, A, A, A, B)
    points = list(whole.points)
    points[1] = replace(points[1], decision=None, tenable=())
    one = replace(whole, points=tuple(points))
    assert one.not_judged == [points[1]]
    assert not one.failed
    assert len(one.flips) == 1
    assert "flips under 1 of the 5 priors" in in_words(one)
    assert in_words(one).endswith(
        "1 of the 6 priors could not be judged: what the decision would be there is not known."
    )
    none = replace(whole, points=tuple(replace(p, decision=None, tenable=()) for p in points))
    assert "the same" not in in_words(none)
    assert in_words(none).startswith("Whether another prior changes the decision is not known.")
    withheld = replace(none, decision=None)
    assert not withheld.not_judged


def test_there_is_a_crossing_wherever_a_slider_leads_from_stands_to_flips() -> None:
    """Every grid of six points with these decisions, against the definition by hand."""
    for decisions in itertools.product([A, B, AB, ("b", "c")], repeat=3):
        found = along("prior_strength", *decisions, A, A, A)
        flips = ["a" not in one for one in decisions]
        apart = [set(x).isdisjoint(y) for x, y in itertools.pairwise(decisions)]
        expected = [
            (STRENGTHS[i], STRENGTHS[i + 1])
            for i in range(2)
            if flips[i] != flips[i + 1] or apart[i]
        ]
        assert [one[:2] for one in found] == expected


def test_a_flip_is_named_only_as_far_as_it_is_told() -> None:
    """A direction within Monte Carlo error of the limit is not named as one that is known."""
    clear = in_words(grid(A, A, A, A, ("b", "c"), B))
    assert "flips under 2 of the 6" in clear
    assert "becomes “b” at prior mean 0.5, prior strength 200" in clear
    assert "becomes “b or c” at" in in_words(grid(A, A, A, A, ("b", "c"), A))
    assert "becomes “b or others” at" in in_words(grid(A, A, A, A, ("b", "c", "d"), A))


def test_where_a_fit_failed_the_exact_decision_stands() -> None:
    failed = grid(A, A, A, A, A, None)
    assert "1 of the 6 fits failed and decides nothing" in in_words(failed)
    exact = replace(failed.points[-1], decision="b", tenable=("b",))
    found = replace(failed, points=(*failed.points[:-1], exact))
    assert "flips under 1 of the 6 priors" in in_words(found)
    assert "1 of the 6 fits failed; what is decided there is known exactly" in in_words(found)


def test_a_decision_that_comes_back_crosses_twice() -> None:
    found = along("prior_strength", A, B, A, A, A, A)
    assert [one[2:] for one in found] == [("a", "b"), ("b", "a")]


def test_table_says_between_which_priors() -> None:
    assert tables.crossings(grid(A, A, A, A, A, A)) == []
    (table,) = tables.crossings(grid(A, A, A, A, A, B))
    assert table.columns == ("prior mean", "prior strength", "decision before", "and after")
    assert table.rows == (
        ("between 0.1 and 0.5", "200", "a", "b"),
        ("0.5", "between 20 and 200", "a", "b"),
    )
    assert "flips under 1 of the 6 priors" in in_words(grid(A, A, A, A, A, B))


def test_most_moved_is_what_the_prior_moves_beside_its_interval() -> None:
    rng = np.random.default_rng(2)

    def point(shift: float) -> Point:
        draws = {
            "wide": rng.normal(5 * shift, 10, (4, 500)),
            "narrow": rng.normal(shift, 1, (4, 500)),
        }
        posterior = xr.Dataset({k: (("chain", "draw"), v) for k, v in draws.items()})
        return Point({"sd": shift}, Status.PASS, summarise(posterior), {}, "d", ("d",))

    found = Sweep({"sd": (0.0, 3.0)}, (point(0.0), point(3.0)), "d")
    assert most_moved(found, ["wide", "narrow"]) == "narrow"


def test_a_fit_that_failed_moves_nothing() -> None:
    rng = np.random.default_rng(2)

    def point(sd: float, shift: float, status: Status) -> Point:
        draws = {"x": rng.normal(shift, 1, (4, 500)), "y": rng.normal(sd, 1, (4, 500))}
        posterior = xr.Dataset({k: (("chain", "draw"), v) for k, v in draws.items()})
        return Point({"sd": sd}, status, summarise(posterior), {}, "d", ("d",))

    points = (point(0, 0, Status.PASS), point(1, 0, Status.PASS), point(2, 1e6, Status.FAIL))
    assert most_moved(Sweep({"sd": (0, 1, 2)}, points, "d"), ["x", "y"]) == "y"
