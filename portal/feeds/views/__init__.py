"""Public pages: the feeds themselves, and subscribing to them by e-mail."""

from portal.feeds.views.reading import atom, feed_list, rss
from portal.feeds.views.subscribing import confirm, look, subscribe, subscription, unsubscribe

__all__ = ["atom", "confirm", "feed_list", "look", "rss", "subscribe", "subscription", "unsubscribe"]
