"""The scene room: a storyboard goes in, staged shots come out. Units are metres, y is up, colours are linear light."""
