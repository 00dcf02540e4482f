"""The staff side: the form of an entry, and the queue of answers that do not help."""
