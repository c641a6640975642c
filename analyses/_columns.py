"""How a file of each kind is read: the options of its columns, one parameter of `main` a kind."""

from typing import Annotated

from analyses._files import group
from data._how import Reading

Numbers = Annotated[
    Reading, group("dates", "as_text", "outcome", "reference", "levels", "weights", "missing")
]
Test = Annotated[
    Reading,
    group(
        "event",
        arm="Column with the arm.",
        visitors="Column with the number of visitors.",
        conversions="Column with the number of conversions.",
        converted="Column, in a file of a row a visitor, that says whether one converted.",
        guardrail="Column with the guardrail.",
    ),
]
Shown = Annotated[
    Reading,
    group(
        "event",
        variant="Column with the variant.",
        shown="Column with how often it was shown.",
        clicked="Column with how often it was clicked, or, of a row a visitor, whether.",
    ),
]
Groups = Annotated[
    Reading,
    group(
        "event",
        group="Column with the group.",
        successes="Column with the number of successes.",
        trials="Column with the number of trials.",
        effect="Column with what was measured of a group.",
        standard_error="Column with the standard error of that.",
        outcome="Column, in a file of single rows: did a trial succeed, or what was measured.",
    ),
]
Births = Annotated[
    Reading,
    group(
        "event",
        outcome="Column, in a file of a row a trial, that says whether it happened.",
        events="Column with the number of events.",
        trials="Column with the number of trials.",
    ),
]
Dated = Annotated[
    Reading,
    group(
        "dates",
        date="Column, in a file of a row an event, that says when it was.",
        period="Column with the period, in a file of counts.",
        count="Column with the number of events of a period.",
    ),
]
Timed = Annotated[
    Reading,
    group("dates", time="Column that says when.", value="Column with the value of each time."),
]
Trials = Annotated[
    Reading, group("event", outcome="Column that says of each trial whether it happened.")
]
Kinds = Annotated[
    Reading, group(kind="Column with the kind.", count="Column with the number of each kind.")
]
Values = Annotated[
    Reading, group(outcome="Column with the measurement of each piece, if not value.")
]
Curves = Annotated[Reading, group(outcome="Column of y, if not y.")]
Results = Annotated[Reading, group(outcome="Column with the result, if not the last.")]
Findings = Annotated[
    Reading,
    group(
        "event",
        visit="Column that says whether the patient was in Asia lately.",
        smoking="Column that says whether the patient smokes.",
        tuberculosis="Column that says whether tuberculosis was found.",
        cancer="Column that says whether lung cancer was found.",
        bronchitis="Column that says whether bronchitis was found.",
        xray="Column that says whether the chest X-ray shows something.",
        dyspnoea="Column that says whether the patient is short of breath.",
    ),
]
Putts = Annotated[
    Reading,
    group(
        "event",
        distance_ft="Column with the distance in feet.",
        distance_m="Column with the distance in metres.",
        tries="Column with the number of putts from a distance; without one, a row is a putt.",
        successes="Column with how many went in, or, of a row a putt, whether it did.",
    ),
]
Readings = Annotated[Reading, group(outcome="Column with the readings, if not reading.")]
Effects = Annotated[
    Reading,
    group(
        group="Column with the name of the group.",
        effect="Column with the estimated effect of the group.",
        standard_error="Column with the standard error of that effect.",
    ),
]
Messages = Annotated[
    Reading,
    group(
        "event",
        label="Column that says spam or ham.",
        text="Column with the message.",
        word="Column with the word, of counts.",
        spam_with="Column with the number of spam messages that have it.",
        spam_total="Column with the number of all spam messages.",
        ham_with="Column with the number of ham messages that have it.",
        ham_total="Column with the number of all ham messages.",
    ),
]
