"""What a file as a whole looks like, beside its outcome: an A/B test, one rate, messages, counts.

Each layout is looked at by the names of columns and by their cells, and says which options its case
needs to read this file.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from data._beside import BELONGS
from data._how import Reading
from data._kinds import words_of
from data._layout import Layout
from data._layouts_alone import MORE
from data._layouts_groups import groups
from data._messages import CLASSES, tab_separated
from data._missing import is_missing
from data._reading import opened
from data._truth import truth_of
from data.diagnosis import NAMES

_ARM = {
    *("arm", "variant", "variation", "group", "version", "treatment", "condition", "bucket"),
    "experiment",
}
_TRIALS = {
    *("n", "trials", "tries", "total", "totals", "visitors", "births", "shown", "sent", "tested")
}
_EVENTS = {
    *("events", "successes", "success", "k", "s", "hits", "cases", "girls", "conversions", "died"),
    *("converted", "clicked", "passed", "failed", "positive", "bought"),
}
_COUNTS = ("word", "spam_with", "spam_total", "ham_with", "ham_total")
MOST_ARMS, WORDS = 10, 3  # arms of a test; words of a text that is a message, in the middle


def lines_of_messages(path: Path, reading: Reading) -> bool:
    """Say whether a file has a message a line: spam or ham, a tab, the text."""
    if not tab_separated(path, reading):
        return False
    with opened(path, newline="\n", encoding=reading.encoding) as file:
        cells = file.readline(100_000).rstrip("\r\n").split("\t")
    return len(cells) == 2 and cells[0].strip().lower() in {*CLASSES, "label"}


def layouts(table: pd.DataFrame, outcome: str | None) -> list[Layout]:
    """Return what a table of text cells is as a whole, best first; `outcome` is what was named."""
    of_groups = [*groups(table, _pair)]
    alone = [one for one in of_groups if one.whole]
    looks = (_words, _patients, _messages, _test, _visits, _one_rate)
    found = [one for look in looks for one in look(table)] + alone
    found += [*_trials(table), *(one for one in of_groups if not one.whole)]
    found += [one for look in MORE for one in look(table)]
    return [one for one in found if outcome in {None, one.outcome}]


def event_of(cells: pd.Series) -> dict[str, str]:
    """Return the option that names the rarer of two values, where they do not say yes and no."""
    there = cells[~is_missing(cells)]
    if not np.isnan(truth_of(there.unique())).any():
        return {}
    return {"event": str(there.value_counts().index[-1])}


def two_values(cells: pd.Series) -> bool:
    """Say whether a column has two different values, the missing left out."""
    return cells[~is_missing(cells)].str.lower().nunique() == 2


def _words(table: pd.DataFrame) -> Iterator[Layout]:
    names = {str(name).lower() for name in table}
    if {*_COUNTS} <= names:
        yield Layout("spam_words", "it has word counts of spam and of ham", outcome=_last(table))


def _patients(table: pd.DataFrame) -> Iterator[Layout]:
    names = {str(name).lower() for name in table}
    if {*NAMES} <= names:
        yield Layout("diagnosis", "it has the findings of the network, a row a patient")


def _messages(table: pd.DataFrame) -> Iterator[Layout]:
    texts = [name for name in table if table[name].str.split().str.len().median() >= WORDS]
    texts = [name for name in texts if table[name].nunique() > len(table) / 2]
    labels = [name for name in table if name not in texts and two_values(table[name])]
    if len(texts) != 1 or not labels:
        return
    label, text = labels[0], texts[0]
    options = {} if label == "label" else {"label": label}
    options |= {} if text == "text" else {"text": text}
    known = {*table[label].str.lower()} <= {*CLASSES}
    options |= {} if known else event_of(table[label])
    why = f"{text} has texts, and {label} two classes of them: which words tell the classes apart"
    yield Layout("spam_words", why, options, outcome=label, whole=table.shape[1] == 2)


def _test(table: pd.DataFrame) -> Iterator[Layout]:
    """A row an arm: its name, how many there were, and how many of these converted."""
    arms = [name for name in table if table[name].nunique() == len(table) <= MOST_ARMS]
    arms = [name for name in arms if _about(name, _ARM)]
    found = _pair(table.drop(columns=arms))
    if not arms or found is None or len(table) < 2:
        return
    k, n = found
    named = {"arm": arms[0], "visitors": n, "conversions": k}
    options = {ours: theirs for ours, theirs in named.items() if ours != theirs.lower()}
    why = f"it has a row an arm ({arms[0]}), with how many there were ({n}), and of these {k}"
    yield Layout("ab_test", why, options, outcome=k)
    called = {"variant": arms[0], "shown": n, "clicked": k}
    options = {ours: theirs for ours, theirs in called.items() if ours != theirs.lower()}
    yield Layout("bandit", "the question may be which of these the next one sees", options, k)


def _visits(table: pd.DataFrame) -> Iterator[Layout]:
    """A row a visitor: the arm, and whether it happened."""
    arms = [name for name in table if _about(name, _ARM) and 1 < table[name].nunique() <= MOST_ARMS]
    others = [name for name in table if name not in arms and not _belongs(table[name])]
    events = [name for name in others if two_values(table[name])]
    if not arms or not events or len(table) <= MOST_ARMS:
        return
    arm, event = arms[0], events[-1]
    named = {"arm": arm, "converted": event}
    options = {ours: theirs for ours, theirs in named.items() if ours != theirs.lower()}
    options |= event_of(table[event])
    why = f"it has a row a visitor: the arm ({arm}), and which of two things happened ({event})"
    yield Layout("ab_test", why, options, outcome=event, whole=others == [event])


def _one_rate(table: pd.DataFrame) -> Iterator[Layout]:
    """One count of events among trials; or a row a trial, with nothing else to tell rows apart."""
    found = _pair(table) if len(table) == 1 else None
    if found is not None:
        k, n = found
        why, known = f"it has one count: {k} among {n}", (k, n) in {("girls", "births")}
        named = {} if known else {"events": k, "trials": n}
        options = {ours: theirs for ours, theirs in named.items() if ours != theirs}
        yield Layout("prior_sensitivity", why, options, outcome=k)
    left = [name for name in table if not _belongs(table[name])]
    if len(left) == 1 and len(table) > 2 and two_values(table[left[0]]):
        named = {} if left[0] in {"girl", "event"} else {"outcome": left[0]}
        why = f"it has a row a trial, and nothing but whether it happened ({left[0]})"
        event = event_of(table[left[0]])
        yield Layout("prior_sensitivity", why, named | event, outcome=left[0])
        named = {} if left[0] == "heads" or len(table.columns) == 1 else {"outcome": left[0]}
        why = "its rows may have an order, and the question when one knew (against one half)"
        yield Layout("coin_updating", why, named | event, outcome=left[0])


def _trials(table: pd.DataFrame) -> Iterator[Layout]:
    """Rows with successes, trials, and something that may predict the share of both."""
    found = _pair(table)
    if found is None or len(table) < 3 or table.shape[1] < 3:
        return
    k, n = found
    if k != _last(table) and not _about(k, _EVENTS):
        return
    why = f"{k} is never more than {n}, as successes among trials are: predicted is their share"
    yield Layout("logistic_regression", why, outcome=k, trials=n, whole=False)


def _pair(table: pd.DataFrame) -> tuple[str, str] | None:
    """Return the columns of successes and of trials: whole numbers, the former never more."""
    numbers = table.apply(pd.to_numeric, errors="coerce")
    numbers = numbers[
        [x for x in numbers if (numbers[x] >= 0).all() and (numbers[x] % 1 == 0).all()]
    ]
    totals = [name for name in numbers if _about(name, _TRIALS) and (numbers[name] > 0).all()]
    for n in totals:
        below = [k for k in numbers if k != n and (numbers[k] <= numbers[n]).all()]
        if below:
            return str(below[0]), str(n)
    return None


def _about(name: object, words: set[str]) -> bool:
    return not words.isdisjoint(words_of(str(name)))


def _belongs(cells: pd.Series) -> bool:
    """Say whether a column names what rows belong to, or the rows."""
    named = any(BELONGS.fullmatch(word.removesuffix("s")) for word in words_of(str(cells.name)))
    text = pd.to_numeric(cells, errors="coerce").isna().all()
    return named or bool(text and cells.nunique() == len(cells))


def _last(table: pd.DataFrame) -> str:
    return str(table.columns[-1])
