"""A stream played in a browser on the same machine: generated pictures beside the base picture, with moving parameters.

=============  ====================================================================================
``feed``       the latest pictures, and the clients that wait for the next one
``producer``   a thread that plays the stream at its picture rate and fills the feed
``server``     HTTP on 127.0.0.1: one page, its script and style, pictures as JPEG, their numbers as JSON
``page.*``     the page, its style, script and icon
=============  ====================================================================================

Every program on the machine can reach a local server, and through a browser so can every web page that the user has
open. So:

- The server listens only on 127.0.0.1.
- Every address begins with a random token, which appears only in the printed URL. Without the token, every request gets
  "not found". The page forbids the browser to pass the token on (Referrer-Policy).
- The Host header must name this server, so a foreign name that resolves to 127.0.0.1 (DNS rebinding) gets nothing. An
  Origin header must be that of the server.
- The server only reads: GET and HEAD. No path is a file name. What exists is a fixed list and the numbers of pictures.
- Data of the stream goes to the page as JSON. The script puts it into text and numbers, never into markup. A content
  security policy forbids everything that does not come from this server.
- Connections are limited in number and time. Memory is limited by the number of pictures that are kept.
"""
