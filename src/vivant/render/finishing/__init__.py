"""The lens and the film: blur by depth, shafts of light, bloom, curve, grade and grain, written as planes."""

from vivant.render.finishing.defocus import defocus
from vivant.render.finishing.finish import finish
from vivant.render.finishing.look import Look

__all__ = ["Look", "defocus", "finish"]
