"""Three priors and the same tosses: how fast the data outweigh what was believed before."""

from reports.play.declared import Axis, Knob, Lesson, Mark, Panel, Readout
from workflow.play import washing_out

LESSON = Lesson(
    stem="washing_out",
    name="the prior washing out",
    question="How many tosses does it take until the prior no longer matters?",
    knobs=(
        Knob("n", "Tosses seen, 60% of them heads", (0, 5, 10, 20, 50, 100, 200, 500, 1000), 20),
        Knob("strength", "Strength of the priors, in tosses", (10, 20, 50, 100), 20),
    ),
    readouts=(
        Readout("low", "Mean after the prior with mean 0.2", 3),
        Readout("middle", "Mean after the prior with mean 0.5", 3),
        Readout("high", "Mean after the prior with mean 0.8", 3),
        Readout("apart", "From the lowest to the highest", 3),
        Readout("weight", "Weight of the prior's mean", 1, "%", 100),
        Readout("enough", "Tosses until the means are 0.01 apart", 0),
    ),
    panels=(
        Panel(
            "What the three believe now",
            Axis("share of heads", 0, 1),
            Axis("density"),
            (
                Mark("area", "share", "low_density", "orange", "prior mean 0.2", stroke="dashed"),
                Mark("area", "share", "middle_density", "ink", "prior mean 0.5", stroke="dotted"),
                Mark("area", "share", "high_density", "blue", "prior mean 0.8"),
            ),
        ),
        Panel(
            "How far apart their means are",
            Axis("tosses seen", 0, 1000),
            Axis("highest mean less lowest", 0, 0.65),
            (
                Mark("line", "seen", "apart_along", "blue", "highest less lowest"),
                Mark("marker", "n", "apart", "blue", "now"),
            ),
        ),
    ),
    state=washing_out.state,
    formula="""
mean   = w * m + (1 - w) * h / n  h heads in n tosses, m the mean of the prior
w      = s / (s + n)  s the strength of the prior
""",
    see=(
        "A prior of strength s counts as much as s tosses. After as many tosses as that, prior and "
        "data weigh the same; the three are then still half as far apart as they were at first.",
        "The weight falls as one over the number of tosses, not faster: to halve what is left of a "
        "disagreement takes twice as many tosses, those of the prior counted too. A prior that "
        "leaves no room for other shares would never wash out.",
    ),
    cases=("coin_updating", "prior_sensitivity"),
)
