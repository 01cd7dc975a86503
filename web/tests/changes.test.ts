import { beforeEach, expect, test, vi } from "vitest";
import { effectScope, nextTick, shallowRef } from "vue";

import type { Loading } from "@/shared/loading";
import { useChanges, type Change } from "@/shared/useChanges";

const { follow } = vi.hoisted(() => ({ follow: vi.fn() }));
vi.mock("@/shared/following", () => ({ follow }));

interface Data {
  viewer: { changesCursor: string };
}
const claim: Change = { cursor: "b", kind: "CLAIM", id: "clm_1", version: 2 };
let hidden = false;
Object.defineProperty(document, "hidden", { get: () => hidden });

function show(isShown: boolean): void {
  hidden = !isShown;
  document.dispatchEvent(new Event("visibilitychange"));
}

function opened() {
  const data = shallowRef<Data | null>(null);
  const again = vi.fn(() => Promise.resolve());
  const scope = effectScope();
  scope.run(() => useChanges({ data, again } as unknown as Loading<Data>, (change) => change.kind === "CLAIM"));
  return { data, again, scope };
}

beforeEach(() => {
  vi.useFakeTimers();
  follow.mockReset().mockReturnValue(vi.fn());
  hidden = false;
});

async function settled(): Promise<void> {
  await nextTick();
  await vi.advanceTimersByTimeAsync(1_000);
}

test("a page listens from its own answer's cursor on, and asks once for what comes together", async () => {
  const { data, again, scope } = opened();
  await settled();
  expect(follow).not.toHaveBeenCalled();
  data.value = { viewer: { changesCursor: "a" } };
  await settled();
  expect(follow).toHaveBeenCalledExactlyOnceWith("a", expect.any(Function), expect.any(Function));
  const heard = follow.mock.calls[0]![1] as (change: Change) => void;
  heard({ ...claim, kind: "NOTICE" });
  await settled();
  expect(again).not.toHaveBeenCalled();
  heard(claim);
  heard({ ...claim, cursor: "c" });
  await settled();
  expect(again).toHaveBeenCalledOnce();
  scope.stop();
  expect(follow.mock.results[0]!.value).toHaveBeenCalledOnce();
});

test("nobody listens behind a page that is not seen, and it goes on where it was", async () => {
  const { data, scope } = opened();
  data.value = { viewer: { changesCursor: "a" } };
  await settled();
  (follow.mock.calls[0]![1] as (change: Change) => void)(claim);
  show(false);
  expect(follow.mock.results[0]!.value).toHaveBeenCalledOnce();
  show(true);
  await settled();
  expect(follow.mock.calls[1]![0]).toBe("b");
  scope.stop();
  show(true);
  await settled();
  expect(follow).toHaveBeenCalledTimes(2);
});

test("a cursor that is forgotten is the next answer's", async () => {
  const { data, again, scope } = opened();
  data.value = { viewer: { changesCursor: "old" } };
  await settled();
  (follow.mock.calls[0]![2] as () => void)();
  expect(again).toHaveBeenCalledOnce();
  data.value = { viewer: { changesCursor: "new" } };
  await settled();
  expect(follow.mock.calls[1]![0]).toBe("new");
  scope.stop();
});
