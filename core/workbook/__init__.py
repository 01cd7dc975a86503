"""Workbooks that anybody may have made, read row by row in memory that does not grow with them."""
