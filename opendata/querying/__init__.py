"""Questions to the rows of a published version: a closed grammar, bound values, an engine in a process of its own."""
