"""Dateline: newswire in, political event data out."""
