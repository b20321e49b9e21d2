"""`make ha`: the primary of two database servers is killed while people write; what was acknowledged must be there."""
