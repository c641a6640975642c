"""The next trials in words: the answer, the data, the rule, warnings."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reports.blocks.numbers import figure, number
from reports.blocks.text import listed
from reports.functions.told import Told
from workflow.functions.left_out import Predicted
from workflow.functions.trials import STOP, TRY, Trial
from workflow.quantities import Quantity


def data(tried: pd.DataFrame, results: pd.Series, what: str, *, minimise: bool) -> str:
    """Say what was tried and what could be."""
    n, k = tried.shape
    best = results.idxmin() if minimise else results.idxmax()
    again = int(tried.duplicated(keep=False).sum())
    said = (
        f"{n:,} trials with {k} setting{'s' if k > 1 else ''} that varied; {results.name} from "
        f"{figure(float(results.min()), 4)} to {figure(float(results.max()), 4)}. "
        f"{'Less' if minimise else 'More'} is better: the best result so far, "
        f"{figure(float(results[best]), 4)}, stands in line {best}. What could be tried: {what}."
    )
    if again:
        said += (
            f" {again:,} of the trials have the same settings as another one: how far their "
            "results differ is noise, and tells how large it is."
        )
    return said


def prior(settings: Sequence[str], scale: float, name: str) -> str:
    """Say what the prior means."""
    return (
        f"Before any result, {name} goes up and down by about {figure(scale)} with the settings "
        "(--amplitude), about a level that is not known; two settings as far apart as two of the "
        "trials usually are have results that know a little of one another (--typical-length), "
        f"and each of the {len(settings)} setting{'s' if settings[1:] else ''} may matter much or "
        "hardly. Mean and sd of the results and of the settings are taken from the data."
    )


def answer(decision: str | None, told: Told) -> str:
    """Say in a sentence what to try next, or that one should stop."""
    one, sign = told.trials[0], told.search.sign
    kind = "lower" if sign < 0 else "raise"
    gain = number(told.most.value, told.most.mcse)
    best = (
        f"the best of {len(told.tried):,} (line {told.tried.index[told.best]}, {told.name} "
        f"{figure(told.best_mean, 4)} without its noise)"
    )
    worth = figure(told.search.worth)
    of_pool = f" of {told.pool}" if told.pool else ""
    if decision == TRY:
        many = len(told.trials)
        first = f"{told.where(one)} ({told.whole(one)})" if told.pool else told.whole(one)
        lines = [str(told.settings.index[trial.at]) for trial in told.trials[1:]]
        rest = f"line{'s' if lines[1:] else ''} {', '.join(lines)}" if told.pool and lines else ""
        others = f"; then {rest}" if rest else f"; and {many - 1} more" if many > 1 else ""
        what = f"Try these {many} next" if many > 1 else "Try this next"
        if told.functions:
            each = "Each is the best of a function" if many > 1 else "It is the best of a function"
            return (
                f"{what}{of_pool}: {first}{others}. {each} drawn from what is known; the most by "
                f"which a setting is expected to {kind} {best} is {gain}; {worth} is worth a trial."
            )
        return (
            f"{what}{of_pool}: {first}{others}. The first is expected to {kind} {best} by {gain}; "
            f"{worth} is worth a trial."
        )
    if decision == STOP:
        return (
            f"Stop: no setting{of_pool or ' in the ranges'} is expected to {kind} {best} by "
            f"{worth} or more; the most is {gain}."
        )
    return f"The setting looked at first{of_pool} is {told.where(one)}."


def rule_in_words(told: Told, *, stated: bool) -> str:
    """Say by which rule one tries and stops."""
    own = "" if stated else "; nobody stated it: a hundredth of the range of the results"
    about = (
        "Rule: the expected improvement of a setting is by how much its true value is better than "
        "the best of the tried ones, and nothing where it is worse, averaged over all that is not "
        "known. Best is the tried setting with the best mean, and not the best result, which was "
        "lucky. "
    )
    worth = f"{figure(told.search.worth)} (--worth{own}); else stop. "
    if told.functions:
        return (
            f"{about}Try, if the greatest one is at least {worth}Which: for each trial the lengths "
            "and sds are drawn from what is known, and then a function, at all settings at once; "
            "its best setting that no earlier trial has is tried (Thompson sampling). A setting "
            "is chosen as often as it is likely to be the best one."
        )
    return (
        f"{about}Try the setting with the greatest one, if it is at least {worth}The further ones "
        "of a batch are chosen as if the results of the earlier ones were in: made up from what is "
        "known (fantasies), one for each draw."
    )


def reason(told: Told, trial: Trial) -> str:
    """Say why a setting was chosen: it is predicted to be better, or little is known of it."""
    sign = told.search.sign
    ahead = sign * (trial.mean - told.best_mean)
    if ahead >= 0:
        return f"{told.again(trial)}better by {figure(ahead, 2)}, ± {figure(trial.sd, 2)}"
    return f"{told.again(trial)}worse by {figure(-ahead, 2)}, but ± {figure(trial.sd, 2)}"


def lengths(told: Told, found: Mapping[str, Quantity]) -> str:
    """Say which settings matter: those whose length is short beside the range that was tried."""
    ranges = told.tried.max() - told.tried.min()
    share = {
        str(name): found[f"length[{name}]"].median / float(ranges[name]) for name in told.tried
    }
    order = sorted(share, key=lambda name: share[name])
    first = order[0]
    rest = f", and least with {order[-1]} ({figure(share[order[-1]], 2)})" if order[1:] else ""
    return (
        "A length is how far one goes in a setting, the others equal, until the function is hardly "
        "known any more: the shorter, the more it changes. Beside the range that was tried it "
        f"changes most with {first} (length over range {figure(share[first], 2)}, at the "
        f"median){rest}."
    )


def top(told: Told, decision: str | None) -> dict[str, object]:
    """Return what the summary has under keys of its own: nothing to try where it is withheld."""
    rows = [
        {str(name): float(value) for name, value in told.settings.iloc[one.at].items()}
        | {"expected_improvement": one.improvement.value, "mean": one.mean, "sd": one.sd}
        for one in told.trials
    ]
    return {"next": rows if decision == TRY else [], "stop": decision == STOP}


def left_out(found: Predicted, name: str) -> str:
    """Say how well the surrogate predicts what it has not seen."""
    inside = int((abs(found.of - found.mean) <= 2 * found.sd).sum())
    return (
        f"Each {name} was predicted by all the others: that explains "
        f"{number(100 * found.explained, 9)}% of their variance, and {inside} of {len(found.of)} "
        "lie within two sds of their prediction."
    )


def searches(found: Mapping[str, np.ndarray], first: int) -> str:
    """Say how far searches of the shipped mixes were from the strongest one at their end.

    `found` has the regrets of each policy. Dims: search, trial.
    """
    n, trials = next(iter(found.values())).shape
    ends = {name: one[:, -1] for name, one in found.items()}
    told = listed(
        f"{name} {figure(one.mean(), 3)} ± {figure(one.std(ddof=1) / np.sqrt(n), 2)}, "
        f"{int((one == 0).sum())} of {n} at the strongest"
        for name, one in ends.items()
    )
    return (
        f"The strength of all 1,030 mixes is known, so that searches can be tried: {n} of each "
        f"kind, each from {first} mixes drawn at random, the same for all kinds, and then "
        f"{trials - 1} more, one at a time. After {first + trials - 1} trials the best so far is "
        f"short of the strongest mix (mean ± standard error, MPa) by: {told}. The searches do not "
        "use NUTS but the mode of the unknowns, or 16 draws around it by importance sampling, and "
        "choose the mixes one by one. The table has the same kinds on two functions whose best is "
        "published. What they show is what the rules do there, and nothing about another file."
    )
