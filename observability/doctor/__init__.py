"""What an installation lacks for the stage it is at: checks that look at the real thing (guide section 1, appendix).

A leaf: apps bring their checks in a file `doctor.py` of their own, which `AppConfig.ready` imports.
"""
