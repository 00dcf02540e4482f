"""Open data of the demonstration: agencies, inventories, datasets through the real pipeline, requests.

Every figure is invented; a seeded script makes them, so that they agree with each other and are the same each time.
"""
