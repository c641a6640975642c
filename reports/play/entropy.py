"""The Gaussian as the distribution of largest entropy."""

from reports.play.declared import Axis, Knob, Lesson, Mark, Panel, Readout
from workflow.play import entropy

LESSON = Lesson(
    stem="largest_entropy",
    name="largest entropy",
    question="Of all noise with one standard deviation, which assumes least?",
    knobs=(
        Knob("shape", "Shape", (0.8, 1, 1.2, 1.5, 1.8, 2, 2.5, 3, 4, 6, 10, 20, 50), 1),
        Knob("sd", "Standard deviation", (0.5, 0.75, 1, 1.25, 1.5, 2), 1),
    ),
    readouts=(
        Readout("entropy", "Entropy of this shape", 4, " nats"),
        Readout("gaussian", "Entropy of the Gaussian", 4, " nats"),
        Readout("difference", "Difference to the Gaussian", 4, " nats"),
        Readout("logistic", "Entropy of the logistic", 4, " nats"),
        Readout("laplace", "Entropy of the Laplace", 4, " nats"),
        Readout("uniform", "Entropy of the uniform", 4, " nats"),
    ),
    panels=(
        Panel(
            "Noise of this shape, and the Gaussian",
            Axis("value", -6, 6),
            Axis("density"),
            (
                Mark("area", "x", "density", "blue", "this shape"),
                Mark("line", "x", "gaussian_density", "orange", "Gaussian", stroke="dashed"),
            ),
        ),
        Panel(
            "Entropy of every shape, less that of the Gaussian",
            Axis("shape", 10**-0.2, 10**1.7, log=True),
            Axis("difference, nats", None, 0.03),
            (
                Mark("line", "shapes", "along", "blue", "entropy less the Gaussian's"),
                Mark("marker", "shape", "difference", "blue", "this shape"),
            ),
        ),
    ),
    state=entropy.state,
    formula="""
density(x) = p * exp(-abs(x / a)**p) / (2 * a * Gamma(1 / p))  p the shape
a          = sd * sqrt(Gamma(1 / p) / Gamma(3 / p))
entropy    = 1 / p + log(2 * a * Gamma(1 / p) / p)
Gaussian   = log(2 * pi * e * sd**2) / 2  its entropy, p = 2
""",
    see=(
        "Entropy measures how little a distribution commits itself. With the standard deviation "
        "fixed it has its top at shape 2, the Gaussian: heavier tails (below 2; the Laplace has 1) "
        "and flatter middles (above, up to the uniform) both claim something more.",
        "So who knows nothing of the noise but its size assumes a Gaussian. Who knows more, that "
        "there are outliers or that no error exceeds a bound, should say so with another. "
        "How much less the entropy is does not depend on the standard deviation: it is the "
        "Kullback–Leibler divergence of the shape from the Gaussian.",
    ),
    cases=("known_noise", "linear_regression", "robust_regression"),
)
