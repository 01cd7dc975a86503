#!/bin/sh
# Walk 3: the citizen reads the notice, takes an offer and shows its code; the till checks and redeems it.
# Needs HAIHE (the endpoint), CITIZEN and TILL (tokens), OFFER (an offer's id), curl and python3.
set -eu

ask() { # token, body: the answer's JSON
  curl -s "$HAIHE" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' -d "$2"
}
pick() { # path…: one value out of the JSON on standard input
  python3 -c 'import json, sys
found = json.load(sys.stdin)
for key in sys.argv[1:]:
    found = found[int(key) if key.isdigit() else key]
print(found)' "$@"
}
key() { python3 -c 'import uuid; print(uuid.uuid4())'; }

notice=$(ask "$CITIZEN" '{"query": "{ consentNotice(query: {kind: CLAIM}) { hash } }"}' | pick data consentNotice hash)
claim=$(ask "$CITIZEN" '{"query": "mutation($i: ClaimCreateInput!) { claimCreate(input: $i) { ... on ClaimCreatePayload { claim { codes { digits } } } ... on Refusal { code message } } }",
  "variables": {"i": {"offerId": "'"$OFFER"'", "noticeHash": "'"$notice"'", "idempotencyKey": "'"$(key)"'"}}}')
echo "citizen: $claim"
code=$(echo "$claim" | pick data claimCreate claim codes 0 digits)
check=$(ask "$TILL" '{"query": "mutation($i: ClaimCheckInput!) { claimCheck(input: $i) { ... on ClaimCheckPayload { offerTitle benefitText } ... on Refusal { code message } } }",
  "variables": {"i": {"code": "'"$code"'"}}}')
echo "till, check: $check"
redeem='{"query": "mutation($i: ClaimRedeemInput!) { claimRedeem(input: $i) { ... on ClaimRedeemPayload { replayed redemption { number offerTitle store } } ... on Refusal { code message } } }",
  "variables": {"i": {"code": "'"$code"'", "idempotencyKey": "'"$(key)"'"}}}'
echo "till, redeem: $(ask "$TILL" "$redeem")"
echo "till, the same again: $(ask "$TILL" "$redeem")"
