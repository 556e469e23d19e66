"""From bytes to located trees."""
