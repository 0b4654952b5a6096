"""From a file of answers to a client's files, without a database: what the commands do."""
