"""Text that acts unseen is shown by its number, everywhere by the same rule."""

import sys
import unicodedata

from markupsafe import Markup

from data import _label
from reports.blocks.text import printable, told_apart, visible


def test_labels_and_pages_agree_on_what_is_printable() -> None:
    """But for white space, which a label has none of but spaces."""
    for code in range(sys.maxunicode + 1):
        if not chr(code).isspace():
            assert _label.visible(f"a{chr(code)}b") == visible(f"a{chr(code)}b"), hex(code)


def test_nothing_that_controls_or_turns_text_round_is_left() -> None:
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    for code in range(sys.maxunicode + 1):
        c = chr(code)
        acts = unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} and c not in "\t\n"
        if acts or unicodedata.bidirectional(c) in turning:
            assert visible(c) == f"⟨U+{code:04X}⟩"


def test_markup_is_left_alone() -> None:
    assert printable(Markup("\u202e<b>")) == "\u202e<b>"
    assert printable("\u202e") == "⟨U+202E⟩"
    assert printable(3) == 3


def test_names_that_differ_in_the_middle_stay_different() -> None:
    names = [f"consumption_of_the_house_{i}_in_kilowatt_hours_per_day" for i in range(3)]
    assert told_apart(names, 60) == names
    assert told_apart(names[:1], 20) == ["consumptio…s_per_day"]
    short = told_apart(names, 30)
    assert [name[:8] for name in short] == ["…use_0_i", "…use_1_i", "…use_2_i"]
    assert all(len(name) <= 30 for name in short)
    hidden = ["a" * 30 + str(i) + "b" * 30 for i in (1, 2)] + ["c" * 40]
    assert len({*told_apart(hidden, 11)}) == 3
