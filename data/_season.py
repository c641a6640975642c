"""Are values enough for a season, a pattern that comes again every so many steps, or a trend?"""

import numpy as np

from data._recorded import Recorded

PERIODS = 2  # whole ones that are needed: of one, a season is no other thing than its level
ALIKE = 1e-9  # of their size, to which values differ by rounding alone
LONGEST = 2_000  # steps of time with a slope that changes: level and slope are drawn at each
MOST = 15_000  # values times steps of a period, and one more: both are summed out of each of them


def without_course(found: Recorded, season: int, option: str = "--trend") -> list[str]:
    """Return what is wrong with values for a trend, beside a season of so many steps or none.

    `option` is what asks for the trend.
    """
    n, wide = len(found.values), max(season, 1) + 1
    if n * wide > MOST:
        beside = f" and a season of {season:,}" if season else ""
        return [
            f"{n:,} values, and with a trend{beside} (--trend) at most {MOST // wide:,} are read; "
            "give the last ones alone, or means of several steps each (--means)"
        ]
    places = (found.at[:, None] % max(season, 1) == np.arange(max(season, 1))).astype(float)
    y, line = found.values.to_numpy(dtype=float), np.column_stack([places, found.at])
    size = np.abs(y).max()
    left = y / size - line @ np.linalg.lstsq(line, y / size, rcond=None)[0]
    if np.ptp(left) <= ALIKE:
        beside = ", with a season," if season else ""
        return [
            f"all values{beside} lie on one straight line ({option}): nothing is off it and there "
            "is no noise, so that there is nothing to be told"
        ]
    return []


def unturned(found: Recorded) -> list[str]:
    """Return what is wrong with values for a slope that itself changes."""
    steps = int(found.at[-1]) + 1
    if steps <= LONGEST:
        return without_course(found, 0, "--turning")
    return [
        f"{steps:,} steps of time, and with a slope that changes (--turning) at most {LONGEST:,} "
        "are read; give the last ones alone, or means of several steps each (--means)"
    ]


def unseasonal(found: Recorded, season: int) -> list[str]:
    """Return what is wrong with values for a season of so many steps."""
    n, steps = len(found.values), int(found.at[-1]) + 1
    if steps < PERIODS * season:
        return [
            f"{steps:,} steps of time, a {found.unit} each, and a season of {season:,} (--season) "
            f"needs {PERIODS * season:,}: two whole periods; give more values, or leave it out"
        ]
    if n * season > MOST:
        return [
            f"{n:,} values, and with a season of {season:,} (--season) at most {MOST // season:,} "
            "are read; give the last ones alone, or means of whole periods (--means)"
        ]
    means = found.values.groupby(found.at % season).transform("mean")
    if np.ptp(found.values - means) <= ALIKE * np.abs(found.values).max():
        return [
            f"each value is that of {season:,} steps before (--season): nothing moves and there is "
            "no noise, so that there is nothing to be told"
        ]
    seen, names = np.unique(found.at % season, return_counts=True), found.places(season)
    rare = [i for i in range(season) if dict(zip(*seen, strict=True)).get(i, 0) < PERIODS]
    if rare:
        some = ", ".join(names[i] for i in rare[:5]) + (", ..." if len(rare) > 5 else "")
        return [
            f"a season of {season:,} (--season) needs {PERIODS} values at each place of the "
            f"period, and these have fewer: {some}"
        ]
    return []
