"""Whether an Ed25519 signature holds (RFC 8032), with nothing but Python's standard library: slow, and plain."""

import functools
import hashlib

P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def add(a, b):
    """Points of the Edwards curve in extended coordinates (RFC 8032, 5.1.4)."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]), (a[1] + a[0]) * (b[1] + b[0])
    g, h = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P


def times(n, a):
    found = (0, 1, 1, 0)
    while n:
        found, a, n = (add(found, a) if n & 1 else found), add(a, a), n >> 1
    return found


def point(number):
    """The point whose y, and above it the lowest bit of x, is this number (RFC 8032, 5.1.3)."""
    y, sign = number & 2**255 - 1, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or x * x % P != square or (sign and not x):
        raise ValueError("not a point")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = point(4 * pow(5, -1, P) % P)


@functools.cache
def signed(public, text, signature):
    """Ed25519 (RFC 8032, 5.1.7): s·B - h·A, written down, must be the signature's first half."""
    r, s, a = (int.from_bytes(part, "little") for part in (signature[:32], signature[32:], public))
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little")
    x, y, z, _ = add(times(s, BASE), times(Q - h % Q, point(a)))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return len(signature) == 64 and s < Q and r == y | (x & 1) << 255
