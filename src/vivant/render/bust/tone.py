"""How a photo's own colours are brought into the film: its cast, its exposure, its greys; two people into one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vivant.render.bust.seeing import LUMA, Seen, Tone, see, see_closely
from vivant.render.bust.together import rgb_of, together
from vivant.rig.rig import Rig

__all__ = ["LUMA", "Tone", "matched"]

SKIN_RED, SKIN_BLUE = (1.25, 1.70), (0.55, 0.82)
"""Red and blue of skin over its green, in linear light, of people of every colour in daylight."""
BACK_TO_SKIN = 0.6
"""How much of a cast beyond that is taken off."""
BACK_BESIDE_WHITE = 0.15
"""The same where white things have told of the cast: what is left is the skin's own."""
WHITE_TRUST = 0.45
"""How much of the cast that white things show is taken off."""
SKIN_COLOUR, COLOUR_EVENED, COLOUR_LIMITS = 1.0, 0.5, (0.75, 1.12)
"""Colour of skin (widest difference of channels over light), and how far photos are brought to it."""
CAST_LIMIT = 0.20
"""No channel is changed by more, in logarithms: a warm lamp may stay a warm lamp."""
GREY_RGB = (1.10, 0.985, 0.86)
"""The tone of a grey photo in a film in colour: as warm as an old print, and no more."""
LEVEL = 0.30
"""Light of a face in the middle of what photos show."""
LEVELLED, LEVEL_LIMITS = 0.35, (0.85, 1.15)
"""How far a face is brought to that level: darkness may be the skin's, not the photo's."""
MOST_GRAIN = 0.012
"""No photo is made grainier than this."""


def matched(rigs: Sequence[Rig]) -> tuple[Tone, ...]:
    """Bring photos into one film: one person's, or several people's that are to stand side by side.

    Each photo's cast is taken off as far as it lies beyond what skin can have, and exposure is
    evened a little. Between several, see ``together``: casts, blacks, grain and sharpness come
    together, and heads get one size; nobody becomes lighter or darker toward another.
    A grey photo stays grey, in a warm tone: colours of a face are not made up.
    """
    seen = [see(rig) for rig in rigs]
    tones = [_own(one) for one in seen]
    if len(seen) < 2:
        return tuple(tones)
    tones = together(seen, [see_closely(rig) for rig in rigs], tones)
    most = min(max(one.grain for one in seen), MOST_GRAIN)
    apart = float(np.exp(np.mean([np.log(one.eyes_apart) for one in seen])))
    return tuple(
        replace(
            tone,
            grain=float(np.sqrt(max(0.0, most**2 - one.grain**2))),
            size=float(np.clip((apart / one.eyes_apart) ** 0.5, 0.92, 1.08)),
        )
        for tone, one in zip(tones, seen, strict=True)
    )


def _own(one: Seen) -> Tone:
    level = float(one.skin @ LUMA)
    even = float(np.clip((LEVEL / max(level, 1e-3)) ** LEVELLED, *LEVEL_LIMITS))
    if one.grey:
        return Tone(gain=rgb_of(np.array(GREY_RGB) * even), saturation=0.0)
    cast = np.zeros(3)
    if one.white is not None:
        cast = -np.log(one.white / one.white[1]) * WHITE_TRUST
    skin = one.skin * np.exp(cast)
    red, blue = skin[0] / skin[1], skin[2] / skin[1]
    wanted = np.array([np.clip(red, *SKIN_RED) / red, 1.0, np.clip(blue, *SKIN_BLUE) / blue])
    cast += np.log(wanted) * (BACK_TO_SKIN if one.white is None else BACK_BESIDE_WHITE)
    gain = np.exp(np.clip(cast, -CAST_LIMIT, CAST_LIMIT))
    after = one.skin * gain
    gain *= level / float(after @ LUMA)
    colour = float(np.ptp(after)) / max(float(after @ LUMA), 1e-3)
    vivid = float(np.clip((SKIN_COLOUR / max(colour, 1e-3)) ** COLOUR_EVENED, *COLOUR_LIMITS))
    return Tone(gain=rgb_of(gain * even), saturation=vivid)
