"""Folds and shade that come and go with expressions, added to the face's texture each frame."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float32, Int8, Int32, UInt32

from vivant.media.face import SHAPE
from vivant.render.features import shade_texture
from vivant.render.framing import Framing
from vivant.render.sheets import PAD_PX
from vivant.rig.shade import SHEETS, Shading

FULL = 256
"""Weight of a sheet at full effect."""
MOST = 1.2
"""Furthest that an exaggerated expression deepens a fold."""
FAINT = 0.01
"""Below this share of its effect a sheet is left out."""

_SMILES = SHAPE["mouthSmileLeft"], SHAPE["mouthSmileRight"]


class FaceShade:
    """The shading sheets at the size of the film."""

    def __init__(
        self,
        shading: Shading,
        framing: Framing,
        *,
        corner_px: tuple[int, int],
        texture: UInt32[np.ndarray, "hh ww"],
    ) -> None:
        """Bring the sheets to film size and cut them to the face's texture.

        Args:
            shading: Of the rig.
            framing: Where the film's frame lies.
            corner_px: Where the texture's first pixel lies, from the film's frame; negative in its margin.
            texture: Of the face, changed in place from then on.
        """
        self._texture, self._plain = texture, texture.copy()
        self._last = np.zeros(len(SHEETS), np.int32)
        size = (
            round(shading.sheets.shape[2] * framing.scale),
            round(shading.sheets.shape[1] * framing.scale),
        )
        corner = framing.to_film(np.array([[shading.left, shading.top]], np.float32))[0]
        left, top = (round(float(v)) - from_ for v, from_ in zip(corner, corner_px, strict=True))
        tall, wide = texture.shape
        x0, y0 = max(0, -left), max(0, -top)
        x1, y1 = max(x0, wide - left - 2 * PAD_PX), max(y0, tall - top - 2 * PAD_PX)
        sheets = [
            np.asarray(cv2.resize(sheet.astype(np.float32), size, interpolation=cv2.INTER_LINEAR))[
                y0:y1, x0:x1
            ]
            for sheet in shading.sheets
        ]
        self._sheets: Int8[np.ndarray, "9 h w"] = np.round(np.stack(sheets)).astype(np.int8)
        self._corner = (max(0, left) + PAD_PX, max(0, top) + PAD_PX)

    def shade(self, weights: Float32[np.ndarray, " 52"]) -> None:
        """Change the texture to what these weights ask for."""
        wanted = sheet_weights(weights)
        if np.array_equal(wanted, self._last):
            return
        shade_texture(self._texture, self._plain, self._corner, self._sheets, wanted)
        self._last = wanted


def sheet_weights(weights: Float32[np.ndarray, " 52"]) -> Int32[np.ndarray, " 9"]:
    """Tell how much of each sheet the shapes ask for; 256 is full effect."""
    amount = np.maximum(weights, 0).tolist()

    def of(*shapes: str) -> float:
        return float(sum(amount[SHAPE[name]] for name in shapes)) / len(shapes)

    amounts = {
        "smileLeft": of("mouthSmileLeft"),
        "smileRight": of("mouthSmileRight"),
        "browUp": max(of("browInnerUp"), of("browOuterUpLeft", "browOuterUpRight")),
        "browDown": of("browDownLeft", "browDownRight"),
        "squintLeft": max(of("eyeSquintLeft"), of("cheekSquintLeft")),
        "squintRight": max(of("eyeSquintRight"), of("cheekSquintRight")),
        "jaw": of("jawOpen"),
        "pucker": max(of("mouthPucker"), of("mouthFunnel")),
        "unsmile": -float(weights[_SMILES[0]] + weights[_SMILES[1]]) / 2,
    }
    strong = (amounts[name] for name in SHEETS)
    return np.array([round(FULL * min(MOST, a)) if a > FAINT else 0 for a in strong], np.int32)
