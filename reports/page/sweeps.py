"""What a page says of how a sweep was made, and a warning where it judged too few priors."""

from collections.abc import Sequence

from reports.blocks.numbers import figure
from reports.page.argument import Argument
from workflow.sensitivity.reweighting import GOOD
from workflow.sensitivity.sensitivity import Sweep


def drawn(found: Sweep) -> str:
    """Say how many priors needed a fit, and how good the weights of the others are."""
    n, cheap = len(found.points), len(found.reweighted)
    if not cheap:
        return f"Each of the {n} priors has a fit of its own." if n > 1 else ""
    k_hat = found.k_hat
    worst = (
        f"the greatest Pareto k-hat of their weights is {figure(k_hat, 2)}, and below {GOOD:g} "
        "Monte Carlo errors hold"
        if k_hat is not None
        else "their weights are all the same"
    )
    rest = f"; {n - cheap} {'has a fit of its' if n - cheap == 1 else 'have fits of their'} own"
    return (
        f"Of {n} priors {cheap} {'needs' if cheap == 1 else 'need'} no fit: draws under another "
        f"prior, of this page or of a fit, are weighted by the ratio of the prior densities "
        f"({worst}){rest if n > cheap else ''}."
    )


def warn(page: Argument, found: Sweep, options: Sequence[str], *, more: bool = False) -> None:
    """Warn where fewer than half of the priors of a sweep could be judged.

    Parameters
    ----------
    options
        The options of the command line that set the prior, where they are called as its knobs are.
    more
        Whether the fits of the sweep would have more draws if the page had.
    """
    n, judged = len(found.points), sum(point.decision is not None for point in found.points)
    if found.decision is None or 2 * judged >= n:
        return
    few = f"only {judged} of the {n} priors" if judged else "none of the priors"
    draw = "Draw more (--draws). " if more else ""
    named = f" ({', '.join(options)})" if options else ""
    page.warn(
        f"Whether the prior decides is not known: {few} that were tried could be "
        f"judged{_why(found)}.",
        f"{draw}Set other priors yourself{named} and compare the answers: a fit of its own tries "
        "longer than one of a sweep.",
    )


def _why(found: Sweep) -> str:
    """Say how many fits failed, and of how many others the rule could not tell."""
    failed = sum(point.decision is None for point in found.failed)
    unknown = len(found.not_judged)
    parts = [
        f"{failed} {'fit' if failed == 1 else 'fits'} failed" if failed else "",
        f"of {unknown} the rule could not say what it decides" if unknown else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f" ({said})" if said else ""
