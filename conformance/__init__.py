"""The conformance suite of GFV and GFVE, and runs of readers against it.

It stands above the other packages: streams are made with :mod:`vtm_bridge` and :mod:`gfv_sei`, and checked by the
validator in :mod:`gfv_sei.validation`. Nothing imports it. Its parts, each using those above it::

    pictures     base pictures: computed, coded once for each structure and codec
    numbers      numbers for messages, made by rule
    sketch       a stream in the making: takes messages, puts them into base pictures
    case         the registry of cases; it loads cases/ and negative/, which put theirs in
    cases/       the positive cases, a module for each subject
    breaking     messages changed element by element, streams changed NAL unit by NAL unit
    negative/    the negative cases, a module for each group of rules
    branches, coverage   which branches of the syntax run while a stream is read, and the map of it
    expected, package, note   what goes into a package
    pages        what lies beside the packages: what the files are, what each case is for
    build        all cases in all codecs, checked, into a folder
    comparing, readers, verify, reports   a reader against the suite
    fluster      the suite in the form that fluster runs
    commands     gfv conformance
    fuzz/        the cases as seeds for inputs that nobody meant; its own chapter is there

A case is a function, and its docstring is all that is written about it: notes in the packages, the page of cases and
``gfv conformance list`` come from it. A new case is a new function with the decorator, and nothing else.

What makes the suite trustworthy
    Each stream is written by our writer and read by our reader, which could be wrong together. So a case says what its
    messages mean, and what is read is compared with that; the validator, which reads on its own, has to find nothing;
    a negative stream says what has to be found, and everything else is a failure. What nobody thought of shows in the
    coverage of the syntax descriptions: a branch that no stream reaches fails the build. And the decoder of VTM reads
    the streams by itself (``verify --vtm``); where it differs, one of its known deviations has to be the reason.

What makes it reproducible
    Pictures and values are computed with integers, encoders run with one thread and constant QP, packages have no
    times. The bytes change with the version of the bundled encoders and with nothing else.
"""
