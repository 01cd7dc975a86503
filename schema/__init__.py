"""The GraphQL face: types, lenses, policy and the translation of errors. It decides nothing about the law."""
