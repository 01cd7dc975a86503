"""A third party's program in short: a token bound to a key, and a proof with every request (RFC 9449).

python docs/dpop.py CLIENT.json DOCUMENT [--variables JSON] [--url http://127.0.0.1:8000]
python docs/dpop.py --proof KEY.pem METHOD URL [TOKEN [NONCE]]

CLIENT.json is what a demonstration writes for its bank. Needs PyJWT and cryptography, and none of our code.
"""

import argparse
import base64
import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def proof(key, method, url, token="", nonce=""):
    claims = {"jti": str(uuid.uuid4()), "htm": method, "htu": url, "iat": int(time.time())}
    if nonce:
        claims["nonce"] = nonce
    if token:
        digest = hashlib.sha256(token.encode()).digest()
        claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return jwt.encode(claims, key, "ES256", {"typ": "dpop+jwt", "jwk": public})


class Client:
    """Sends requests with proofs, and keeps the last nonce."""

    def __init__(self, key):
        self.key, self.nonce = key, ""

    def post(self, url, body, headers, token="", again=True):
        shown = {"DPoP": proof(self.key, "POST", url, token, self.nonce)}
        request = urllib.request.Request(url, body, {**headers, **shown})
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            given, self.nonce = self.nonce, answer.headers.get("DPoP-Nonce", self.nonce)
            found = json.load(answer)
        if again and answer.status in (400, 401) and _wants_nonce(answer, found) and self.nonce != given:
            return self.post(url, body, headers, token, again=False)
        return found


def _wants_nonce(answer, found):
    return found.get("error") == "use_dpop_nonce" or "use_dpop_nonce" in answer.headers.get("WWW-Authenticate", "")


def token_of(client, url, said):
    now = int(time.time())
    names = {"iss": said["client_id"], "sub": said["client_id"], "aud": said["audience"]}
    claims = {**names, "jti": str(uuid.uuid4()), "iat": now, "exp": now + 60}
    assertion = jwt.encode(claims, said["private_key"], "ES256", {"kid": said["kid"]})
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": assertion,
    }
    return client.post(url + said["endpoint"], urllib.parse.urlencode(form).encode(), {})


def ask(url, said, document, variables):
    client = Client(ec.generate_private_key(ec.SECP256R1()))
    given = token_of(client, url, said)
    if "access_token" not in given:
        return given
    token = given["access_token"]
    headers = {"Authorization": f"DPoP {token}", "Content-Type": "application/json"}
    body = json.dumps({"query": document, "variables": variables}).encode()
    return client.post(url + "/graphql", body, headers, token)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proof", action="store_true", help="print one proof")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--variables", type=json.loads, default={})
    parser.add_argument("given", nargs="+")
    options = parser.parse_args()
    if options.proof:
        pem, *rest = options.given
        print(proof(load_pem_private_key(Path(pem).read_bytes(), None), *rest))
        return
    file, document = options.given
    said = json.loads(Path(file).read_text("utf-8"))
    print(json.dumps(ask(options.url, said, document, options.variables), ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
