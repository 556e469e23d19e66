"""Dovecot: its configuration files, 2.3 and 2.4."""
