"""From face video to a stream with SEI messages and back: where encoder, messages and generator meet.

**Encoding.** The stream has one coded picture per base picture. Each base picture carries the messages of all pictures
up to the next base picture: gfv_cnt 0 is the base picture itself, and gfv_cnt k is the k-th picture after it. So each
message is predicted from the previous one, which takes less than half the bits of prediction from the base message. The
coded pictures are all base pictures. The reference encoder lays out its streams in the same way. In a container, each
base picture has the time that it has in the video.

Generators that take several base pictures at once (MRDAC) need nothing more in the stream: base pictures at a fixed
distance, under one gfv_id, each with its own base message.

Generators that also take the decoded driving picture (HDAC) need another layout. Every picture is coded. The pictures
between base pictures form a low-delay stream of low quality, and each has a message of its own, with gfv_cnt 0 and
gfv_fusion_pic_flag 1. No available encoder changes its quantiser from picture to picture. So base picture and layer
come from two runs, one after the other, and the layer begins with an intra picture, as the layers of the first
publications do.

=================  ================================================================================
``encode``         a video to base pictures, messages and, for fusion, a layer
``following``      pictures to parameters: by the tracker, or by an AnalysisNN
=================  ================================================================================

**Decoding** plays this layout, and any other layout in which messages are attached to ordinary coded pictures:

=================  ================================================================================
``picture_units``  access units in decoding order, their messages, their places in output order
``coded_stream``   decoded pictures, from the stream without its messages
``jobs``           messages to jobs, in decoding order
``decode``         ``Player``: jobs to pictures, in output order
``networks``       TranslatorNN, GenerativeNN and EnhancerNN in sequence
``calibration``    gain and offset per channel, from the decoded base picture
``chroma_key``     the viewer's background where the picture has the key colour
``timing``         when each picture is shown
``output``         MP4, Y4M, raw planes, PNG
``notes``          notes for the user about a stream, each of them once
=================  ================================================================================

The state of the standard follows decoding order. It determines the base picture, the network and the chroma key of a
message, just like its prediction, even if the base picture is shown later than a picture that is generated from it. For
generators that take several base pictures, the earlier ones are those of the previous base messages in decoding order.
The time at which a picture is shown follows output order.

Two things wait between the two orders. Jobs are a few numbers each. Decoded pictures are those that the stream reorders
(16 at most) and the base pictures still in use, which are the latest ones that the generator takes (16 at most). Memory
does not grow with the stream, nor with the messages of a picture.

Where the semantics leave a choice, the player decides as follows:

- A coded picture without GFV messages is shown as it is. A coded picture with messages only of other faces belongs to
  those faces and is left out.
- A message that cannot be read, or that decoders shall ignore (reserved identifiers), is skipped with a note. The
  others are played.
- If a gfv_cnt comes twice in a picture unit, it is played once. If a frame has two fields with a list in each, as JM
  writes it, the list of the first field is played.
- A picture without a GFVE message of its own is shown as the GenerativeNN made it, unless the EnhancerNN needs no
  message.
- If the fusion flag of a picture is 1, its decoded picture goes to the networks that take one.
- A message refers to the base picture of the last base message before it, and a GenerativeNN may remember earlier base
  pictures. The age of a base picture is counted in pictures of the face, including coded pictures without messages.
- A network that the stream names is used if the user has registered a file for it. Otherwise there is a note.
- If the generator refuses the parameters, they are translated, provided that exactly one available translator fits.
"""
