"""The `live` process: long-lived event streams, one asyncio loop for all of them.

handover   web's worker, which gives a stream's connection away       adoption   this side of it
server     the process: sockets, signals                              app        what answers a request (ASGI)
hub        which streams are open, what has to be told to whom        feed       one board's stream of versions
listener   what PostgreSQL says                                       presence   who has which board open
"""
