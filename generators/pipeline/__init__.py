"""From face video to an SEI-carrying stream and back: where encoder, messages and generator meet.

The stream has one coded picture per base picture, and the messages of all pictures up to the next base picture hang
on it, gfv_cnt 0 being the base picture itself and gfv_cnt k the k-th picture after it. So each message is predicted
from the one before, which takes less than half the bits of predicting from the base message, and the coded part of
the stream is nothing but base pictures. It is how the reference encoder lays its streams out.

:mod:`~generators.pipeline.encode` makes such a stream, :mod:`~generators.pipeline.decode` plays this layout and any
other in which messages stand at ordinary coded pictures, :mod:`~generators.pipeline.output` writes what it shows.
"""
