"""The negative cases: streams that break one rule each, a module for each group of rules.

Every function says with ``s.breaks`` what a validator must find, rule, picture and element, and nothing else may be
found. They are named after the rule, so NEG_GFVSYN008_B is the second case for GFV-SYN-008.
"""
