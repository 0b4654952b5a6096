"""The trade in pure Python: standard library only, no clock, no input or output."""
