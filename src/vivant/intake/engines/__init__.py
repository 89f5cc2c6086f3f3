"""Who sees faces: the engines that come with Vivant."""
