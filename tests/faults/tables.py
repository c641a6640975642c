"""A strategy for files that are nearly tables."""

import csv
import io

from hypothesis import strategies as st

from tests.brought._brought import Like

CELLS = [
    *("0", "1", "2", "3", "10", "true", "FALSE", "A", "B", "spam", "ham", "free", "free call"),
    *("", " ", "NA", "nan", "inf", "-inf", "1e400", "1e-400", "1e99", "-1e99", "1e308", "5e-324"),
    *("-1", "1.5", "1,5", "0x10", "1_000", "١", "９", "1e9", "1000000000", "99999999999999999999"),
    *("2024-01-31", "31.1.2024", "12:30", "=1+1", "@x", "+1", "-x", '"', "'", "\x00", "\t", "\r"),
    *("<b>", "{{7*7}}", "\u202e", "\u2028", "😀", "a" * 10_000, "9" * 400, "(" * 500, "\ufffe"),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp500"]

nasty = (
    st.sampled_from(CELLS)
    | st.integers(0, 50).map(str)
    | st.floats().map(repr)
    | st.text(max_size=5)
)


@st.composite
def tables(draw: st.DrawFn, like: Like) -> bytes:
    """Draw a file that looks like a table for a loader, with none or some of it wrong."""
    header = list(draw(st.sampled_from(like.headers)))
    first = st.sampled_from(like.first) if like.first else like.cell
    row = st.tuples(first, *[like.cell] * (len(header) - 1)).map(list)
    rows = [header, *draw(st.lists(row, min_size=2, max_size=8))]
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 5]))):
        at = draw(st.sampled_from(rows))
        wrong = draw(nasty | st.sampled_from(like.names))
        place = draw(st.integers(0, len(header)))
        taken: int = draw(st.sampled_from([1, 1, 1, 0, 2]))
        at[place : place + taken] = [wrong]
    file = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    csv.writer(file, lineterminator=end).writerows(rows)
    text = file.getvalue()
    text = text.replace(",", draw(st.sampled_from([*[","] * 8, ";", "\t"])))
    coded = draw(st.sampled_from([*["utf-8"] * 8, *ENCODINGS]))
    mark = draw(st.sampled_from([*[b""] * 8, b"\xef\xbb\xbf", b'"', b"\x00"]))
    return mark + text.encode(coded, errors="replace")
