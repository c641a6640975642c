"""Sds of several series from one population: how alike they are, and what pooling changes."""

from collections.abc import Mapping

import numpy as np

from reports.blocks.blocks import Table
from reports.blocks.numbers import figure
from reports.series.level import between
from workflow.checking.exact import Known
from workflow.series.changed import Rule
from workflow.series.population import Wide

KINDS = {"observation": "of a value about its level", "level": "of a step of the level"}
HOW_ALIKE = (
    "One row a kind of sd, exact: median and central 95%. Typical: the middle of the population. "
    "The factor is by how much two thirds of the series differ from that at most, up or down: at 1 "
    "all are the same. Good is a factor that is near 1, or known well: near 1 series help one "
    "another, and with few series it may not be known."
)
HOW_BESIDE = (
    "One row a series, exact, if its level drifts: each sd by its own values alone, and with what "
    "the other series say of it, median and central 95%. Good are intervals that pooling makes "
    "shorter and hardly moves; where it moves one far, the series is unlike the others."
)
LEARNED = (
    "What is decided of a series has the three accounts as by itself, but with the prior of both "
    "sds that all other series make: their values are in it, its own are not. The others are taken "
    "to drift; one that stays does so by hardly anything. How far a level jumps is not pooled."
)


def factor(found: Known) -> Known:
    """Return an sd of logarithms as a factor."""
    median, lower, upper = (float(np.exp(one)) for one in (found.median, found.lower, found.upper))
    return Known(median, found.sd, median, lower, upper)


def alike(found: Mapping[str, Known]) -> Table:
    """Return typical sds, and by which factor series differ from them."""
    rows = tuple(
        (f"sd {said}", between(found[f"typical_{kind}"]), between(factor(found[f"between_{kind}"])))
        for kind, said in KINDS.items()
    )
    columns = ("sd", "typical", "series differ by the factor")
    return Table("The population of the series", columns, rows, HOW_ALIKE)


def beside(pooled: Mapping[str, Rule], alone: Mapping[str, Rule]) -> Table:
    """Return both sds of each series and its decision, by itself and pooled."""
    rows = []
    for name, rule in pooled.items():
        one, other = alone[name].series.sds(), rule.series.sds()
        sds = (f"{between(one[sd])}; {between(other[sd])}"
               for sd in ("sigma_observation", "sigma_level"))  # fmt: skip
        rows.append((name, *sds, alone[name].exact(), rule.exact()))
    columns = ("series", "sd about the level: alone; pooled", "sd of a step: alone; pooled",
               "alone, its level has", "pooled")  # fmt: skip
    return Table("What pooling changes", columns, tuple(rows), HOW_BESIDE)


def line(found: Mapping[str, Known]) -> str:
    """Say how alike the series are, in a line."""
    noise, level = (factor(found[f"between_{kind}"]) for kind in KINDS)
    return (
        f"Two thirds of the series are within a factor of {figure(noise.median)} (95% up to "
        f"{figure(noise.upper)}) of the typical sd about the level, and of {figure(level.median)} "
        f"(up to {figure(level.upper)}) of that of a step."
    )


def learned(wide: Wide, *, given: bool) -> str:
    """Say what the prior expects of the population, and where its scales come from."""
    said = (
        f"A typical sd of a value about its level is expected at {figure(wide.noise)}, that of a "
        f"step of the level at {figure(wide.drift)}, each within {np.exp(2 * wide.typical):.0f} "
        "times either way; the sd between the logarithms of series is half normal with scale "
        f"{figure(wide.between)}."
    )
    if given:
        return said
    return (
        f"{said} What is expected is the middle, over series, of the root mean square of the "
        "differences of neighbours: noise or level alone could make such differences. This uses "
        "the data twice, and hardly matters at this width; if you know, say it with --noise, "
        "--drift and --jump."
    )
