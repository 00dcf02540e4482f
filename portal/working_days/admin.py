"""Calendars are edited through portal/clocks/admin_calendars.py, which can say which promises a change would move."""
