"""The canvas: cards, connections and labels, painted from columns of numbers."""
