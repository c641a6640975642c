"""What a test reads off a page."""

from html.parser import HTMLParser


class Reader(HTMLParser):
    """Counts tables, and takes the alternatives of drawings, and the help that each refers to.

    Every table and drawing has a mark that opens a help text; each text is on the page once.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tables = 0
        self.alternatives: list[str] = []
        self.marks: list[str] = []
        self.helps: dict[str, str] = {}
        self.reading = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins."""
        found = dict(attrs)
        self.tables += tag == "table"
        if found.get("role") == "img":
            self.alternatives.append(found["aria-label"] or "")
        if found.get("class") == "help":
            self.marks.append(found["popovertarget"] or "")
        if "popover" in found:
            self.reading = found["id"] or ""
            assert self.reading not in self.helps
            self.helps[self.reading] = ""

    def handle_endtag(self, tag: str) -> None:
        """Stop reading where the text ends."""
        self.reading = "" if tag == "div" else self.reading

    def handle_data(self, data: str) -> None:
        """Keep the words of an explanation."""
        if self.reading:
            self.helps[self.reading] += data.strip()
