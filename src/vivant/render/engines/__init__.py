"""Who draws: the engines that come with Vivant."""
