"""Clients and engagements: begun, staffed, followed from the first day to the last."""
