"""Words in spam: how many spam and ham messages have each word, and messages held out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from data._counts import counts_of, happened, whole
from data._how import AS_IT_IS, Reading
from data._messages import (
    CLASSES,
    Message,
    Split,
    choose,
    count,
    patterns,
    read_lines,
    split,
    tab_separated,
    tokens,
)
from data._table import DataError, at_most, cell_problems, missing_columns, read_table, refuse
from data._truth import truth_of

PATH = Path(__file__).with_suffix(".csv")
HELD_OUT = PATH.with_stem("spam_words_heldout")
MOST_WORDS = 50  # two rates a word; NUTS takes a second for 50 words and 80 for 100

_COUNTS = ("spam_with", "spam_total", "ham_with", "ham_total")


@dataclass(frozen=True)
class SpamData:
    """Word counts, held-out messages (None if there are none), and how a file was split.

    `words` has `word` and, for both classes, how many messages have it (`spam_with`, `ham_with`)
    of how many (`spam_total`, `ham_total`, the same in all rows). `held_out` has for each set of
    these words (`words`, with spaces between) how many `spam` and `ham` messages have exactly it.
    `split` is None for a file of counts.
    """

    words: pd.DataFrame
    held_out: pd.DataFrame | None
    split: Split | None


def load(path: Path = PATH) -> pd.DataFrame:
    """Return the word counts alone; see `read`."""
    return read(path).words


def read(path: Path = PATH, held_out: Path | None = None, reading: Reading = AS_IT_IS) -> SpamData:
    """Read word counts (and held-out messages from a second file), or messages, which are counted.

    The file is a CSV of counts (`word,spam_with,spam_total,ham_with,ham_total`), a CSV of messages
    (`label,text`) or lines `label<TAB>text`; labels are spam and ham, or 1 and 0, or any two of
    which `reading` names that of spam as the event; it may also say what columns are called. The
    shipped counts come with the shipped held-out messages unless another file is named.

    Raises
    ------
    DataError
        A file cannot be used. All its problems are named, at most 20 of a kind.
    """
    if tab_separated(path, reading):
        return _counted(path, read_lines(path, reading), held_out)
    table, problems = read_table(
        path, reading, names=("label", "text", "word", *_COUNTS), unnamed=True
    )
    if {"label", "text"} & set(table) and "word" not in table:
        return _counted(path, _rows(path, table, problems, reading.event), held_out)
    words = _words(path, table, problems, reading)
    shipped = HELD_OUT if path.absolute() == PATH else None
    second = held_out or shipped
    return SpamData(words, _held_out(second, words["word"]) if second else None, None)


def _words(path: Path, table: pd.DataFrame, problems: list[str], reading: Reading) -> pd.DataFrame:
    """Check a table of word counts."""
    if table.empty:
        refuse(path, problems)
    problems += missing_columns(table, ("word", *_COUNTS), ("label", "text"))
    table, unread, _ = counts_of(path, table, _COUNTS, reading)
    schema = pa.DataFrameSchema(
        {
            "word": pa.Column(str, [_word(), _once()]),
            **{name: pa.Column(str, whole()) for name in _COUNTS},
        }
    )
    problems += unread or cell_problems(table, schema)
    number = table.reindex(columns=_COUNTS).apply(pd.to_numeric, errors="coerce")
    for label in [] if unread else CLASSES:
        problems += _total_problems(number, label)
    if len(table) > MOST_WORDS:
        problems.append(f"{len(table):,} words, at most {MOST_WORDS}: keep those that tell most")
    refuse(path, problems)
    return (
        number.astype("int64").assign(word=table["word"])[["word", *_COUNTS]].reset_index(drop=True)
    )


def _total_problems(number: pd.DataFrame, label: str) -> list[str]:
    """Say where a class has more messages with a word than messages, none, or another total."""
    having, total = number[f"{label}_with"], number[f"{label}_total"]
    if total.isna().all():
        return []
    more = [
        f"line {at}, column '{label}_with': {having[at]:.15g} is more than the {total[at]:.15g} "
        "messages"
        for at in number.index[having > total]
    ]
    first = total.dropna().iloc[0]
    other = [
        f"line {at}, column '{label}_total': {total[at]:.15g} is not the {first:.15g} of the first "
        "row: all words have to be counted in the same messages"
        for at in number.index[total.notna() & (total != first)]
    ]
    none = [f"column '{label}_total': there are no {label} messages"] if first == 0 else []
    return at_most(more) + at_most(other) + none


def _held_out(path: Path, words: pd.Series) -> pd.DataFrame:
    """Read a table of held-out messages by the set of words in them."""
    table, problems = read_table(path)
    known = set(words)
    schema = pa.DataFrameSchema(
        {
            "words": pa.Column(
                str,
                pa.Check(
                    lambda cell: cell.map(lambda text: _different(text) <= known),
                    error="words of the counts, each once, with spaces between",
                ),
            ),
            **{label: pa.Column(str, whole()) for label in CLASSES},
        }
    )
    refuse(path, problems + cell_problems(table, schema))
    number = table[list(CLASSES)].apply(pd.to_numeric).astype("int64").assign(words=table["words"])
    if not number[list(CLASSES)].to_numpy().any():
        raise DataError(f"{path}: there are no messages in it")
    return number[["words", *CLASSES]].reset_index(drop=True)


def _counted(path: Path, messages: Iterator[Message], held_out: Path | None) -> SpamData:
    """Split messages, choose the words and count them."""
    counted, kept_back, numbers = split(messages)
    if held_out is not None:
        raise DataError(f"{held_out}: not needed, {path} has messages and some are held out")
    counts, totals = count(counted)
    absent = [label for label in CLASSES if not totals[label]]
    if absent:
        raise DataError(f"{path}: no {absent[0]} among the {numbers.counted:,} messages to count")
    chosen = choose(counts, totals)
    if not chosen:
        raise DataError(f"{path}: no word of two letters is more frequent in one class")
    table = pd.DataFrame({"word": chosen})
    for label in CLASSES:
        table[f"{label}_with"] = counts.loc[chosen, label].to_numpy()
        table[f"{label}_total"] = totals[label]
    return SpamData(table, patterns(kept_back, chosen) if kept_back else None, numbers)


def _rows(
    path: Path, table: pd.DataFrame, problems: list[str], event: str | None
) -> Iterator[Message]:
    """Return label and text of every row of a CSV of messages."""
    spam_or_ham = pa.Check(lambda cell: cell.str.lower().isin(CLASSES), error="spam or ham")
    known: pa.Check | None = spam_or_ham
    labels = table.get("label", pd.Series(dtype="str"))
    if len(labels) and (event is not None or not np.isnan(truth_of(labels.unique())).any()):
        spam, wrong = happened(labels, event)
        table, known = table.assign(label=spam.map({1: "spam", 0: "ham"})), None
        problems += wrong
    schema = pa.DataFrameSchema({"label": pa.Column(str, known), "text": pa.Column(str)})
    problems += missing_columns(table, ("label", "text")) + cell_problems(table, schema)
    if known and len(values := labels.unique()) == 2 and not {*labels.str.lower()} & {*CLASSES}:
        problems.append(f"labels are {values[0]!r} and {values[1]!r}: name that of spam, --event")
    refuse(path, problems)
    return zip(table["label"].str.lower(), table["text"], strict=True)


def _different(text: str) -> set[str]:
    """Return the words of a cell; a word that comes twice is no word of any counts."""
    words = text.split()
    return set(words) if len(words) == len(set(words)) else {text}


def _word() -> pa.Check:
    return pa.Check(
        lambda cell: cell.map(lambda word: len(word) <= 100 and tokens(word) == {word}),
        error="a word: letters alone, in lower case",
    )


def _once() -> pa.Check:
    return pa.Check(lambda cell: ~cell.duplicated(), error="a word alone (it comes again)")
