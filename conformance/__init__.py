"""The conformance suite of GFV and GFVE, and runs of readers against it: to be filled.

It stands above the other packages: streams are made with :mod:`vtm_bridge` and :mod:`gfv_sei`, and checked by the
validator in :mod:`gfv_sei.validation`. Nothing imports it.
"""
