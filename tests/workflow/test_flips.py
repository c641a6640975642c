"""Where a decision flips, told from a grid whose flips are known; and what the prior moves most."""

import numpy as np
import xarray as xr

from reports import tables
from workflow.diagnostics import Status
from workflow.flips import crossings, in_words, most_moved
from workflow.quantities import summarise
from workflow.sensitivity import Point, Sweep

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


def test_one_corner_has_a_crossing_along_each_knob() -> None:
    found = crossings(grid(A, A, A, A, A, B))
    assert [(c.knob, *c.before.knobs.values(), *c.after.knobs.values()) for c in found] == [
        ("prior_mean", 0.1, 200, 0.5, 200),
        ("prior_strength", 0.5, 20, 0.5, 200),
    ]


def test_what_is_not_clear_lies_between() -> None:
    """What Monte Carlo error, or a failed fit, leaves open neither flips nor hides a flip."""
    assert crossings(grid(A, AB, BA, A, A, A)) == []
    assert crossings(grid(A, A, BA, A, A, A)) == []
    assert crossings(grid(A, A, A, A, None, A)) == []
    for between in (AB, BA, None):
        _, along = crossings(grid(A, A, A, A, between, B))
        assert along.knob == "prior_strength"
        assert along.before.knobs["prior_strength"] == 2
        assert along.after.knobs["prior_strength"] == 200


def test_a_decision_that_comes_back_crosses_twice() -> None:
    along = [c for c in crossings(grid(A, B, A, A, B, A)) if c.knob == "prior_strength"]
    assert [(c.before.decision, c.after.decision) for c in along] == 2 * [("a", "b"), ("b", "a")]


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
