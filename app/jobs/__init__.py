"""Work outside a request: the queue that wakes workers, child processes with limits, mail.

Nothing here knows the database: the job and outbox tables are the truth about what is to be done,
and the functions that do it are handed in.
"""
