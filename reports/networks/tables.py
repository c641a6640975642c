"""A network's tables and a patient's chances as tables: exact, by NUTS, by ADVI; what to do."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from reports.blocks.blocks import NONE, Cell, Figure, Table
from reports.blocks.numbers import estimate, figure, number, probability
from reports.drawing import figures
from reports.drawing.whiskers import whiskers
from reports.networks import words
from workflow.checking.exact import WORST
from workflow.networks.agreement import Agreement, Moments
from workflow.networks.asked import SEES, TREAT, WAIT, Asked, Outcome
from workflow.networks.exact import Exact
from workflow.quantities import INTERVAL, Quantity, Scalar, label, named

HOW_DATA = (
    "One row a finding: how many patients have it, of how many it is known, and of how many it is "
    "blank. A blank is no “no”: it is left open, and the other findings of the patient are used."
)
HOW_OPTIONS = (
    "One row an option. Expected cost: what it costs on average, all told, as many times as one "
    "treatment without need; the least is best. What follows: what one does after the finding, "
    "which is paid for. Exactly: the same by formula, where blanks leave one. "
    "Options within two Monte Carlo errors are not told apart."
)
HOW_DISEASES = (
    "One row a disease; a patient may have several, so they need not add up to 1. Probability: "
    "that of this patient, all that is not known weighed in; exactly: the same by formula. "
    f"Chance: median and {INTERVAL} of what it would be if the tables were known; a wide interval "
    "says that more patients in the file would tell more, not more findings of this one."
)
HOW_TESTS = (
    "One row a finding that can still be seen: how probable it is to be there, the probability of "
    "the disease after it, and what one does then. Value: what that is expected to save, before it "
    "is paid for; 0 where one would do the same either way. Worth it: value above cost."
)
HOW_TABLES = (
    "One row a row of a table: how probable the finding is, given what it depends on. Patients: "
    f"those with the finding, of those in this row. Median and {INTERVAL}. Few patients make a "
    "wide interval, none leave the prior."
)
HOW_AGREEMENT = (
    "One row a quantity: mean and, in brackets, sd. Exact: each row of a table is a Beta "
    "distribution, by formula; chances of diseases by 40,000 independent draws of these. NUTS: "
    "digits stop where the Monte Carlo error begins, and off by is its difference from the exact "
    f"mean in these errors: 1 to 2 is chance, above {WORST} is not. ADVI errs by its family, which "
    "is no matter of draws."
)


def data(patients: pd.DataFrame, names: Sequence[str]) -> Table:
    """Return how many patients have each finding, and of how many it is not known."""
    rows = []
    for name in names:
        by = patients.groupby(patients[name].fillna(-1))["patients"].sum()
        yes, no, blank = (int(by.get(value, 0)) for value in (1, 0, -1))
        share = figure(yes / (yes + no)) if yes + no else NONE
        rows.append((words.called(name), f"{yes:,}", f"{yes + no:,}", share, f"{blank:,}"))
    columns = ("finding", "have it", "of", "share", "blank")
    return Table("What was found", columns, tuple(rows), HOW_DATA)


def options(
    decision: str | None,
    asked: Asked,
    measured: Mapping[str, Scalar],
    outcomes: Mapping[str, Outcome],
    known: Exact | None,
) -> Table:
    """Return what can be done, what follows, and what it is expected to cost."""
    follows = {TREAT: "treated now", WAIT: "not treated"} | {
        SEES.format(name): words.then(one.then_with, one.then_without)
        for name, one in outcomes.items()
    }
    unit = asked.costs.false_alarm
    exactly = asked.expected_costs(known.states) if known else {}
    rows = []
    for one in asked.options:
        found = measured[f"expected_cost[{one}]"]
        beside = _beside(exactly[one] / unit if known else None, found.mcse / unit)
        chosen = " (chosen)" if one == decision else ""
        name = f"{words.option(one)}{chosen}"
        rows.append((name, follows[one], words.cost(found, unit), *beside))
    columns = "option", "what follows", "expected cost", *(["exactly"] if known else [])
    return Table("What to do", columns, tuple(rows), HOW_OPTIONS)


def diseases(
    asked: Asked, measured: Mapping[str, Scalar], found: Mapping[str, Quantity], known: Exact | None
) -> Table:
    """Return the probability of each disease, and what the tables leave open of it."""
    chances = [found[f"chance[{name}]"] for name in asked.open]
    rows = []
    for name, q, cell in zip(asked.open, chances, whiskers(chances), strict=True):
        p = measured[f"prob[{name}]"]
        beside = _beside(known.prob(asked.seen, name) if known else None, p.mcse)
        rows.append((name, probability(p), *beside, estimate(q), cell))
    exactly = ["exactly"] if known else []
    columns = "disease", "probability", *exactly, "chance (95% credible interval)", ""
    return Table(f"With {words.seen(asked.seen)}", columns, tuple(rows), HOW_DISEASES)


def tests(
    asked: Asked, measured: Mapping[str, Scalar], outcomes: Mapping[str, Outcome]
) -> list[Table | str]:
    """Return what each further finding would say, and whether it is worth what it costs."""
    if not outcomes:
        return ["Everything that can be asked for was seen."]
    unit, rows = asked.costs.false_alarm, []
    for name, one in outcomes.items():
        value, cost = measured[f"value[{name}]"], asked.costs.findings[name]
        worth = "yes" if value.value > cost else "no"
        ill = probability(one.ill_with), probability(one.ill_without)
        follows = words.then(one.then_with, one.then_without)
        cells = probability(one.chance), *ill, follows, words.cost(value, unit), figure(cost / unit)
        rows.append((words.called(name), *cells, worth))
    columns = (
        *("finding", "P(yes)", f"P({asked.disease}) if yes", "if no", "what follows"),
        *("value", "cost", "worth it"),
    )
    return [Table("What one more finding would bring", columns, tuple(rows), HOW_TESTS)]


def network(found: Mapping[str, Quantity], counts: pd.DataFrame) -> Table:
    """Return every row of every table; `counts` has the patients with (yes) and without (no)."""
    quantities = named(found, "table")
    cells = whiskers([*quantities.values()])
    rows: list[tuple[Cell, ...]] = []
    for (name, q), cell in zip(quantities.items(), cells, strict=True):
        yes, no = counts.loc[label(name), ["yes", "no"]]
        rows.append((*_row(label(name)), f"{yes:,} of {yes + no:,}", estimate(q), cell))
    columns = ("finding", "given", "patients", "probability (95% credible interval)", "")
    return Table("The tables of the network", columns, tuple(rows), HOW_TABLES)


def agreement(found: Sequence[Agreement]) -> Table:
    """Return exact posterior, NUTS and ADVI side by side."""
    methods, known = list(found[0].advi), found[0].exact is not None
    rows: list[tuple[Cell, ...]] = []
    for one in found:
        error = one.nuts.mcse_mean
        exact = [_moments(one.exact, error)] if one.exact else []
        off = [f"{one.off:.1f}"] if known else []
        ours = _moments((one.nuts.mean or np.nan, one.nuts.sd or np.nan), error)
        theirs = [_moments(one.advi[method], error) for method in methods]
        name, given = _row(label(one.name))
        about = "of the patient" if one.name.startswith("chance") else given
        rows.append((name, about, *exact, ours, *off, *theirs))
    columns = (
        *("quantity", "given", *(["exact"] if known else []), "NUTS"),
        *(["off by"] if known else []),
        *(f"{method} ADVI" for method in methods),
    )
    return Table("Exact posterior, NUTS and ADVI", columns, tuple(rows), HOW_AGREEMENT)


def picture(asked: Asked, found: Mapping[str, Quantity]) -> Figure:
    """Draw the chances of the diseases."""
    return figures.intervals(
        "answer",
        {name: {"NUTS": found[f"chance[{name}]"]} for name in asked.open},
        label="chance, %",
        caption=f"With {words.seen(asked.seen)}: median and {INTERVAL}.",
        scale=100,
    )


def _beside(value: float | None, error: float) -> list[str]:
    """Return the exact value, to the digits of the one by NUTS; nothing where it is not known."""
    return [] if value is None else [number(value, max(error, 1e-4))]


def _moments(of: Moments, error: float | None) -> str:
    return f"{number(of[0], error)} ({number(of[1], error)})"


def _row(name: str) -> tuple[str, str]:
    """Return a row's finding, and what it is given, in words."""
    child, _, given = name.partition(" | ")
    parts = [part.split("=") for part in given.split(", ") if part]
    said = ", ".join(
        f"{words.called(one)} {'yes' if value == '1' else 'no'}" for one, value in parts
    )
    return words.called(child), said or NONE
