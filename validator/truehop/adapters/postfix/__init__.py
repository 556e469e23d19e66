"""Postfix: main.cf and master.cf."""
