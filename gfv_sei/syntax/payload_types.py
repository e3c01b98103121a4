"""The payload types of the messages that this package knows the syntax of."""

GFV = 223
"""payloadType of generative_face_video( )."""

GFVE = 224
"""payloadType of generative_face_video_enhancement( )."""
