"""Part of truehop."""
