"""Service levels kept, by unit and month.

months: the calendar's months. facts: what happened in one. counting: figures of facts. withholding: what is too
small to show. storing: the table, kept up to date. reading: what pages, files and open figures take from it.
"""
