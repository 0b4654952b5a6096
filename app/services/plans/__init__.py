"""The plan on screen: its controls, what they do, its revisions."""
