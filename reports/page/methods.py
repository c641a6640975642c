"""A paragraph for the methods section of a paper, made of what was done in this run."""

from collections.abc import Mapping, Sequence

import xarray as xr

from reports.blocks.text import listed
from reports.page import sweeps
from reports.page.lines import rounded
from reports.publishing.provenance import Provenance
from reports.publishing.summary import Results
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Status
from workflow.quantities import INTERVAL
from workflow.sampling.fit import tries
from workflow.sensitivity.flips import in_words
from workflow.variational.advi import METHODS
from workflow.variational.certified import METHOD as LAPLACE


def paragraph(
    model: str,
    tree: xr.DataTree,
    results: Results,
    predictive: Mapping[str, Sequence[StatisticCheck]],
    provenance: Provenance,
) -> str:
    """Say how the draws were made, how they were checked, and by which versions.

    `model` says what the model assumes, with its prior's settings.
    """
    said = [
        f"Model: {model}" if model else "",
        _sampled(tree, provenance),
        _diagnosed(results),
        *(_predicted(which, found) for which, found in predictive.items() if found),
        _swept(results),
        _approximated(results),
        f"Intervals are {INTERVAL}s. Data: {provenance.data} (SHA-256 "
        f"{provenance.data_sha256[:16]}); code: casebook, commit {provenance.commit[:12]}.",
    ]
    return " ".join(one for one in said if one)


def _sampled(tree: xr.DataTree, provenance: Provenance) -> str:
    if tree.attrs.get("method") == LAPLACE:
        return _at_mode(tree, provenance)
    sizes, versions = tree["posterior"].sizes, provenance.versions
    runs = tries(tree) if "tries" in tree.attrs else []
    warm = [
        f" after {one.tune:,} of warm-up (target acceptance {one.target_accept:g})" for one in runs
    ]
    again = f", the last of {len(runs)} runs" if runs[1:] else ""
    return (
        f"It was sampled by NUTS (PyMC {versions.get('pymc', '?')}, nutpie "
        f"{versions.get('nutpie', '?')}): {sizes['chain']} chains of {sizes['draw']:,} draws each"
        f"{''.join(warm[-1:])}{again}, seed {provenance.seed}."
    )


def _at_mode(tree: xr.DataTree, provenance: Provenance) -> str:
    sizes, freedom = tree["posterior"].sizes, tree.attrs.get("freedom")
    drawn = "the Gaussian at the mode (Newton's method, exact curvature)"
    if freedom:
        drawn = f"a multivariate Student t ({freedom:g} degrees of freedom) about the mode"
    return (
        f"Draws of {drawn} were made draws of "
        "the posterior by the exact density of all rows (Metropolis-Hastings with independent "
        f"proposals): {sizes['chain']} chains of {sizes['draw']:,} draws each after "
        f"{tries(tree)[-1].tune:,}, seed {provenance.seed}."
    )


def _diagnosed(results: Results) -> str:
    told = [f"{one.check} {rounded(one.worst)}" for one in results.diagnosis.checks]
    return f"Worst values of the diagnosis ({results.diagnosis.status.value}): {listed(told)}."


def _predicted(which: str, found: Sequence[StatisticCheck]) -> str:
    bad = [one.statistic for one in found if one.result is Status.WARN]
    warned = f"{len(bad)} of them stood out ({listed(bad)})" if bad else "none of them stood out"
    many = f"{len(found)} statistics" if found[1:] else "one statistic"
    return f"The {which} predictive check looked at {many}; {warned}."


def _swept(results: Results) -> str:
    n = len(results.sensitivity.points)
    if not n:
        return ""
    knobs = " and ".join(results.sensitivity.knobs).replace("_", " ")
    said, drawn = in_words(results.sensitivity), sweeps.drawn(results.sensitivity)
    told = f"The prior was varied over {n} settings of {knobs}: {said[:1].lower()}{said[1:]}"
    return f"{told} {drawn}".strip()


def _approximated(results: Results) -> str:
    told = [f"{METHODS[one.method]} {one.verdict}" for one in results.advi]
    return f"Of ADVI, held against NUTS: {'; '.join(told)}." if told else ""
