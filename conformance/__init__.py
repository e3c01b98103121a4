"""The conformance suite of GFV and GFVE, and runs of readers against it.

This package is above the others, and nothing imports it. It makes streams with :mod:`vtm_bridge` and :mod:`gfv_sei`,
and checks them with the validator in :mod:`gfv_sei.validation`. Its parts, each using those above it::

    pictures     base pictures: computed, coded once for each structure and codec
    numbers      numbers for messages, computed by rule
    sketch       a stream in the making: takes messages, puts them into base pictures
    case         the registry of cases; it loads cases/ and negative/, which register their cases
    cases/       the positive cases, a module for each subject
    breaking     messages changed element by element, streams changed NAL unit by NAL unit
    negative/    the negative cases, a module for each group of rules
    branches, coverage   which branches of the syntax run while a stream is read, and a map of them
    expected, package, note   the contents of a package
    pages        the files beside the packages: what the files are, what each case tests
    build        all cases in all codecs, checked, into a folder
    comparing, readers, verify, reports   a reader against the suite
    fluster      the suite in the form that fluster runs
    commands     gfv conformance
    fuzz/        malformed inputs, made from the cases; it has its own chapter

A case is a function, and its docstring is its only description. The notes in the packages, the page of cases and
``gfv conformance list`` are made from it. To add a case, write a function with the decorator, and nothing else.

What makes the suite trustworthy
    Our writer writes each stream and our reader reads it, and both could be wrong in the same way. So each case states
    the meaning of its messages, and the values that are read are compared with it. The validator, which has its own
    way of reading, must find nothing. A negative stream states the findings that it must have, and any other finding is
    a failure. Coverage of the syntax descriptions shows what nobody thought of: a branch that no stream reaches fails
    the build. And the decoder of VTM reads the streams independently (``verify --vtm``); where it differs, one of its
    known deviations must be the reason.

What makes it reproducible
    Pictures and values are computed with integers, encoders run with one thread and constant QP, and packages contain
    no times. The bytes change only with the version of the bundled encoders.
"""
