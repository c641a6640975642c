"""The studies as a page for a sceptic: what is calibrated, and whether the proof could fail."""

from collections.abc import Mapping, Sequence

import numpy as np

from reports.blocks.blocks import Block, Cell, Table
from reports.drawing.ranks import OTHERS, Panel, panels
from reports.page.page import Section
from reports.page.proof import Proof
from reports.publishing.provenance import Provenance
from tests.calibration.coverage import AdviStudy, Coverage, by_ranks
from tests.calibration.designs import RIGHT, design
from tests.calibration.study import FAMILY_WISE, Study, power
from workflow.calibrating.sbc import RANKED
from workflow.calibrating.uniformity import band, ecdf, holm
from workflow.checking.diagnostics import Status

Studies = Mapping[tuple[str, str], Study]
UNLIKELY = 0.05
HOW_COVERAGE = (
    "One row a quantity: in how many of the replicates its true value is inside the interval, with "
    "the uncertainty of that share. 95% is good. Less is too sure: the intervals are too short, or "
    "in the wrong place; more is too cautious. NUTS beside it says what honest intervals give on "
    "the same data."
)

DONE = (
    "For each replicate, parameters are drawn from the prior and data from the model; the "
    "posterior is then sampled from these data by the path of every analysis (four chains of 250 "
    "draws, tried again when they are not good enough), thinned to 100 draws, and the rank of the "
    "true value among these is kept. If prior, model, sampler and everything in "
    f"between are what they say, each of the {RANKED + 1} ranks is equally likely, for every "
    "quantity. The joint log-likelihood is one more quantity: it sees what no parameter by itself "
    "shows.",
    "The shipped design is that of the data that ship with the case, with their rows, terms and "
    "scales. In the small one the data say little, so that an error in the prior shows: about two "
    "rows a coefficient, 20 visitors an arm, 20 messages a class, 5 births. A curve of many places "
    "is simulated from the process itself and fitted by the waves that a page would take for it.",
    "Fits that fail their diagnosis keep their ranks: to drop them would be to choose. Sources: "
    "Talts et al. (2018); Säilynoja, Bürkner and Vehtari (2022) for bands and p-values; Modrák et "
    "al. (2023) for the joint log-likelihood.",
)
LIMITS = (
    "Calibration says that the computation gives the posterior of the model as it is written. It "
    "does not say that the model is true of anybody's data: that is what the predictive checks of "
    "each case are for.",
    "It holds on average over the prior. A fit can be wrong in a corner that the prior hardly ever "
    "visits; there the diagnosis of the single fit has to speak.",
    "With much data the prior hardly matters, and an error in it cannot be seen: no wrong prior is "
    "tried on a shipped design. And of a prior that weighs 20 births, one pseudo-count less on "
    "either side (a dropped Jacobian) changes the posterior sd by 2.5%: a thousand replicates do "
    "not see that, so the small design of that case has a prior that weighs 4.",
)
HOW = (
    "Each line is a quantity. A line inside the grey band is what uniform ranks look like: of "
    "calibrated quantities 99% stay inside everywhere, taken one at a time. A line that goes down "
    "and then up means posteriors too wide, up and then down too narrow; one that stays on one "
    "side means that they are shifted. The dashed line is the quantity with the smallest p-value, "
    f"named above the panel; the thin ones are others, at most the {OTHERS} that come nearest to "
    "the end of the band or leave it."
)


def proof(studies: Studies, advi: Sequence[AdviStudy], origin: Provenance) -> Proof:
    """Return the page about all studies that there are."""
    by_case = {at: studies[at] for at in sorted(studies, key=lambda at: at[0])}
    right = {at: one for at, one in by_case.items() if at[1] in RIGHT}
    wrong = {at: one for at, one in by_case.items() if at[1] not in RIGHT}
    adjusted = family_wise(right)
    refuted = [at for at, p in adjusted.items() if min(p.values()) < FAMILY_WISE]
    hidden = [at for at, one in wrong.items() if least(one)[1] >= FAMILY_WISE]
    status = Status.FAIL if refuted else Status.WARN if hidden or not wrong else Status.PASS
    return Proof(
        "calibration",
        "Calibration",
        "Do the fits give back what the models put in?",
        answer(right, wrong, refuted, hidden),
        status,
        _meaning(refuted, hidden, wrong),
        (
            Section("What was done", DONE),
            Section("The models", models(right, adjusted)),
            Section("Could this proof have failed?", mutants(wrong)),
            Section("How often is the truth inside ADVI's intervals?", by_advi(advi, studies)),
            Section("What this does not show", LIMITS),
        ),
        origin,
    )


