"""The database: rows, scoped sessions and every query.

In reading order: ``database`` (engine, transactions), ``scope`` (the tenant wall), ``rows`` (the
tables), then one module of queries per concept. Nothing above this room imports SQLAlchemy.
"""
