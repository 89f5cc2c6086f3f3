"""Lays a living layer, a person or an animal, among those who are in the picture already."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.render.bust.contact import Beside, Contact
from vivant.render.bust.staging import BustLayer, place_bust
from vivant.scene.light import Light
from vivant.scene.view import View


def lay(
    hdr: Float32[np.ndarray, "height width 3"],
    layer: BustLayer,
    *,
    light: Light,
    view: View,
    presence: float,
    touches: float,
    contact: Contact | None,
    threads: int,
) -> Float32[np.ndarray, "height width 3"]:
    """Shade those behind, put the layer into the light, and remember that it is there.

    Args:
        hdr: What is behind; linear light, written over.
        layer: Who is laid.
        light: Of the shot.
        view: The camera.
        presence: How much of the layer is there, 0..1.
        touches: How closely it touches who is behind, 0..1.
        contact: Who is in the picture; None where nobody touches anybody.
        threads: That share the work.
    """
    blocked = None
    if contact is not None:
        place = Beside(left=layer.left, top=layer.top, face_px=layer.face_px, amount=touches)
        contact.shade(hdr, layer.texels, place)
        rows, columns = layer.texels.shape
        blocked = contact.blocked(place, size=(rows // 2, columns // 2))
    placed = place_bust(
        hdr, layer, light=light, view=view, presence=presence, blocked=blocked, threads=threads
    )
    if contact is not None:
        contact.add(layer.texels, left=layer.left, top=layer.top, presence=presence)
    return placed