def family_wise(right: Studies) -> dict[tuple[str, str], dict[str, float]]:
    """Return Holm's p-values: adjusted for all quantities of both designs of a case together."""
    found: dict[tuple[str, str], dict[str, float]] = {at: {} for at in right}
    for case in dict.fromkeys(case for case, _ in right):
        together = {
            f"{variant}: {name}": p
            for (one, variant), study in right.items()
            if one == case
            for name, p in study.p_values().items()
        }
        for name, p in holm(together).items():
            variant, _, quantity = name.partition(": ")
            found[case, variant][quantity] = p
    return found


def least(study: Study) -> tuple[str, float]:
    """Return the quantity with the smallest p-value of a study, and that p-value by Holm."""
    adjusted = holm(study.p_values())
    name = min(adjusted, key=adjusted.__getitem__)
    return name, adjusted[name]


def answer(
    right: Studies,
    wrong: Studies,
    refuted: Sequence[tuple[str, str]],
    hidden: Sequence[tuple[str, str]],
) -> str:
    """Say in a sentence how it ended."""
    n = sorted({len(one.replicates) for one in right.values()})
    counts = f"{n[0]:,}" if len(n) == 1 else f"{n[0]:,} to {n[-1]:,}"
    models = len({case for case, _ in right})
    said = (
        f"As far as seen, yes: none of {models} models is refuted on any of {len(right)} designs"
        if not refuted
        else f"Not always: refuted are {', '.join(map(' on '.join, refuted))}"
    )
    found = len(wrong) - len(hidden)
    also = f", and {found} of {len(wrong)} wrong models are found out" if wrong else ""
    return f"{said} ({counts} replicates each, 1% family-wise for each model){also}."


def _meaning(refuted: Sequence, hidden: Sequence, wrong: Studies) -> str:
    if not wrong:
        return "no wrong model was tried, so nothing says that an error would have been seen."
    if refuted:
        return "a model or its fit is not what it says; its answers are not to be used."
    if hidden:
        return "no model is refuted, but some errors that were made on purpose were not seen."
    return "no model is refuted, and the errors that were made on purpose were seen."


def models(right: Studies, adjusted: Mapping[tuple[str, str], Mapping[str, float]]) -> tuple:
    """Return table and figure of the right models."""
    rows: list[tuple[Cell, ...]] = []
    for at, study in right.items():
        worst = min(adjusted[at], key=adjusted[at].__getitem__)
        p = adjusted[at][worst]
        verdict = Status.PASS if p >= FAMILY_WISE else Status.FAIL
        again = sum(one.tries > 1 for one in study.replicates)
        low = sum(not one.least_ess >= RANKED for one in study.replicates)
        rows.append((*at, *_counts(study), str(again), str(low), worst, _p(p), verdict))
    columns = (
        *("case", "design", "replicates", "quantities", "fits: failed, warned"),
        *("tried again", f"ESS below {RANKED}"),
        *("least uniform", "its p, adjusted", "status"),
    )
    how = (
        "One row a model and a design. p is the probability of ranks as uneven as these or more "
        "so, if every rank is equally likely; adjusted (Holm) for all quantities of both designs. "
        "Quantities whose ranks are always the same as another's count once. Failed fits are in; "
        "most warnings are of R-hat, which 1,000 draws rarely bring below 1.01 for every quantity."
    )
    table = Table("Right models", columns, tuple(rows), how)
    return table, _drawing("right", right, "Ranks of the quantities of the right models.")


