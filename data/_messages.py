"""From labelled messages to counts: tokens, split, choice of words. Each rule is stated here once.

A token is a maximal run of letters, of any alphabet and with their marks, in the lower-cased
message, and a word counts once a message. Of identical texts the first is kept; of the kept ones
every fourth is held out. Words are chosen on the counted messages alone, by mutual information with
the class.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data._how import AS_IT_IS, Reading
from data._table import at_most, opened, refuse
from data._truth import TRUTH
from data._where import where

CLASSES = ("spam", "ham")
HELD_OUT = 4  # one message in so many
CHOSEN = {"spam": 15, "ham": 10}  # words more frequent in each class
SHORTEST = 2  # letters of a word that can be chosen

Message = tuple[str, str]  # label, text


@dataclass(frozen=True)
class Split:
    """How many messages a file had, were kept (no repeats), counted and held out."""

    messages: int
    kept: int
    counted: int
    held_out: int


def tab_separated(path: Path, reading: Reading = AS_IT_IS) -> bool:
    """Say whether the first line has a tab, no comma before it, and is no header of counts."""
    if where(path) is not None:  # which has columns
        return False
    with opened(path, newline="\n", encoding=reading.encoding) as file:
        first = file.readline(100_000)
    before, tab, _ = first.partition("\t")
    header = reading.columns or reading.separator or "word" in first.lower().split("\t")
    return bool(tab) and "," not in before and not header


def read_lines(path: Path, reading: Reading = AS_IT_IS) -> Iterator[Message]:
    """Yield label and text of every line `label<TAB>text`; a first line of these words is a header.

    Raises
    ------
    DataError
        At the end of the file, if any of its lines is something else.
    """
    problems = []
    with opened(path, newline="\n", encoding=reading.encoding) as file:
        for at, line in enumerate(file, 1):
            label, tab, text = line.rstrip("\r\n").partition("\t")
            label = class_of(label.strip(), reading.event)
            if (at == 1 and label == "label") or not (tab or label):
                continue
            if not tab:
                problems.append(f"line {at}: no tab between label and text")
            elif label not in CLASSES:
                problems.append(f"line {at}, label: {label[:50]!r} is not spam or ham")
            else:
                yield label, text
    refuse(path, at_most(problems))


def class_of(label: str, event: str | None) -> str:
    """Return "spam" or "ham" for a label that says one, in any case; else itself, in lower case.

    `event` is the label of spam, beside which all others are ham; yes and 1 are spam, too.
    """
    if event is not None and label:
        return CLASSES[label != event]
    label = label.lower()
    return CLASSES[1 - TRUTH[label]] if label in TRUTH else label


class _Letters(dict[int, int]):
    """For `str.translate`: letters and their marks stay, everything else becomes a blank."""

    def __missing__(self, code: int) -> int:
        self[code] = code if unicodedata.category(chr(code))[0] in "LM" else ord(" ")
        return self[code]


_LETTERS = _Letters()


def tokens(text: str) -> set[str]:
    """Return the different words of a message; an umlaut is one letter, however it is stored.

    >>> sorted(tokens("Don't MISS it, 100% free: don't! Äpfel"))
    ['don', 'free', 'it', 'miss', 't', 'äpfel']
    """
    return set(unicodedata.normalize("NFC", text.lower()).translate(_LETTERS).split())


def split(messages: Iterable[Message]) -> tuple[list[Message], list[Message], Split]:
    """Return the counted and the held-out messages, and how many there were.

    Of the messages with different texts, in the order of the file, those at the places 3, 7, 11,
    ... (from 0) are held out.
    """
    first: dict[str, str] = {}
    read = 0
    for label, text in messages:
        read += 1
        first.setdefault(text, label)
    kept = [(label, text) for text, label in first.items()]
    held_out = kept[HELD_OUT - 1 :: HELD_OUT]
    del kept[HELD_OUT - 1 :: HELD_OUT]
    return kept, held_out, Split(read, len(first), len(kept), len(held_out))


def count(messages: Iterable[Message]) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return how many messages of each class have each word (index: word), and how many there are.

    Words are in alphabetical order.
    """
    totals = dict.fromkeys(CLASSES, 0)
    having: dict[str, Counter[str]] = {label: Counter() for label in CLASSES}
    for label, text in messages:
        totals[label] += 1
        having[label].update(tokens(text))
    words = sorted(set().union(*having.values()))
    counts = {label: [having[label][word] for word in words] for label in CLASSES}
    return pd.DataFrame(counts, index=words, dtype="int64"), totals


def choose(counts: pd.DataFrame, totals: dict[str, int]) -> list[str]:
    """Return the words that tell most about the class: 15 that speak for spam, then 10 for ham.

    Of the words of two letters or more, those with the greatest mutual information with the class
    among the words more frequent in spam, and among those more frequent in ham; ties by alphabet.
    """
    long = counts[counts.index.str.len() >= SHORTEST].sort_index()
    rate = {label: long[label] / totals[label] for label in CLASSES}
    told = pd.Series(mutual_information(long, totals), index=long.index)
    order = told.sort_values(ascending=False, kind="stable")
    more = {"spam": rate["spam"] > rate["ham"], "ham": rate["ham"] > rate["spam"]}
    return [
        word for label, n in CHOSEN.items() for word in order.index[more[label][order.index]][:n]
    ]


def mutual_information(counts: pd.DataFrame, totals: dict[str, int]) -> np.ndarray:
    """Return what knowing whether a word is there tells about the class, in nats.

    Source: Manning, Raghavan and Schuetze (2008), Introduction to Information Retrieval, 13.5.1.
    """
    having = counts[list(CLASSES)].to_numpy(dtype=float)
    # Equal counts have to give equal bits, or rounding would break ties: each pair is done once.
    pairs, at = np.unique(having, axis=0, return_inverse=True)
    size = np.array([totals[label] for label in CLASSES], dtype=float)
    n = size.sum()
    found = np.zeros(len(pairs))
    for cell in (pairs, size - pairs):
        expected = cell.sum(axis=1, keepdims=True) * size / n
        with np.errstate(divide="ignore", invalid="ignore"):
            found += np.where(cell > 0, cell / n * np.log(cell / expected), 0).sum(axis=1)
    return found[at.ravel()]


def patterns(messages: Iterable[Message], words: Sequence[str]) -> pd.DataFrame:
    """Return how many messages of each class have exactly each set of `words`.

    Columns `words` (in alphabetical order, with spaces between), `spam` and `ham`.
    """
    wanted = set(words)
    seen: dict[str, Counter[str]] = {}
    for label, text in messages:
        seen.setdefault(" ".join(sorted(tokens(text) & wanted)), Counter())[label] += 1
    rows = [(found, *(seen[found][label] for label in CLASSES)) for found in sorted(seen)]
    return pd.DataFrame(rows, columns=["words", *CLASSES])
