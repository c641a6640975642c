"""Perfect separation is told with its kind, its terms, and what the prior makes of it."""

from pathlib import Path

from reports.regression import apart
from tests.reports.regression.test_costs import report
from tests.reports.regression.test_logistic import DRAWS, FOUND, SHOWN
from workflow.checking.diagnostics import Status
from workflow.quantities import Scalar, summarise
from workflow.regression.separation import COMPLETE, NONE, QUASI, Separation
from workflow.sensitivity.sensitivity import Point, Sweep


def swept() -> Sweep:
    """The coefficient doubles from prior sd .5 to 5, the log loss stays."""
    points = []
    for sd, factor, loss in ((0.5, 1, 0.2), (5.0, 2, 0.21)):
        q = summarise(factor * DRAWS)
        scalars = {"log_loss": Scalar(loss, 1e-3)}
        points.append(Point({"slope_sd": sd}, Status.PASS, q, scalars, "a", ("a",)))
    return Sweep({"slope_sd": (0.5, 5.0)}, tuple(points), "a")


def test_separation_is_named_with_what_the_prior_decides(tmp_path: Path) -> None:
    kinds = {
        COMPLETE: Separation(COMPLETE, ("x",), (), 40, 40),
        QUASI: Separation(QUASI, (), ("x",), 3, 40),
        NONE: Separation(NONE, (), (), 0, 40),
    }
    said = {
        kind: " ".join(str(block) for block in apart.told(one, swept(), "x"))
        for kind, one in kinds.items()
    }
    low, high = FOUND[SHOWN].median, 2 * FOUND[SHOWN].median
    for kind in (COMPLETE, QUASI):
        assert "the likelihood has no maximum" in said[kind]
        assert f"is {low:.3g} with a prior sd of 0.5 and {high:.3g} with 5" in said[kind]
    assert "By itself this does: x." in said[COMPLETE]
    assert "but for rows on the border, this does: x." in said[QUASI]
    assert "sets 3 of the 40 fitted rows apart" in said[QUASI]
    assert "tells all events" not in said[QUASI]
    together = Separation(QUASI, (), (), 3, 40)
    assert "median of" not in " ".join(map(str, apart.told(together, swept(), "x")))
    assert "the likelihood has a maximum" in said[NONE]
    page = report(tmp_path)
    for one in kinds.values():
        apart.warn(page, one)
    perfect, some = (w.text for w in page.warnings)
    assert "perfectly separated" in perfect
    assert "3 of the 40 fitted rows apart" in some
    assert "perfectly" not in some


def test_the_sweep_is_told_for_coefficient_and_prediction() -> None:
    said = apart.moved(swept(), SHOWN, "held-out rows")
    assert f"from {FOUND[SHOWN].median:.3g} to {2 * FOUND[SHOWN].median:.3g}" in said
    assert "from 0.2 to 0.21 nats" in said
