"""The negative cases: streams that break one rule each, a module for each group of rules.

With ``s.breaks``, each function states what a validator must find: rule, picture and element. The validator must find
nothing else. Cases are named after the rule, so NEG_GFVSYN008_B is the second case for GFV-SYN-008.
"""
