"""The register of what we made: finds a film again by its number, its file, a copy, or a screenshot."""
