"""Format numbers for people, with units in the reader's language."""

import math
from datetime import datetime, tzinfo

from core.text import say


def percent(share: float | None) -> str:
    """0.98123 as 98.12 %."""
    return "–" if share is None or math.isnan(share) else in_percent(f"{100 * share:.2f}")


def whole_percent(share: float) -> str:
    """0.98123 as 98 %."""
    return in_percent(f"{100 * share:.0f}")


def in_percent(number: str) -> str:
    """A number with the sign for percent."""
    return say("figures.percent", number=number)


def percent_sign() -> str:
    """What follows a number in percent, as on an axis."""
    return in_percent("")


def percent_format(number: str) -> str:
    """A sprintf format of a number in percent, from the number's own, such as `%d`."""
    return number + percent_sign().replace("%", "%%")


def probability(share: float) -> str:
    """A network's probability as a percentage that never claims certainty: < 0.01 %, 98.12 %, > 99.99 %."""
    text = f"{100 * share:.2f}"
    bounds = {"0.00": "<\N{NO-BREAK SPACE}0.01", "100.00": ">\N{NO-BREAK SPACE}99.99"}
    return in_percent(bounds.get(text, text))


def loss(value: float | None) -> str:
    """A loss with four significant digits and at most five decimals; from a million on as 1.23·10⁶."""
    if value is None or math.isnan(value):
        return "–"
    if math.isfinite(value) and value >= 1e6:
        return _power(value)
    text = f"{value:.4g}"
    return f"{value:.5f}".rstrip("0").rstrip(".") if "e" in text or len(text) > 7 else text


def duration(seconds: float) -> str:
    """9.5 s below a minute, 1:12 above, 1:02:09 above an hour."""
    if seconds < 59.95:
        return say("figures.seconds", number=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def rough_duration(seconds: float) -> str:
    """An estimated time without decimals: 48 s, 1:12."""
    whole = max(1, round(seconds))
    return say("figures.seconds", number=whole) if whole < 60 else duration(whole)


def rate(value: float) -> str:
    """A learning rate as people write it: 0.001 rather than 1e-03, but 1e-08 rather than eight decimals."""
    if 0 < value < 1e-7:
        return f"{value:.2g}"
    return f"{value:.7f}".rstrip("0").rstrip(".") if value < 1 else f"{value:g}"


def size(count: int) -> str:
    """Bytes as people read them: 312 KB, 9.4 MB."""
    if count < 1e6:
        return say("figures.kilobytes", number=f"{count / 1e3:.0f}")
    if count < 1e9:
        return say("figures.megabytes", number=f"{count / 1e6:.1f}")
    return say("figures.gigabytes", number=f"{count / 1e9:.1f}")


def moment(seconds: float, zone: tzinfo | None = None) -> str:
    """A time since 1970 as day and minute in a time zone, by default the server's."""
    at = datetime.fromtimestamp(seconds, zone)
    # not %b, which names the month in the language of the server's terminal
    return say("figures.moment", day=f"{at:%d}", month=say(f"figures.months.{at.month}"), time=f"{at:%H:%M}")


def date(seconds: float, zone: tzinfo | None = None) -> str:
    """A time since 1970 including the year, in a time zone, by default the server's."""
    return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%d %H:%M")


def minus(number: str) -> str:
    """A number with a proper minus sign instead of a hyphen."""
    return number.replace("-", "−")


def scientific(value: float) -> str:
    """Four significant digits; below a thousandth as 1.23·10⁻⁵; within a ten-thousandth of 1 as 1 − 1.23·10⁻⁵.

    Within a thousandth of 1, six decimals, so that the logarithm of what is written is the one beside it.
    """
    if 0 < abs(value - 1) < 1e-4:
        return f"1 {'+' if value > 1 else '−'} {scientific(abs(value - 1))}"
    if 0 < abs(value - 1) < 1e-3:
        return f"{value:.6f}"
    if value == 0 or value >= 1e-3:
        return f"{value:.4g}"
    return _power(value)


def _power(value: float) -> str:
    mantissa, exponent = f"{value:.2e}".split("e")
    return f"{mantissa}·10{str(int(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


def bracketed(number: str) -> str:
    """A sum in parentheses, anything else unchanged."""
    return f"({number})" if " " in number else number
