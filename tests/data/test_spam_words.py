"""The loader of word counts and messages: rules, and every bad file refused with its place."""

import contextlib
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from data._messages import CLASSES, choose, count, mutual_information, patterns, split, tokens
from data._table import DataError
from data.spam_words import HELD_OUT, PATH, load, read

HEAD = "word,spam_with,spam_total,ham_with,ham_total\n"
GOOD = HEAD + "free,5,10,1,40\nhe,0,10,9,40\n"


def write(folder: Path, text: str | bytes, name: str = "own.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_shipped_data() -> None:
    found = read()
    words, held_out = found.words, found.held_out
    assert list(words["word"][:4]) == ["call", "txt", "free", "claim"]
    assert words.iloc[0].tolist() == ["call", 208, 473, 139, 3406]
    assert len(words) == 25
    assert held_out is not None
    assert held_out[["spam", "ham"]].sum().tolist() == [180, 1112]
    assert held_out.iloc[0].tolist() == ["", 5, 428]
    assert found.split is None
    assert load().equals(words)


def test_shipped_words_stand_in_the_order_of_the_rule() -> None:
    """15 for spam, then 10 for ham, each by mutual information: the rule orders them the same."""
    words = load().set_index("word")
    counts = words.rename(columns={"spam_with": "spam", "ham_with": "ham"})[list(CLASSES)]
    assert choose(counts, {"spam": 473, "ham": 3406}) == list(words.index)


def test_mutual_information_by_hand() -> None:
    """A word in every spam message and no ham tells all: the entropy of the class."""
    counts = pd.DataFrame({"spam": [3, 0, 3, 1], "ham": [0, 9, 9, 3]}, index=list("abcd"))
    found = mutual_information(counts, {"spam": 3, "ham": 9})
    entropy = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    assert found == pytest.approx([entropy, entropy, 0, 0], abs=1e-12)


def test_ties_go_by_the_alphabet() -> None:
    n = {"spam": 100, "ham": 100}
    counts = pd.DataFrame({"spam": [7] * 40, "ham": [3] * 40}, index=[f"w{c}" for c in ALPHA])
    assert choose(counts.sample(frac=1, random_state=1), n) == sorted(counts.index)[:15]


ALPHA = [a + b for a in "ab" for b in "abcdefghijklmnopqrst"]


def test_tokens() -> None:
    assert tokens("FREE entry!! I'll txt2win, free") == {"free", "entry", "i", "ll", "txt", "win"}
    assert tokens("Ünïcode 123 né_e") == {"ünïcode", "né", "e"}
    assert tokens("Gewinn für SIE! Größe u\u0308ber") == {"gewinn", "für", "sie", "größe", "über"}
    assert tokens("срочно! 免费 नमस्ते") == {"срочно", "免费", "नमस्ते"}
    assert tokens("Urgent! urgent, URGENT") == {"urgent"}
    assert tokens("") == set()


def test_split_drops_repeats_and_holds_out_every_fourth() -> None:
    texts = ["a", "b", "a", "c", "d", "e", "f", "g", "h", "b"]
    counted, held_out, numbers = split(("ham", text) for text in texts)
    assert [text for _, text in counted] == ["a", "b", "c", "e", "f", "g"]
    assert [text for _, text in held_out] == ["d", "h"]
    assert vars(numbers) == {"messages": 10, "kept": 8, "counted": 6, "held_out": 2}


def test_the_first_of_identical_texts_gives_the_label() -> None:
    counted, _, _ = split([("spam", "x"), ("ham", "x"), ("ham", "y")])
    assert counted == [("spam", "x"), ("ham", "y")]


MESSAGES = [
    ("spam", "win win now"),
    ("ham", "see you now"),
    ("spam", "win cash"),
    ("ham", "win, he said"),
    ("ham", "he is here"),
    ("ham", "you, now"),
    ("spam", "cash now"),
    ("spam", "cash cash win"),
]


def test_messages_are_counted(tmp_path: Path) -> None:
    """By hand: 6 counted (3 of them spam), 2 held out; both formats give the same."""
    lines = "".join(f"{label}\t{text}\n" for label, text in MESSAGES)
    rows = "label,text\n" + "".join(f'{label.upper()},"{text}"\n' for label, text in MESSAGES)
    for name, text in {
        "own.txt": lines,
        "own.csv": rows,
        "crlf.txt": lines.replace("\n", "\r\n"),
    }.items():
        found = read(write(tmp_path, text, name))
        assert found.words[["spam_total", "ham_total"]].drop_duplicates().to_numpy().tolist() == [
            [3, 3]
        ]
        by_word = found.words.set_index("word")[["spam_with", "ham_with"]]
        assert by_word.loc["win"].tolist() == [2, 0]
        assert by_word.loc["cash"].tolist() == [2, 0]
        assert by_word.loc["you"].tolist() == [0, 2]
        assert "now" not in by_word.index  # two of three in both classes: it tells nothing
        assert list(by_word.index[:2]) == ["cash", "win"]
        assert found.held_out is not None
        assert found.held_out.to_numpy().tolist() == [["cash win", 1, 0], ["he win", 0, 1]]
        assert found.split is not None
        assert (found.split.counted, found.split.held_out) == (6, 2)


def test_words_are_chosen_on_the_counted_messages_alone(tmp_path: Path) -> None:
    """A word of held-out messages only is not known to the table."""
    labels = ["spam", "ham", "spam", "spam"] * 5
    lines = [
        f"{label}\t{'secret' if i % 4 == 3 else 'open'} n{chr(97 + i)} {label}ish"
        for i, label in enumerate(labels)
    ]
    found = read(write(tmp_path, "\n".join(lines), "own.txt"))
    assert "secret" not in set(found.words["word"])
    assert "spamish" in set(found.words["word"])


def test_counts_and_patterns() -> None:
    counts, totals = count([("spam", "b a b"), ("ham", "a"), ("ham", "")])
    assert totals == {"spam": 1, "ham": 2}
    assert counts.to_dict("index") == {"a": {"spam": 1, "ham": 1}, "b": {"spam": 1, "ham": 0}}
    found = patterns([("spam", "b a x"), ("ham", "A, b"), ("ham", "x")], ["b", "a"])
    assert found.to_numpy().tolist() == [["", 0, 1], ["a b", 1, 1]]


BAD: dict[str, tuple[str | bytes, list[str]]] = {
    "missing column": ("word,spam_with\nfree,1\n", ["column 'spam_total' is missing"]),
    "empty file": ("", ["the file is empty"]),
    "no rows": (HEAD, ["no rows"]),
    "negative": (HEAD + "free,-1,10,1,40\n", ["line 2, column 'spam_with': '-1'"]),
    "fractional": (HEAD + "free,1,10,1.5,40\n", ["line 2, column 'ham_with': '1.5' is not"]),
    "too many": (HEAD + "free,11,10,1,40\n", ["line 2", "11 is more than the 10 messages"]),
    "no spam": (HEAD + "free,0,0,1,40\n", ["column 'spam_total': there are no spam messages"]),
    "other totals": (
        GOOD + "txt,1,11,1,41\n",
        ["line 4, column 'spam_total': 11 is not the 10", "line 4, column 'ham_total': 41"],
    ),
    "no word": (HEAD + "Free,1,10,1,40\n", ["line 2, column 'word': 'Free' is not a word"]),
    "two words": (HEAD + "free now,1,10,1,40\n", ["line 2, column 'word': 'free now'"]),
    "word twice": (GOOD + "free,1,10,1,40\n", ["line 4, column 'word': 'free'", "comes again"]),
    "empty cell": (HEAD + "free,,10,1,40\n", ["line 2, column 'spam_with': ''"]),
    "ragged": (HEAD + "free,1,10\n", ["line 2: 3 cells, expected 5"]),
    "bad first total": (HEAD + "free,1,x,1,40\nhe,1,10,1,40\n", ["line 2, column 'spam_total'"]),
    "enormous": (HEAD + f"free,1,{10**9 + 1},1,40\n", ["is not at most 1,000,000,000"]),
    "not UTF-8": (HEAD.encode() + b"fr\xff,1,10,1,40\n", ["line 2, byte 3: not UTF-8"]),
    "messages, label": ("label,text\njunk,hi\n", ["line 2, column 'label': 'junk' is not spam"]),
    "messages, no text": ("label,words\nspam,hi\n", ["column 'text' is missing"]),
    "lines, label": (
        "spam\tfree\njunk\thello\nham\n",
        ["line 2, label: 'junk' is not spam or ham", "line 3: no tab between label and text"],
    ),
    "lines, first label": ("junk\thello\n", ["line 1, label: 'junk'"]),
    "lines, not UTF-8": (b"spam\tok\nham\t\xff\n", ["line 2, byte 5: not UTF-8"]),
    "one class": ("spam\tfree\nspam\tcash\n", ["no ham among the 2 messages to count"]),
    "header only": ("label\ttext\n", ["no spam among the 0 messages"]),
    "no words": ("spam\t1 2 a\nham\t3 b\n", ["no word of two letters is more frequent"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    text, expected = BAD[case]
    path = write(tmp_path, text)
    with pytest.raises(DataError) as error:
        read(path)
    assert str(path) in str(error.value)
    for part in expected:
        assert part in str(error.value)


BAD_HELD_OUT: dict[str, tuple[str, list[str]]] = {
    "unknown word": ("words,spam,ham\nfree cash,1,2\n", ["line 2, column 'words': 'free cash'"]),
    "word twice": ("words,spam,ham\nfree free,1,2\n", ["line 2, column 'words': 'free free'"]),
    "not whole": ("words,spam,ham\nfree,x,2\n", ["line 2, column 'spam': 'x'"]),
    "none": ("words,spam,ham\nfree,0,0\n", ["there are no messages in it"]),
    "missing": ("words,spam\nfree,1\n", ["column 'ham' is missing"]),
}


@pytest.mark.parametrize("case", BAD_HELD_OUT)
def test_bad_held_out_file_is_refused(case: str, tmp_path: Path) -> None:
    text, expected = BAD_HELD_OUT[case]
    counts, held_out = write(tmp_path, GOOD), write(tmp_path, text, "held_out.csv")
    with pytest.raises(DataError) as error:
        read(counts, held_out)
    assert str(held_out) in str(error.value)
    for part in expected:
        assert part in str(error.value)


def test_own_counts_have_the_held_out_messages_that_are_named(tmp_path: Path) -> None:
    counts = write(tmp_path, GOOD)
    assert read(counts).held_out is None
    held_out = write(tmp_path, "words,spam,ham\n,1,5\nhe free,0,1\n", "held_out.csv")
    found = read(counts, held_out).held_out
    assert found is not None
    assert found.to_numpy().tolist() == [["", 1, 5], ["he free", 0, 1]]
    with pytest.raises(DataError, match="some are held out"):
        read(write(tmp_path, "spam\ta free\nham\tso he\n", "m.txt"), HELD_OUT)


def test_at_most_fifty_words(tmp_path: Path) -> None:
    rows = "".join(f"w{a}{b}{c},1,10,1,40\n" for a in "abcde" for b in "abcde" for c in "abcde")
    with pytest.raises(DataError, match="125 words, at most 50"):
        read(write(tmp_path, HEAD + rows))


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.csv", "cannot be read"), (tmp_path, "no Parquet file")):
        with pytest.raises(DataError, match=said):
            read(path)
    with pytest.raises(DataError, match="cannot be read"):
        read(PATH, tmp_path / "none.csv")


def test_a_hundred_thousand_messages_take_a_second(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    vocabulary = np.array(["".join(rng.choice(list("abcdefgh"), 4)) for _ in range(3000)])
    words, labels = rng.choice(vocabulary, (100_000, 8)), rng.choice(CLASSES, 100_000)
    lines = [f"{label}\t{' '.join(row)}" for label, row in zip(labels, words, strict=True)]
    path = write(tmp_path, "\n".join(lines), "many.txt")
    start = time.perf_counter()
    found = read(path)
    assert time.perf_counter() - start < 15  # it takes one; a tenfold slip must not pass
    assert found.split is not None
    assert found.words["spam_total"][0] + found.words["ham_total"][0] == found.split.counted


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30)


@given(st.lists(st.tuples(st.sampled_from(CLASSES), texts), max_size=20))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_messages_are_counted_or_refused(
    tmp_path: Path, messages: list[tuple[str, str]]
) -> None:
    lines = "".join(f"{label}\t{text}\n" for label, text in messages)
    with contextlib.suppress(DataError):
        found = read(write(tmp_path, lines, "own.txt"))
        assert found.split is not None
        kept = {text: label for label, text in reversed(messages)}
        assert found.split.kept == len(kept)
        for _, row in found.words.iterrows():
            held = sum(row["word"] in tokens(text) for text in kept)
            assert row["spam_with"] + row["ham_with"] <= held
        if found.held_out is not None:
            assert found.held_out[["spam", "ham"]].to_numpy().sum() == found.split.held_out


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: (HEAD + text).encode()))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_file_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = write(tmp_path, content)
    with contextlib.suppress(DataError):
        assert len(load(path)) >= 1
