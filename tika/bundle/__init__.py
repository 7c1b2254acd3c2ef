"""One signed file that holds all of Tika, for a site without a network (research X3)."""
