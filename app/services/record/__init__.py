"""The record: who did what and when, written, read, and checked for tampering."""
