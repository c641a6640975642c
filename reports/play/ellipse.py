"""The covariance ellipse."""

from reports.play.declared import Axis, Knob, Lesson, Mark, Panel, Readout
from workflow.play import ellipse

CORRELATIONS = (-0.99, -0.95, *(k / 10 for k in range(-9, 10)), 0.95, 0.99)

LESSON = Lesson(
    stem="covariance_ellipse",
    name="the covariance ellipse",
    question="What does a correlation do to what is known of two numbers together?",
    knobs=(
        Knob("correlation", "Correlation", CORRELATIONS, 0.9),
        Knob("inside", "Held by the ellipse", (50, 68, 80, 90, 95, 99), 95, "%"),
    ),
    readouts=(
        Readout("held", "Of the 300 points inside", 1, "%", 100),
        Readout("large", "Larger eigenvalue", 4),
        Readout("small", "Smaller eigenvalue", 4),
        Readout("long", "Half the long axis", 3),
        Readout("short", "Half the short axis", 3),
        Readout("angle", "Direction of the long axis", 1, "°"),
        Readout("area", "Area of the ellipse", 3),
        Readout("sum_sd", "Standard deviation of the sum x + y", 3),
        Readout("difference_sd", "Standard deviation of the difference x − y", 3),
    ),
    panels=(
        Panel(
            "300 points, the ellipse and its axes",
            Axis("x (standard deviation 1)", -4, 4),
            Axis("y (standard deviation 0.6)", -4, 4),
            (
                Mark("dots", "points_x", "points_y", "soft", "points"),
                Mark("line", "edge_x", "edge_y", "blue", "ellipse"),
                Mark("line", "long_x", "long_y", "orange", "long axis", stroke="dashed"),
                Mark("line", "short_x", "short_y", "ink", "short axis", stroke="dotted"),
            ),
            square=True,
        ),
        Panel(
            "How much is known along each direction",
            Axis("direction, degrees from the x axis", 0, 180),
            Axis("standard deviation", 0, 1.25),
            (
                Mark("line", "degrees", "sds", "blue", "standard deviation"),
                Mark("across", "longest", "", "orange", "long axis", stroke="dashed"),
            ),
        ),
    ),
    state=ellipse.state,
    formula="""
lambda[1] = a + b  a half the sum of the two variances
lambda[2] = a - b  b the root of the squared half difference plus the squared covariance
half      = sqrt(lambda[k] * q)  half an axis, q the quantile of chi-squared with 2 degrees
area      = pi * q * sqrt(lambda[1] * lambda[2])
q         = -2 * log(1 - inside)
""",
    see=(
        "A correlation further from 0 leaves what is known of x and of y alone as it is. It turns "
        "and thins the ellipse: along its short axis ever more is known, along its long axis less.",
        "This is what collinear terms of a regression do: their coefficients are correlated, each "
        "alone is vague, and one sum or difference of them is known well. The page of such a case "
        "says which.",
        "The ellipse holds its part whatever the correlation. The points come from the same random "
        "numbers every time (seed 2026).",
    ),
    cases=("linear_regression", "process_corridor"),
)
