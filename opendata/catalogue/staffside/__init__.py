"""The pages and forms of the staff site for datasets, their releases and their versions."""
