"""Words on screen, through gettext: English in the source, other languages as catalogues in `locale/`.

A sentence with values names them: ``_("window {number} of {count}").format(number=3, count=17)``.
"""

import gettext
from pathlib import Path

_ = gettext.translation("cbam_viz", Path(__file__).parent / "locale", fallback=True).gettext


def percent(share: float) -> str:
    """A probability in words: to a tenth of a per cent, and never a certainty that rounding made."""
    if 0.9995 <= share < 1:
        return ">99.9%"
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def digits(value: float, form: str) -> str:
    """A number in one of `format`'s forms, with a true minus, which 0 never has: ``digits(-0.5, "+.2f")`` is −0.50."""
    said = format(value, form)
    return said.replace("-", "−") if said.strip("+-0.%") else said.lstrip("-")
