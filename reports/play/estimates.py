"""Maximum likelihood, the mode of the posterior and its mean, toss after toss."""

from reports.play.declared import Axis, Knob, Lesson, Mark, Panel, Readout
from workflow.play import estimates

SEEN = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000)

LESSON = Lesson(
    stem="point_estimates",
    name="MLE, MAP and mean",
    question="Which single number stands for what a few tosses say?",
    knobs=(
        Knob("n", "Tosses seen", SEEN, 5),
        Knob("prior", "Prior Beta(a, a), with a", (1, 2, 5, 10, 20, 50), 5),
    ),
    readouts=(
        Readout("heads", "Heads so far", 0),
        Readout("mle", "Maximum likelihood", 4),
        Readout("map", "Mode of the posterior (MAP)", 4),
        Readout("mean", "Mean of the posterior", 4),
        Readout("sd", "Standard deviation of the posterior", 4),
    ),
    panels=(
        Panel(
            "The posterior, and the three numbers",
            Axis("share of heads", 0, 1),
            Axis("density"),
            (
                Mark("area", "share", "density", "soft", "posterior"),
                Mark("across", "mle", "", "orange", "maximum likelihood", stroke="dashed"),
                Mark("across", "map", "", "ink", "mode (MAP)", stroke="dotted"),
                Mark("across", "mean", "", "blue", "mean"),
            ),
        ),
        Panel(
            "The three numbers, toss after toss",
            Axis("tosses seen", 1, 1000, log=True),
            Axis("share of heads", 0, 1),
            (
                Mark("line", "seen", "mle_along", "orange", "maximum likelihood", stroke="dashed"),
                Mark("line", "seen", "map_along", "ink", "mode (MAP)", stroke="dotted"),
                Mark("line", "seen", "mean_along", "blue", "mean"),
                Mark("level", "", "truth", "soft", "share they are drawn with"),
                Mark("marker", "n", "mean", "blue"),
            ),
        ),
    ),
    state=estimates.state,
    formula="""
mle  = h / n  h heads in n tosses
map  = (h + a - 1) / (n + 2 * a - 2)
mean = (h + a) / (n + 2 * a)
""",
    see=(
        "After a few tosses the three disagree: maximum likelihood may say 0 or 1, which nobody "
        "believes of a coin, while the prior draws mode and mean to the middle, the more the "
        "stronger it is. With a = 1 it is flat, and the mode is the maximum likelihood.",
        "After a thousand tosses they are nearly one number, unless the prior is strong. None of "
        "them says how sure one is: that is the width of the posterior, which is why the pages of "
        "the cases show an interval beside every estimate.",
        "The tosses are drawn with a share of heads of 0.7, always the same ones (seed 2026).",
    ),
    cases=("coin_updating", "prior_sensitivity"),
)