def mutants(wrong: Studies) -> tuple[Block, ...]:
    """Return table and figure of the wrong models."""
    if not wrong:
        return ("No wrong model was tried, so this proof shows little.",)
    rows: list[tuple[Cell, ...]] = []
    for (case, variant), study in wrong.items():
        worst, p = least(study)
        found = Status.PASS if p < FAMILY_WISE else Status.WARN
        strength = f"{power(study):.2f}" if len(study.replicates) >= 200 else "–"
        rows.append((case, told(case, variant), *_counts(study), worst, _p(p), strength, found))
    columns = (
        *("case", "what is wrong", "replicates", "quantities", "fits: failed, warned"),
        *("least uniform", "its p, adjusted", "power at 100", "found out"),
    )
    how = (
        "One row a wrong model. Each of these fits something else than what the data were "
        "simulated from. Power at 100: how often 100 replicates, drawn from all, would have found "
        "it out. Wrong models are sampled once, without further tries, and p is adjusted for the "
        "quantities of the small design alone. A Jacobian that is dropped where nothing was "
        "counted leaves no proper posterior at all: the fits that fail then are what the gates see "
        "too."
    )
    said = (
        "A test that cannot fail proves nothing. So the same simulations were fitted by models "
        "that are wrong on purpose: a prior with twice the sd, a likelihood with twice the noise "
        "(or another link, or every count doubled, where there is no noise to scale), and a change "
        "of variables whose Jacobian was forgotten; of waves too few, or such that end too near. "
        "PASS means that the error was seen."
    )
    table = Table("Wrong models, on the small designs", columns, tuple(rows), how)
    return said, table, _drawing("wrong", wrong, "Ranks of the quantities of the wrong models.")


def by_advi(found: Sequence[AdviStudy], studies: Studies) -> tuple[Block, ...]:
    """Return a table for each case of ADVI's coverage beside that of NUTS."""
    if not found:
        return ("ADVI was not tried.",)
    nominal = (RANKED + 1 - 2 * ((RANKED + 1 - 95) // 2)) / (RANKED + 1)
    said = (
        "The same simulated data, fitted by mean-field ADVI as in every analysis: how often is "
        "the true value inside the 95% equal-tailed interval? NUTS, beside it, by its ranks: the "
        f"central 95 of {RANKED + 1}, which should have it in {100 * nominal:.1f}% of the "
        "replicates. ADVI fits that did not arrive are in. 95% counts as refuted below p = "
        f"{UNLIKELY:g}, adjusted for the quantities of the table (Holm)."
    )
    blocks: list[Block] = [said]
    for one in found:
        nuts = by_ranks(studies[one.case, "small"], one.replicates)
        distinct = {name: c for name, c in one.coverage.items() if name in nuts}
        adjusted = holm({name: c.p_value for name, c in distinct.items()})
        rows = tuple(
            (
                name,
                _share(c),
                _share(nuts[name]),
                Status.PASS if adjusted[name] >= UNLIKELY else Status.WARN,
            )
            for name, c in distinct.items()
        )
        caption = (
            f"{one.case}, small design: coverage in {one.replicates:,} replicates, of which "
            f"{one.arrived:,} arrived (95% Clopper-Pearson interval)"
        )
        columns = ("quantity", "ADVI, 95% interval", "NUTS, central ranks", "95% not refuted")
        blocks.append(Table(caption, columns, rows, HOW_COVERAGE))
    return tuple(blocks)


def told(case: str, variant: str) -> str:
    """Return in words what is wrong with a mutant."""
    return str(getattr(design(case), variant)().told)


def _share(found: Coverage) -> str:
    low, high = found.interval
    return f"{100 * found.share:.1f}% ({100 * low:.1f} to {100 * high:.1f})"


def _counts(study: Study) -> tuple[str, str, str]:
    n, warned = len(study.replicates), sum(one.status is Status.WARN for one in study.replicates)
    return f"{n:,}", str(len(study.ranks)), f"{study.failed()}, {warned}"


def _p(p: float) -> str:
    return "< .001" if p < 0.001 else f"{p:.2g}"


def _drawing(name: str, studies: Studies, caption: str) -> Block:
    shown = {}
    for (case, variant), study in studies.items():
        n = len(study.replicates)
        lower, upper = band(n, RANKED, 1 - FAMILY_WISE)
        even = np.arange(1, RANKED + 1) / (RANKED + 1)
        distances = {k: ecdf(ranks, RANKED) - even for k, ranks in study.ranks.items()}
        key = f"{case}, {variant}".replace("_", " ")
        shown[key] = Panel(distances, lower - even, upper - even, least(study)[0])
    return panels(name, shown, caption=caption, how=HOW)
