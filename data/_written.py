r"""Numbers as people write them: 15%, 12,500, $20, 3,7, (20), 1'200, 12 kg.

What a cell says may hang on whether its decimal sign is a point or a comma; both are returned.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

GROUPS = " '’\u00a0\u2009\u202f_"  # between thousands, whatever the decimal sign
CURRENCIES = (
    "[$€£¥₹₽₩₺₫₴₦₪฿¢]|[A-Z]{1,2}\\$|kr|zł|Fr|Rs|EUR|USD|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|"
    "PLN|CZK|HUF|RUB|TRY|BRL|MXN|ZAR"
)
#: None that may be something else behind a number, as in 5A, 3K or the 20s.
UNITS = (
    "kg|g|mg|µg|lb|lbs|oz|km|m|cm|mm|µm|nm|mi|ft|ml|dl|cl|sec|ms|hr|hrs|min|°C|°F|kWh|MWh|kW|MW|Hz|"
    "kHz|MHz|GHz|Pa|hPa|kPa|kJ|kcal|cal|kB|MB|GB|TB|px|km/h|mph|m/s|m²|m2|km²|ha|bpm|mmHg|mg/dl|"
    "mmol/l|days?|weeks?|months?|years?|yrs?|hours?|minutes|seconds"
)
_SPACE = rf"[{GROUPS[0]}{GROUPS[3:6]}]*"
_CELL = re.compile(
    rf"(?P<open>\()?(?P<sign>[-+])?{_SPACE}(?:(?P<before>{CURRENCIES})(?:(?<=[a-z])\.)?)?{_SPACE}"
    rf"(?P<inner>[-+])?(?P<body>[0-9]+(?:[{GROUPS}.,][0-9]+)*[.,]?|[.,][0-9]+)"
    rf"(?P<power>[eE][-+]?[0-9]{{1,3}})?"
    rf"(?:{_SPACE}(?P<times>k|K|M|Mio\.?|bn)(?![A-Za-z]))?{_SPACE}(?P<share>%|‰)?{_SPACE}(?P<after>(?:{CURRENCIES})\.?)?"
    rf"(?P<unit>{UNITS})?(?P<close>\))?"
)
_HUNDREDTHS = {"%": 2, "‰": 3}
_THOUSANDS = {"k": 3, "K": 3, "M": 6, "b": 9}  # of money alone: 3K may be many things


@dataclass(frozen=True)
class Written:
    """A number as a cell has it: what it is by each decimal sign (None: it is none), and marks.

    `unit` is a currency or a unit of measurement, `share` "%" or "‰", `grouped` whether digits may
    stand in groups, `bracketed` whether brackets make it negative.
    """

    point: Decimal | None
    comma: Decimal | None
    share: str = ""
    money: str = ""
    unit: str = ""
    bracketed: bool = False

    def by(self, decimal: str) -> Decimal | None:
        """Return the number, if the decimal sign is this one."""
        return self.point if decimal == "." else self.comma


def written(cell: str) -> Written | None:
    """Return the number that a cell is, or None: it is none, whatever the decimal sign.

    >>> written("15%").point, written("3,7").comma, written("(1,200)").point
    (Decimal('0.15'), Decimal('3.7'), Decimal('-1200'))
    """
    found = _CELL.fullmatch(ascii_of(cell)) if len(cell) < 60 else None
    if not found or bool(found["open"]) != bool(found["close"]):
        return None
    unit, signs = found["unit"] or "", [found["sign"], found["inner"]]
    brackets = found["open"] is not None
    if all(signs) or (brackets and any(signs)):
        return None
    money = [one.rstrip(".") for one in (found["before"], found["after"]) if one]
    if len(money) + bool(found["share"]) + bool(unit) > 1 or (found["times"] and not money):
        return None
    negative = brackets or "-" in signs
    point, comma = (
        _value(found["body"], found["power"] or "", sign, other, negative=negative)
        for sign, other in ((".", ","), (",", "."))
    )
    if point is None and comma is None:
        return None
    places = _HUNDREDTHS.get(found["share"], 0) - _THOUSANDS.get((found["times"] or "")[:1], 0)
    point, comma = (None if one is None else one.scaleb(-places) for one in (point, comma))
    return Written(point, comma, found["share"] or "", "".join(money), unit, brackets)


def ascii_of(cell: str) -> str:
    """Return a cell with the digits 0 to 9, of whatever script they are, and a plain minus."""
    if cell.isascii():
        return cell
    digits = (str(unicodedata.decimal(c, c)) for c in cell)
    return "".join(digits).translate({0x2212: "-", 0x2013: "-", 0xFF0E: ".", 0xFF0C: ","})


def _value(body: str, power: str, decimal: str, other: str, *, negative: bool) -> Decimal | None:
    """Return the number that digits are if the decimal sign is `decimal`; None: they are none."""
    whole, sign, rest = body.partition(decimal)
    if sign and not (rest.isdigit() or not rest):
        return None
    groups = set(re.findall("[^0-9]", whole))
    if groups:
        (between, *more) = groups
        if more or between not in {other, *GROUPS} or power:
            return None
        three = re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{re.escape(between)}[0-9]{{3}})+", whole)
        lakh = r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}"  # as in India
        if not three and not (between == "," and re.fullmatch(lakh, whole)):
            return None
    digits = re.sub("[^0-9]", "", whole)
    try:
        number = Decimal(f"{digits or 0}.{rest or 0}{power}" if sign else f"{digits}{power}")
    except InvalidOperation:
        return None
    return -number if negative else number


def plainly(number: Decimal) -> str:
    """Return a number as text that every reader takes for it."""
    return format(number, "f") if abs(number.adjusted()) < 40 else str(number)
