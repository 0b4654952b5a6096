"""Inviting respondents: links, lists, letters, and how far everybody is."""
