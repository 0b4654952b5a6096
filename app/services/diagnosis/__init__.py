"""The diagnosis on screen: computed, read down to its answers, decided upon."""
