"""Issued reports: ready or not, frozen, drawn, kept, compared."""
