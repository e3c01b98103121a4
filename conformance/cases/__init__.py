"""The positive cases, a module for each subject. A function here with the decorator ``case`` is a case of the suite.

The subject gives the letters of the names: CNT counts, ID identifiers, KPS keypoints, MAT matrices, KEY chroma key, NN
networks, GFVE enhancement, PUP pupils, SEI framing, BASE base pictures and coding structures, GEN generators.
"""
