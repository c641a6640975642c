"""Confidence and credible intervals: how often they hold the share, exactly and simulated."""

from reports.play.declared import Axis, Knob, Lesson, Mark, Panel, Readout
from workflow.play import coverage

SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99)
NAMES = {"wald": "Textbook (Wald)", "exact": "Clopper–Pearson", "credible": "Credible, flat prior"}

LESSON = Lesson(
    stem="coverage",
    name="credible and confidence intervals",
    question="How often does a 95% interval hold the true share?",
    knobs=(
        Knob("share", "True share", SHARES, 0.1),
        Knob("n", "Trials in an experiment", (5, 10, 20, 30, 50, 100), 20),
    ),
    readouts=tuple(
        Readout(f"{key}{end}", f"{name}: {what}", 1, "%", 100)
        for key, name in NAMES.items()
        for end, what in (("", "coverage"), ("_simulated", "in 1,000 experiments"))
    ),
    panels=(
        Panel(
            "Credible intervals of the first 40 experiments",
            Axis("share", 0, 1),
            Axis("experiment", 0, 41),
            (
                Mark("segments", "hit_low", "hit_rank", "blue", "holds it", end="hit_high"),
                Mark(
                    "segments",
                    "miss_low",
                    "miss_rank",
                    "orange",
                    "misses it",
                    end="miss_high",
                    stroke="dashed",
                ),
                Mark("across", "share", "", "ink", "true share", stroke="dotted"),
            ),
        ),
        Panel(
            "Coverage at every share (from 70% on)",
            Axis("true share", 0, 1),
            Axis("coverage", 0.7, 1),
            (
                Mark("line", "shares", "wald_along", "orange", "textbook", stroke="dashed"),
                Mark("line", "shares", "exact_along", "ink", "Clopper–Pearson", stroke="dotted"),
                Mark("line", "shares", "credible_along", "blue", "credible"),
                Mark("across", "share", "", "soft", "now, and 95%"),
                Mark("level", "", "level", "soft"),
            ),
        ),
    ),
    state=coverage.state,
    formula="""
coverage = sum_k choose(n, k) * p**k * (1 - p)**(n - k)  over the counts k whose interval holds p
textbook = k / n - 1.96 * s, k / n + 1.96 * s
s        = sqrt(k / n * (1 - k / n) / n)
""",
    see=(
        "A confidence interval is a recipe: whatever the true share, at least 95% of all "
        "experiments should give an interval that holds it. Clopper and Pearson's keeps this "
        "promise, and is often wider than it must be. The textbook's does not: "
        "look at shares near 0 or 1, or few trials.",
        "A credible interval promises something else: given this experiment and the prior, the "
        "share lies inside with 95% probability. At one share its coverage is above or below 95%; "
        "averaged over all shares, as the flat prior weighs them, it is 95% exactly.",
        "Coverage is a sum of binomial probabilities, and jumps where a count comes in or drops "
        "out. The simulated experiments are always drawn from the same random numbers (seed 2026); "
        "their share has a standard error of at most 1.6 percentage points.",
    ),
    cases=("coin_updating", "prior_sensitivity", "ab_test"),
)
