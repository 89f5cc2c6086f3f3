"""Voice engines that come with Vivant; found by entry point, loaded when asked for."""
