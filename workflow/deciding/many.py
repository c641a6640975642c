"""Many choices at once: how many of those that were made are expected to be wrong.

The share is the mean, over the choices, of the posterior probability that each is wrong: the
Bayesian false discovery rate. Source: Müller, Parmigiani and Rice (2006), FDR and Bayesian multiple
comparisons rules.
"""

from collections.abc import Mapping, Sequence

from workflow.quantities import Scalar

CHOOSE, BEST = "choose ", "prob_best"


def wrong(decision: str | None, scalars: Mapping[str, Scalar]) -> Scalar | None:
    """Return the posterior probability that another option than the chosen one is the best.

    None where nothing is chosen, or where the case has no such probability.
    """
    if decision is None or not decision.startswith(CHOOSE):
        return None
    best = scalars.get(f"{BEST}[{decision.removeprefix(CHOOSE)}]")
    return None if best is None else Scalar(1 - best.value, best.mcse)


def expected_wrong(each: Sequence[Scalar]) -> Scalar | None:
    """Return the expected share of wrong choices among some, each wrong with a probability.

    None where there are none. Fits of one seed share their random numbers, so that their Monte
    Carlo errors may go together: the error of the mean is the mean of the errors, the largest that
    it can be.
    """
    if not each:
        return None
    n = len(each)
    return Scalar(sum(one.value for one in each) / n, sum(one.mcse for one in each) / n)
