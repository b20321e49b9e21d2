"""People come in: passwords and what makes one good enough, and keys that seal what must be read again."""
