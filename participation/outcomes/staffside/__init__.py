"""The staff side of outcomes: forms, the pages that publish and change, and the list."""
