"""The Kullback-Leibler divergence between two Gaussians, both ways."""

from reports.play.declared import Axis, Knob, Lesson, Mark, Panel, Readout
from workflow.play import divergence

LESSON = Lesson(
    stem="kl_divergence",
    name="KL divergence, both ways",
    question="How far is one distribution from another, and does the way back count the same?",
    knobs=(
        Knob("mean", "Mean of Q", tuple(k / 4 for k in range(-8, 9)), 1),
        Knob("sd", "Standard deviation of Q", (0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5), 0.5),
    ),
    readouts=(
        Readout("forward", "KL(P‖Q), closed form", 4, " nats"),
        Readout("forward_grid", "KL(P‖Q), summed on a grid", 4, " nats"),
        Readout("backward", "KL(Q‖P), closed form", 4, " nats"),
        Readout("backward_grid", "KL(Q‖P), summed on a grid", 4, " nats"),
    ),
    panels=(
        Panel(
            "The two distributions",
            Axis("value", -10, 10),
            Axis("density"),
            (
                Mark("area", "x", "p", "blue", "P, standard Gaussian"),
                Mark("area", "x", "q", "orange", "Q", stroke="dashed"),
            ),
        ),
        Panel(
            "What is summed: the areas are the divergences",
            Axis("value", -10, 10),
            Axis("density times log of the ratio"),
            (
                Mark("area", "x", "p_log", "blue", "P log(P / Q)"),
                Mark("area", "x", "q_log", "orange", "Q log(Q / P)", stroke="dashed"),
            ),
        ),
    ),
    state=divergence.state,
    formula="""
KL(P, Q) = sum_x P(x) * log(P(x) / Q(x))  an integral for densities
KL(P, Q) = log(t / s) + (s**2 + (a - b)**2) / (2 * t**2) - 1 / 2  P is N(a, s), Q is N(b, t)
""",
    see=(
        "Both are 0 only where Q is P, and they are one number only where Q is as wide as P. Each "
        "asks how surprising the other is where it itself has its mass. A narrow Q misses much of "
        "P, and KL(P‖Q) is the larger; a wide Q misses nothing, and KL(P‖Q) is the smaller.",
        "ADVI makes KL(Q‖P) small, with P the posterior. That grows with the square of the "
        "standard deviation where Q is too wide, and only with its logarithm where Q is too "
        "narrow: mass of Q where P has none is dear, what Q misses is cheap. This is why the cases "
        "compare the standard deviations of ADVI with those of NUTS.",
    ),
    cases=("linear_regression", "approximations"),
)
