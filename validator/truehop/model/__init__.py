"""The hop model and the walk: neither YAML nor products are known here."""
