"""Speed and memory of gfv, as ratios that are measured in one run: ``make bench``.

How to read it
    One line per goal and stream. The ratio is what counts: processor time (user and system, all threads) of the
    command, divided by that of the peer it is compared with, both run in turn inside of each round. Shown is the
    median over the rounds with the lowest and the highest. Ratios travel between machines; the seconds behind them,
    at the end of the line, do not. "met" says that the median is not above the limit. A goal that is missed is
    printed and nothing more: no test fails by it, since a busy machine would make it fail. A goal that is missed by a
    fifth is worth less than a clear design; one that is missed five-fold means a loop over bytes in Python, a heavy
    import at start-up or a quadratic reader, and is a defect.

What is compared
    cat                 what it costs to move the bytes at all
    ffmpeg              ``filter_units`` deletes SEI messages, ``-f null`` looks at each NAL unit, ``trace_headers``
                        prints each syntax element (GFV messages as raw bytes)
    json                ``json.loads`` and ``json.dumps`` of the same records, and nothing else
    itself              peak memory, and growth when the work doubles

The streams
    *_big       160 MB of ordinary video, some 20 to 200 kB a picture: the byte is the cost
    *_small     20 MB of 64x64 pictures, NAL units of 60 to 200 bytes: the NAL unit is the cost
    *_tiny      4 MB of NAL units of 12 bytes: the worst case for whoever looks at each
    *_msgs      some thousand of those pictures: the message is the cost
    All but goal 6 use them with one GFV message to a picture: 104 syntax elements, some 70 bytes. They are made from
    short pieces that the bundled ffmpeg encodes (kept in ``bench-out``), repeated end to end.

Whether it did the work
    Each gfv command runs once before the rounds, and its output is checked: what ``remove`` leaves is the stream from
    before ``inject``, byte for byte, ``extract`` gives the messages that were put in, and so on. A wrong output or an
    exit status other than 0 is a FAILED line, and exit status 1 of the whole.

How it is measured
    See :mod:`tests.benchmarks.measure`. Everything runs on a tmpfs where there is room. Other load on the machine
    changes processor times little and their ratios less; wall-clock ratios mean something on an idle machine only.
    Two peers are moody. ffmpeg's threads wake each other for each packet, so on ``*_small`` and ``*_tiny`` its
    processor time varies up to three-fold with whether they run side by side: look at the range there, and at both
    times. And ``cat`` is as fast as the memory: on a machine that copies 6 GB/s, start-up and the search for start
    codes alone are four times as long, so the goals against ``cat`` say more about the machine than about gfv.

``--quick`` takes a tenth of each stream. Start-up then weighs ten times as much, so goals that are met in full may be
missed there; it is for finding out whether anything broke.
"""
