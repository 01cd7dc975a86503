"""The app's codes with proofs (RFC 9449 5): a desk's token is bound to its page's key."""

import jwt

from api.dpop import thumbprint
from tests.harness.callers import Town
from tests.harness.proving import TOKEN, Holder
from tests.harness.signing_in import Browser, told


async def test_a_code_that_comes_with_a_proof_gives_a_token_bound_to_its_key(town: Town) -> None:
    browser, holder = Browser(town), Holder(town, "bank-1")
    code = told(await browser.choose("bank-1", scope="grant:use self:read"))["code"]
    wanting = await browser.swap(code, proof=holder.proof(TOKEN, nonce=None))
    assert (wanting.status_code, wanting.json()) == (400, {"error": "use_dpop_nonce"})
    broken = await browser.swap(code, proof=holder.proof(TOKEN, htm="GET"))
    assert (broken.status_code, broken.json()["error"]) == (400, "invalid_dpop_proof")
    # Neither has used the code up.
    proof = holder.proof(TOKEN, nonce=wanting.headers["dpop-nonce"])
    given = (await browser.swap(code, proof=proof)).json()
    token = given["access_token"]
    assert given["token_type"] == "DPoP"
    assert jwt.decode(token, options={"verify_signature": False})["cnf"] == {"jkt": thumbprint(holder.jwk)}
    unproved = {"Authorization": f"Bearer {token}"}
    assert (await town.ask(None, "{ viewer { name } }", headers=unproved)).status == 401
    shown = [holder.proof(token=token)]
    assert (await holder.ask("{ recipient { party { name } } }", proofs=shown, token=token)).status == 200
    another = told(await browser.go(prompt="none", scope="grant:use self:read"))["code"]
    replayed = await browser.swap(another, proof=proof)
    assert (replayed.status_code, replayed.json()["error_description"]) == (400, "spent")
    assert (await browser.swap(another, proof=holder.proof(TOKEN))).status_code == 200
