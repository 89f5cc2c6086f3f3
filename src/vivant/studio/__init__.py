"""The stages put together: photos and words in, a film out, no work done twice."""
