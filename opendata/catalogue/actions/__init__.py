"""Everything that changes datasets, releases and versions, and the public log of it."""
