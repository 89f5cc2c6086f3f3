"""The voices of Kokoro: for each a table of styles, one row of 256 numbers for each length of the text.

The tables of all voices share ten curves over the length; a voice is its weights of them. That is
what lies beside this file: the 54 voices of the package kokoro-js 1.2.1 (Apache-2.0), made small by
``benchmarks/voice/pack_kokoro_styles.py``. The first half of a row (128 numbers) bends the sound, the second
the melody and the pace.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from jaxtyping import Float32

PACK = "kokoro_styles.npz"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StylePack:
    """All voices."""

    names: tuple[str, ...]
    """As Kokoro calls them: ``"am_michael"``: language, woman or man, name."""
    curves: Float32[np.ndarray, "510 10"]
    """How the styles change with the length of the text; root mean square 1 each."""
    weights: Float32[np.ndarray, "voices 10 256"]
    """Of the curves, for each voice; those of the first curve are most of the style."""

    def table(self, name: str) -> Float32[np.ndarray, "510 256"]:
        """Give the table of a voice: row *i* is for ``i + 1`` letters."""
        table: Float32[np.ndarray, "510 256"] = self.curves @ self.weights[self.names.index(name)]
        return table


@lru_cache(maxsize=1)
def style_pack() -> StylePack:
    """Read the voices; some 3 ms, once."""
    with (
        files("vivant.voice.engines").joinpath(PACK).open("rb") as file,
        np.load(file, allow_pickle=False) as pack,
    ):
        return StylePack(
            names=tuple(str(name) for name in pack["names"]),
            curves=pack["curves"],
            weights=pack["weights"],
        )
