"""Messages for a person to label: which ones, on paper of several kinds, and how the answers are read back."""

from cuishou.review.item import Answer, Item, Reviewed, as_labels, item_of
from cuishou.review.picking import known_texts, pick

__all__ = ["Answer", "Item", "Reviewed", "as_labels", "item_of", "known_texts", "pick"]
