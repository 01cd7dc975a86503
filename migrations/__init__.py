"""The database's changes, oldest first. DDL only; expand, then contract."""
