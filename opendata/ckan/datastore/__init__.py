"""Rows of published tables, asked for as CKAN's datastore is."""
