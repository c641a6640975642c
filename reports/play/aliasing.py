"""Sampling a wave below twice its frequency: the samples show a slower one."""

from reports.play.declared import Axis, Knob, Lesson, Mark, Panel, Readout
from workflow.play import aliasing

LESSON = Lesson(
    stem="aliasing",
    name="aliasing",
    question="Which frequency do the samples show, if they are taken too rarely?",
    knobs=(
        Knob("frequency", "Frequency of the wave", tuple(k / 2 for k in range(1, 25)), 9, " Hz"),
        Knob("rate", "Samples a second", tuple(range(2, 31)), 10),
    ),
    readouts=(
        Readout("half", "Half the sampling rate", 1, " Hz"),
        Readout("frequency", "Frequency of the wave", 1, " Hz"),
        Readout("apparent", "Slowest wave through the samples", 1, " Hz"),
        Readout("difference", "Largest difference of the two at a sample", 6),
    ),
    panels=(
        Panel(
            "The wave, its samples, and the slowest wave through them",
            Axis("seconds", 0, 2),
            Axis("height", -1.2, 1.2),
            (
                Mark("line", "time", "wave", "soft", "wave"),
                Mark("line", "time", "alias", "orange", "slowest wave", stroke="dashed"),
                Mark("dots", "sampled", "samples", "blue", "samples"),
            ),
        ),
        Panel(
            "The frequency that is seen",
            Axis("frequency of the wave, Hz", 0, 12),
            Axis("frequency that is seen, Hz", 0, 12),
            (
                Mark("line", "frequencies", "apparent_along", "blue", "seen"),
                Mark("level", "", "half", "soft", "half the sampling rate", stroke="dotted"),
                Mark("marker", "frequency", "apparent", "orange", "now"),
            ),
        ),
    ),
    state=aliasing.state,
    formula="""
seen = abs(f - r * round(f / r))  f the frequency of the wave, r the samples a second
""",
    see=(
        "Below half the sampling rate, the samples show the wave as it is. Above it, a "
        "slower wave goes through every sample: nothing in the samples tells the two apart.",
        "No statistics repairs this afterwards. If levels of a river are read once a day, what "
        "happens twice a day is seen as something slow, or not at all. Sample more often than "
        "twice the highest frequency there is, or average before sampling.",
    ),
    cases=("river_level",),
)
