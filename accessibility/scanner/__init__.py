"""Walks the pages of the portal in a browser and says what is wrong with them.

The tests and `manage.py axe` share it. Browser, engine and parser are imported where they are used, because a portal
in production has none of them.
"""
