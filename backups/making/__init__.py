"""How each kind of backup is made. What these return is a manifest that lies in the store."""
