"""A stream played in a browser on the same machine: generated pictures beside the base picture, parameters moving.

=============  ====================================================================================
``feed``       the latest pictures, and who waits for the next one
``producer``   a thread that plays the stream at its picture rate and fills the feed
``server``     HTTP on 127.0.0.1: one page, its script and style, pictures as JPEG, their numbers as JSON
``page.*``     that page
=============  ====================================================================================

A local server can be reached by every program and, through a browser, by every web page that its user has open. So:

- It listens on 127.0.0.1 alone.
- Every address begins with a random token, which stands only in the URL that is printed; without it all is "not
  found", and the page forbids passing it on (Referrer-Policy).
- The Host header has to name this server, so that a foreign name that resolves to 127.0.0.1 (DNS rebinding) gets
  nothing; an Origin header has to be its own.
- It only reads: GET and HEAD. No path is a file name: what exists is a fixed list and numbers of pictures.
- What a stream says goes to the page as JSON, which the script puts into text and numbers, never into markup; a
  content security policy forbids everything that does not come from this server.
- Connections are bounded in number and time, memory by the number of pictures that are kept.
"""
