"""What people do on a board. Each verb takes the actor as `by`, locks the board first, and writes no log of its own:
the database does."""
