"""The `live` process: long-lived event streams, one asyncio loop for all of them.

handover  web's worker, which gives a stream's connection away    adoption  this side of it
server    the process: its sockets, its signals, its end          app       what answers a request (ASGI)
hub       which streams are open, whom a notice concerns          feed      one board's stream of versions
listener  what PostgreSQL announces                               presence  who has which board open
door      who may have which board's stream                       doubts    whether a reader still may
"""
