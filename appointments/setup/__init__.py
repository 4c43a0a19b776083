"""From an empty database to an open clinic, by a manager alone: which steps there are, and the verbs that take them."""
