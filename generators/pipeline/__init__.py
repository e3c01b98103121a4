"""From face video to an SEI-carrying stream and back: where encoder, messages and generator meet.

**Encoding.** The stream has one coded picture per base picture, and the messages of all pictures up to the next base
picture hang on it, gfv_cnt 0 being the base picture itself and gfv_cnt k the k-th picture after it. So each message is
predicted from the one before, which takes less than half the bits of predicting from the base message, and the coded
part of the stream is nothing but base pictures. It is how the reference encoder lays its streams out. In a container
each base picture has the time that it has in the video.

Generators that take several base pictures at once (MRDAC) need nothing more in the stream: base pictures on a fixed
distance, under one gfv_id, each with its own base message.

Generators that take the decoded driving picture too (HDAC) need another layout: every picture is coded, those between
base pictures as a low-delay stream of low quality, and each has a message of its own, gfv_cnt 0, gfv_fusion_pic_flag 1.
No encoder at hand changes its quantiser from picture to picture, so base picture and layer come of two runs, one behind
the other; the layer begins with an intra picture, as the layers of the first publications do.

=================  ================================================================================
``encode``         a video to base pictures, messages and, for fusion, a layer
``following``      pictures to parameters: tracked, or by an AnalysisNN
=================  ================================================================================

**Decoding** plays this layout and any other in which messages stand at ordinary coded pictures:

=================  ================================================================================
``picture_units``  access units in decoding order, their messages, their places in output order
``coded_stream``   decoded pictures, from the stream without its messages
``jobs``           messages to jobs, in decoding order
``decode``         ``Player``: jobs to pictures, in output order
``networks``       TranslatorNN, GenerativeNN, EnhancerNN in a row
``calibration``    gain and offset per channel, from the decoded base picture
``chroma_key``     the viewer's background where the picture has the key colour
``timing``         when each picture is shown
``output``         MP4, Y4M, raw planes, PNG
=================  ================================================================================

What the standard's state says, holds in decoding order: which base picture, network and chroma key a message is under
is decided there, as its prediction is, even where the base picture is shown later than what is generated from it. The
base pictures before that one, for generators that take several, are those of the messages before it in decoding order.
What is shown when is decided in output order. Between the two wait jobs, which are a few numbers, and decoded
pictures, as many as the stream reorders (16 at most) and the base pictures still in use, which are the latest ones, as
many as the generator takes (16 at most). Memory does not grow with
the stream, nor with the messages of a picture.

Where the semantics leave a choice, the player takes it so:

- A coded picture without GFV messages is shown as it is; one that has messages of other faces only belongs to those
  and is left out.
- A message that cannot be read, or that decoders shall ignore (reserved identifiers), is passed over with a note. The
  others go on.
- A gfv_cnt that comes twice in a picture unit is played once. Of a frame in two fields with a list in each, as JM
  writes it, the list of the first field is played.
- A picture without a GFVE message of its own is shown as the GenerativeNN made it, unless the EnhancerNN needs none.
- A picture whose fusion flag is 1 gives its decoded picture to the networks that take one.
- A message is about the base picture of the base message before it, and a GenerativeNN may remember earlier ones. How
  many pictures ago one was is counted in pictures of the face, coded ones without messages among them.
- A network that the stream names is used if the user has registered a file for it, and noted if not.
- Parameters that the generator refuses are translated, where exactly one translator at hand fits between the two.
"""
