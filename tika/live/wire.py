"""What `web` and `live` say when a connection changes hands, over the Unix socket TIKA_LIVE_HANDOVER.

web -> live   LENGTH, the request's head, and the client's socket (SCM_RIGHTS) with the first byte
live -> web   READY: it is here
web -> live   YOURS, after letting go of its own copy; only now may live write to the client

A copy is let go by closing the descriptor, never by shutdown(), which would end the connection for both.
"""

import struct

LENGTH = struct.Struct("!I")
READY, YOURS = b"R", b"Y"
TIMEOUT = 2.0
HEAD_BYTES = 1024 * 1024
