"""The EICAR test file, in pieces, lest a scanner takes this file for it."""

_PIECES = (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!", b"$H+H*")

EICAR = b"".join(_PIECES)
