"""The board a newcomer finds: its tickets are a tour of Tika."""
