"""Findings and what to do, in sentences: the answer, the rule, what to beware of."""

from collections.abc import Mapping, Sequence

from reports.blocks.numbers import figure, interval, number, probability
from reports.page.page import Report
from workflow.networks.asked import TREAT, WAIT, Asked, cheapest
from workflow.quantities import INTERVAL, Quantity, Scalar, named

CALLED = {"xray": "X-ray"}
SHIPPED = (
    "The patients are simulated: 5,000 drawn from the tables of Lauritzen and Spiegelhalter "
    "(1988), so that the true probabilities are known. They are no advice to anybody."
)
STRUCTURE = (
    "Which finding depends on which is taken to be known; the tables are not. A finding depends on "
    "nothing else, given those: “either” is tuberculosis or cancer, of which an X-ray and "
    "shortness of breath are taken to make no difference."
)
CAUSES = (
    "The tables are those of the patients in the file. Where others are asked about (a clinic "
    "instead of a town), how common diseases are may differ, and with it every probability here."
)
CLAIMS = (
    "Each table has a probability for every row, which the counts cannot contradict. What the "
    "network does claim is what has nothing to do with what: given what a finding depends on, it "
    "knows nothing of the other findings. That can be wrong, and then probabilities made by "
    "multiplying tables are wrong, however many patients there are. Looked at is each such pair: "
    "how many more patients than expected have both, in standard deviations "
    "(Cochran, Mantel and Haenszel)."
)
MISFIT = "Findings go together that the network says have nothing to do with one another"
INSTEAD = (
    "Do not act on probabilities that pass through them: the arrows of the network are wrong for "
    "these patients, or how they came into the file made the findings go together."
)
BLANKS = (
    "Some patients have blanks on which something else depends, so that the posterior is known by "
    "no formula, and NUTS cannot be held against it here."
)


DEFAULTS = (
    "The costs are yours to say. By default a disease that is not treated is as bad as ten "
    "treatments without need, an X-ray as a tenth of one, a question as a hundredth."
)


def called(name: str) -> str:
    """Return what a finding is called in a sentence."""
    return CALLED.get(name, name)


def option(name: str) -> str:
    """Return what an option is called."""
    first, _, rest = name.partition(" ")
    return f"{called(first)} {rest}".strip()


def seen(findings: Mapping[str, int]) -> str:
    """Say what was seen of the patient."""
    if not findings:
        return "nothing seen yet"
    return ", ".join(f"{called(one)}: {'yes' if yes else 'no'}" for one, yes in findings.items())


def answer(
    decision: str | None,
    asked: Asked,
    measured: Mapping[str, Scalar],
    found: Mapping[str, Quantity],
) -> str:
    """Say what to do and why: the probability of the disease, and what each option costs."""
    p, q = measured[f"prob[{asked.disease}]"], found[f"chance[{asked.disease}]"]
    chances = {name: measured[f"prob[{name}]"] for name in asked.open}
    likely = max(chances, key=lambda name: chances[name].value)
    most = f"; most probable is {likely} ({probability(chances[likely])})"
    costs = named(measured, "expected_cost")
    order = cheapest({one: costs[f"expected_cost[{one}]"].value for one in asked.options})
    told = sorted(order, key=lambda one: one != decision)
    unit = asked.costs.false_alarm
    said = ", ".join(f"{option(one)} {cost(costs[f'expected_cost[{one}]'], unit)}" for one in told)
    begin = option(decision or "")
    return (
        f"{begin[:1].upper()}{begin[1:]}. With {seen(asked.seen)}, the probability of "
        f"{asked.disease} is {probability(p)} ({INTERVAL} {interval(q)})"
        f"{most if likely != asked.disease else ''}. Expected cost, in treatments without need: "
        f"{said}."
    )


def cost(found: Scalar, unit: float) -> str:
    """Format an expected cost in false alarms, to the digits of its Monte Carlo error."""
    return number(found.value / unit, max(found.mcse / unit, 1e-4))


def rule(asked: Asked) -> str:
    """Say by which rule one treats, waits, or sees more first, and at what costs."""
    costs = asked.costs
    said = ", ".join(f"{called(name)} {costs.findings[name]:g}" for name in asked.tests)
    more = f" A further finding costs: {said} (--cost-xray, --cost-question)." if said else ""
    return (
        f"Rule: do what is expected to cost least. To wait costs {costs.miss:g} (--cost-miss) if "
        f"{asked.disease} is there, to treat costs {costs.false_alarm:g} (--cost-false-alarm) if "
        f"it is not, and else nothing: so without more findings one treats from the probability "
        f"{figure(costs.threshold)} on.{more} After it the better of the two is done. One finding "
        "is looked ahead; what two together could bring may be more."
    )


def prior(alpha: float, beta: float) -> str:
    """Say what the prior of each row of each table is."""
    shape = (
        " Below one each, it is highest near 0 and 1: rare diseases and sure signs are expected."
        if max(alpha, beta) < 1
        else ""
    )
    return (
        f"Every probability of every table has the prior Beta({alpha:g}, {beta:g}). Its weight, in "
        f"patients of that row: {figure(alpha)} with the finding and {figure(beta)} without."
        f"{shape}"
    )


def then(with_it: str, without: str) -> str:
    """Say what is done after a finding."""
    if with_it == without:
        return f"{with_it} either way"
    return f"{with_it} if yes, {without} if no"


def warn_of_unseen(report: Report, rows: Sequence[str]) -> None:
    """Warn of rows of the tables that matter here, and that no patient is in."""
    if rows:
        said = ", ".join(rows)
        report.warn(
            f"The prior alone says how probable is: {said}. No patient in the file tells of it.",
            "Ask about findings that the file has, or bring patients who have them.",
        )


def warn_of_untold(report: Report, claims: Sequence[str], every: int) -> None:
    """Warn where patients are too few to tell whether the network is right."""
    if claims and 2 * len(claims) > every:
        report.warn(
            f"The patients are too few to say whether the network is right: of {every} "
            f"independences that it claims, {len(claims)} cannot be looked at.",
            "Believe the answer as far as you believe the network.",
        )


def untold(claims: Sequence[str]) -> list[str]:
    """Say which independences the patients cannot tell of."""
    if not claims:
        return []
    return [f"The patients are too few to tell of: {'; '.join(claims)}."]


def beyond(decision: str | None) -> str:
    """Say what the decision leaves out."""
    told = {
        TREAT: "Treatment is taken to help whoever has the disease, and to harm nobody beyond its "
        "cost.",
        WAIT: "To wait is for now: more findings may come by themselves.",
    }
    return told.get(decision or "", "A further finding is taken to be seen before it is too late.")
