"""A person's living photo as head and shoulders in the light of a set."""

from vivant.render.bust.lighting import Style
from vivant.render.bust.staging import BustLayer, BustStage, place_bust
from vivant.render.bust.tone import Tone, matched

__all__ = ["BustLayer", "BustStage", "Style", "Tone", "matched", "place_bust"]
