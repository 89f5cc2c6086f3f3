"""Engines that mark pictures: the built-in one, and neural ones that are wished for by name."""
