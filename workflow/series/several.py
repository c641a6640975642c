"""Several series, each with its own rule: what the draws of all of them say of each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from workflow.checking.checks import Statistic
from workflow.deciding.decision import GRANTED, UNDECIDED
from workflow.quantities import Scalar
from workflow.series.accounts import Series
from workflow.series.changed import CHANGED, FALLEN, RISEN, SAME, Rule, told
from workflow.series.levels import with_levels
from workflow.series.one_step import statistics

SDS = ("sigma_observation", "sigma_level")
ORDER = (FALLEN, RISEN, CHANGED, SAME, UNDECIDED)


def gathered(decisions: Mapping[str, str]) -> str:
    """Return the decisions of all series as one: each, and the series of which it is so."""
    by = {one: [name for name, its in decisions.items() if its == one] for one in ORDER}
    told = {one: ", ".join(map(quoted, names)) for one, names in by.items() if names}
    return "; ".join(f"{one}: {names}" for one, names in told.items())


def quoted(name: str) -> str:
    """Return the name of a series as it stands among others: in quotes where it could be two."""
    return f"“{name}”" if {*",;:"} & {*name} else name


@dataclass(frozen=True)
class Several:
    """Rules by the name of their series; each is that of one series by itself."""

    rules: Mapping[str, Rule]

    def of_each(self, posterior: xr.Dataset) -> Iterator[tuple[str, Rule, xr.Dataset]]:
        """Yield each series, its rule, and the draws of its sds as those of one series."""
        prior = posterior.attrs.get("prior") or {}
        for name, rule in self.rules.items():
            drawn = posterior[[*SDS]].sel(series=name, drop=True)
            yield name, rule, drawn.assign_attrs(prior=self.knobs(rule, **prior))

    def knobs(self, rule: Rule, noise: float = 1.0, drift: float = 1.0) -> dict[str, float]:
        """Return the prior of one series under knobs of all: so many times its own scales."""
        own = rule.series.prior
        return {"noise": noise * own.noise, "drift": drift * own.drift}

    def measure(self, posterior: xr.Dataset) -> dict[str, Scalar]:
        """Return by draws the probability that the level of each series fell, if it drifts."""
        return {
            f"prob_fallen[{name}]": rule.measure(drawn)["prob_fallen"]
            for name, rule, drawn in self.of_each(posterior)
        }

    def decisions(self, posterior: xr.Dataset, errors: float = GRANTED) -> dict[str, list[str]]:
        """Return of each series the decision, and those that the draws cannot tell from it."""
        return {
            name: list(rule.decide(drawn, errors)) for name, rule, drawn in self.of_each(posterior)
        }

    def decide(self, posterior: xr.Dataset, errors: float = GRANTED) -> tuple[str, ...]:
        """Return all decisions as one, and behind it those with another one of a single series."""
        found = self.decisions(posterior, errors)
        first = {name: its[0] for name, its in found.items()}
        others = ({**first, name: one} for name, its in found.items() for one in its[1:])
        return tuple(dict.fromkeys(gathered(one) for one in (first, *others)))

    def exact(self, **knobs: float) -> str:
        """Return the exact decisions under a prior."""
        each = self.rules.items()
        return gathered({name: rule.exact(**self.knobs(rule, **knobs)) for name, rule in each})

    def told(self) -> dict[str, Scalar]:
        """Return Bayes factor and probabilities of the accounts of each series."""
        return {
            f"{what.removesuffix(']')}, {name}]" if "[" in what else f"{what}[{name}]": one
            for name, rule in self.rules.items()
            for what, one in told(rule.verdict).items()
        }

    def with_changes(
        self, posterior: xr.Dataset, times: Mapping[str, list[str]], *, seed: int
    ) -> xr.Dataset:
        """Return the posterior with the change of each series, its last level, and its next value.

        `times` are the names of all times of a series. Dims of what is added: series.
        """
        parts = [
            _ends(rule.series, drawn, times[name], seed + i)
            for i, (name, rule, drawn) in enumerate(self.of_each(posterior))
        ]
        return posterior.merge(xr.concat(parts, posterior["series"]))

    def statistics(self, tree: xr.DataTree, of: np.ndarray) -> dict[str, Statistic]:
        """Return what is looked at of each series; `of` says of which (by number) each row is."""
        posterior = tree["posterior"].to_dataset()
        found: dict[str, Statistic] = {}
        for i, (name, rule, drawn) in enumerate(self.of_each(posterior)):
            alone = xr.DataTree.from_dict(
                {"posterior": drawn, "posterior_predictive": xr.Dataset(
                    coords={"draw": tree["posterior_predictive"]["draw"]})}
            )  # fmt: skip
            rows = np.flatnonzero(of == i)
            for what, one in statistics(rule.series, alone).items():
                found[f"{name}: {what}"] = partial(_of_rows, rows=rows, what=one)
        return found


def _ends(one: Series, drawn: xr.Dataset, times: list[str], seed: int) -> xr.Dataset:
    """Return change, last level and next value of one series, for each draw of its sds."""
    found = with_levels(drawn, one, times, ["next"], seed=seed)
    last, following = found["level"].isel(time=-1), found["forecast"].isel(ahead=0)
    made = {"change": found["change"], "last_level": last, "next_value": following}
    return xr.Dataset(
        {name: one.drop_vars(["time", "ahead"], errors="ignore") for name, one in made.items()}
    )


def prior_statistics(
    names: list[str], of: np.ndarray, kinds: Mapping[str, Statistic]
) -> dict[str, Statistic]:
    """Return statistics of one series, for each of several."""
    return {
        f"{name}: {what}": partial(_of_rows, rows=np.flatnonzero(of == i), what=one)
        for i, name in enumerate(names)
        for what, one in kinds.items()
    }


def _of_rows(
    y: xr.DataArray,
    given: xr.Dataset,
    *,
    rows: np.ndarray,
    what: Callable[[xr.DataArray, xr.Dataset], xr.DataArray],
) -> xr.DataArray:
    return what(y.isel(row=rows), given)
