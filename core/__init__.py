"""Ground floor: errors, the principal, the unit of work, the database, keys, identity numbers, ids and paging."""
