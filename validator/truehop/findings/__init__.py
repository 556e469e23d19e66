"""From what rules and the loader report to what the user is told."""
