"""The pages and forms of the staff site for the inventory and the agencies."""
