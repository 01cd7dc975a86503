import { beforeEach, expect, test, vi } from "vitest";

import { HomeDocument, OwnRecordDocument } from "@/gql/graphql";
import { askAhead } from "@/session/ahead";
import { settings } from "@/session/settings";
import { held } from "@/session/token";
import { ask } from "@/shared/ask";

const TOKEN = { token: "T", expiresAt: Number.MAX_SAFE_INTEGER, mandate: null, bound: false, forDesk: false };
const fetched = vi.fn<typeof fetch>(async () => Response.json({ data: { me: { name: "林" } } }));

beforeEach(() => {
  fetched.mockClear();
  vi.stubGlobal("fetch", fetched);
  localStorage.clear();
  settings.language = "zh";
  held.value = TOKEN;
});

test("the home page's question is asked once, ahead, and byte for byte as the client asks it", async () => {
  askAhead(TOKEN);
  expect((await ask(HomeDocument, {})).data).toEqual({ me: { name: "林" } });
  expect(fetched).toHaveBeenCalledTimes(1);
  const ahead = fetched.mock.calls[0]?.[1];
  await ask(HomeDocument, {});
  expect(fetched).toHaveBeenCalledTimes(2);
  const asked = fetched.mock.calls[1]?.[1];
  expect(ahead?.body).toBe(asked?.body);
  for (const name of ["Authorization", "Accept-Language", "Content-Type"]) expect(new Headers(ahead?.headers).get(name)).toBe(new Headers(asked?.headers).get(name));
});

test.each([
  ["by another right", () => (held.value = { ...TOKEN, token: "U" })],
  ["in another language", () => (settings.language = "en")],
  ["by nobody", () => (held.value = null)],
])("what is asked %s is asked anew", async (_how, change) => {
  askAhead(TOKEN);
  change();
  await ask(HomeDocument, {});
  expect(fetched).toHaveBeenCalledTimes(2);
});

test("after any other question the answer is not taken: something may have changed", async () => {
  askAhead(TOKEN);
  await ask(OwnRecordDocument, { ended: false });
  await ask(HomeDocument, {});
  expect(fetched).toHaveBeenCalledTimes(3);
});

test("a line that breaks while it is asked ahead is told as such", async () => {
  fetched.mockRejectedValueOnce(new TypeError("offline"));
  askAhead(TOKEN);
  expect((await ask(HomeDocument, {})).fault?.kind).toBe("offline");
});
