"""The pieces. All are ours: harmony and tune were written for Vivant, and nobody else has a right in them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from vivant.music.score import Piece, bars_of, four

_STILLNESS = Piece(
    name="stillness",
    about="A slow song for piano over quiet strings, in D. For a word of farewell.",
    key=62,
    beats_a_bar=4,
    beats_a_minute=58,
    bars=bars_of(
        "-6/1,3,5: 5.2 3 5 | -7/3,5,7: 7.3 6 | -8/1,3,6: 6.2 8 6 | -10/1,4,6: 6 5 4.2 |"
        "-11/1,3,5: 3.2 5.2 | -5/2,4,8: 4 6 5 4 | -9/2,5,8: 5.3 4 | -9/2,5,7: 2.4 |"
        "-6/1,3,5: 5.2 3 5 | -7/3,5,7: 7.3 8 | -8/3,6,8: 10.2 9 8 | -10/4,6,7: 6 8 7.2"
    ),
    close=four(bars_of("-5/2,4,8: 6 5 4 6 | -9/2,4,5: 5.2 4 2 | -6/1,3,5: 3.4 | -6/1,3,5: 1.4")),
    broken=((0, 0), (0.5, 1), (1, 2), (1.5, 3), (2, 2), (2.5, 3), (3, 1), (3.5, 2)),
    melody_on="piano",
    broken_on="piano",
    pad=0.5,
)
_ASCENT = Piece(
    name="ascent",
    about="Strings that rise step by step under a harp, in F. For the stairway.",
    key=65,
    beats_a_bar=3,
    beats_a_minute=63,
    bars=bars_of(
        "-6/1,3,5: 3.3 | -5/2,5,7: 5.2 4 | -4/1,3,5: 5.3 | -3/1,4,6: 6.2 5 |"
        "-2/2,5,7: 7.3 | -1/1,3,6: 8.2 7 | 0/2,5,7: 9.3 | 1/3,5,8: 10.3 |"
        "-3/1,4,6: 8.2 6 | -4/1,3,5: 5.3 | -5/2,4,6: 6.2 4 | -2/2,5,7: 5.3 |"
        "-1/1,3,6: 6.2 8 | -3/4,6,8: 11.2 10 | -4/3,5,8: 10.2 8 | -2/2,5,7: 9.3"
    ),
    close=four(bars_of("-3/1,4,6: 8.2 6 | -2/2,4,5: 9.2 7 | -6/1,3,5: 8.3 | -6/3,5,8: 10.3")),
    broken=((0, 0), (0.5, 1), (1, 2), (1.5, 3), (2, 4), (2.5, 3)),
    melody_on="strings",
    broken_on="harp",
    pad=0.62,
)
_DAYLIGHT = Piece(
    name="daylight",
    about="A bright, gentle walk for harp, bells and strings, in G. For weddings and births.",
    key=67,
    beats_a_bar=4,
    beats_a_minute=76,
    bars=bars_of(
        "-6/1,3,5: 5 6 5 3 | -7/2,5,7: 2.3 3 | -8/1,3,6: 3 5 6 8 | -10/1,4,6: 6.3 5 |"
        "-6/1,3,5: 5 6 8 9 | -7/2,5,7: 9.2 7.2 | -10/1,4,6: 8 6 5 4 | -9/2,5,7: 5.4 |"
        "-8/1,3,6: 8.2 10.2 | -4/3,5,7: 9 7 5.2 | -10/1,4,6: 6 8 11 10 | -6/1,3,5: 8.4"
    ),
    close=four(bars_of("-5/2,4,6: 6 8 6 4 | -9/2,5,7: 5.2 7.2 | -6/1,3,5: 8.4 | -6/3,5,8: 8.4")),
    broken=((0, 0), (0.5, 2), (1, 3), (1.5, 2), (2, 1), (2.5, 3), (3, 2), (3.5, 3)),
    melody_on="bell",
    broken_on="harp",
    pad=0.42,
)
_KEEPSAKE = Piece(
    name="keepsake",
    about="A small waltz for piano, in B flat. For an album.",
    key=70,
    beats_a_bar=3,
    beats_a_minute=84,
    bars=bars_of(
        "-6/1,3,5: 5.2 3 | -8/1,3,6: 6.2 5 | -10/1,4,6: 4 6 8 | -9/2,5,7: 7.2 5 |"
        "-11/1,3,5: 5.2 3 | -8/1,3,6: 3 5 6 | -5/2,4,6: 6.2 4 | -9/2,5,7: 5.3 |"
        "-6/1,3,5: 8.2 5 | -4/3,5,7: 7.2 5 | -3/4,6,8: 6 8 6 | -4/3,5,8: 5.3 |"
        "-5/2,4,6: 4 5 6 | -8/1,3,6: 6.2 3 | -5/2,4,6: 4.2 2 | -9/2,5,7: 2.3"
    ),
    close=four(bars_of("-10/1,4,6: 6.2 4 | -9/2,4,7: 5 4 2 | -6/1,3,5: 1.3 | -6/1,3,5: 1.3")),
    broken=((0, 0), (1, 2), (1.5, 1), (2, 3)),
    melody_on="piano",
    broken_on="piano",
    pad=0.22,
)
PIECES: Final = MappingProxyType(
    {piece.name: piece for piece in (_STILLNESS, _ASCENT, _DAYLIGHT, _KEEPSAKE)}
)
