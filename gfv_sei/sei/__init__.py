"""The SEI layer: messages in NAL units, scalable nesting, and the names of payload types."""
