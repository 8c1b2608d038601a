"""Words on screen, through gettext: English in the source, other languages as catalogues in `locale/`.

A sentence with values names them: ``_("window {number} of {count}").format(number=3, count=17)``.
"""

import gettext
from pathlib import Path

_ = gettext.translation("cbam_viz", Path(__file__).parent / "locale", fallback=True).gettext
