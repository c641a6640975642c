"""The sum of uniform numbers turning Gaussian."""

from reports.play.declared import Axis, Knob, Lesson, Mark, Panel, Readout
from workflow.play import uniforms

LESSON = Lesson(
    stem="sum_of_uniforms",
    name="sums turning Gaussian",
    question="How many numbers must be added until their sum looks Gaussian?",
    knobs=(
        Knob("n", "Uniform numbers added", tuple(range(1, 13)), 3),
        Knob("beyond", "Tails beyond", tuple(k / 4 for k in range(2, 17)), 2.5, " sd"),
    ),
    readouts=(
        Readout("largest", "Largest cumulative difference", 4),
        Readout("tail", "Probability of the tails, sum", 4, "%", 100),
        Readout("gaussian_tail", "Probability of the tails, Gaussian", 4, "%", 100),
        Readout("kurtosis", "Excess kurtosis of the sum (Gaussian: 0)", 3),
        Readout("range", "No sum is further from the mean than", 2, " sd"),
    ),
    panels=(
        Panel(
            "The sum, in standard deviations from its mean",
            Axis("standard deviations from the mean", -4, 4),
            Axis("density", 0, 0.45),
            (
                Mark("area", "z", "density", "blue", "sum"),
                Mark("line", "z", "gaussian", "orange", "Gaussian", stroke="dashed"),
                Mark("across", "below", "", "soft", "where the tails begin", stroke="dotted"),
                Mark("across", "beyond", "", "soft", stroke="dotted"),
            ),
        ),
        Panel(
            "Cumulative probability of the sum, less that of the Gaussian",
            Axis("standard deviations from the mean", -4, 4),
            Axis("difference"),
            (Mark("line", "z", "difference", "blue", "sum less Gaussian"),),
        ),
    ),
    state=uniforms.state,
    formula="""
density(x) = sum_k (-1)**k * choose(n, k) * (x - k)**(n - 1) / factorial(n - 1)  whole k < x
mean       = n / 2
variance   = n / 12
""",
    see=(
        "One number has a flat density, two a triangle, three a bell. With four, no cumulative "
        "probability is off by more than 0.008.",
        "The tails come last: the sum of n numbers has an end, the Gaussian has none. Move the "
        "tails outwards: beyond 3 standard deviations the sum always has less probability. An "
        "error that is the sum of many small ones is nearly Gaussian in the middle, "
        "and may not be so where a rare large error matters.",
    ),
    cases=("known_noise", "linear_regression"),
)
