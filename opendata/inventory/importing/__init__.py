"""An agency's inventory from a file: read, checked row by row, reported on, and taken over when somebody says so."""
