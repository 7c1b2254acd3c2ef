/** What every page of the console does by itself. */
