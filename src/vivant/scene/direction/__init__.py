"""Directions: how an action of a storyboard becomes a staged shot."""
