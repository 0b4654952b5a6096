"""Excel workbooks, read from strangers and written for people."""
