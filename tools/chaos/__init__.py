"""`make chaos`: days fall due while workers are killed and the database crashes; then the whole history is checked."""
