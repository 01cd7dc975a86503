/** Keeps the screen on while a code is shown, where the device can; what is returned lets it go dark again. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let isOver = false;
  if ("wakeLock" in navigator) {
    navigator.wakeLock.request("screen").then(
      (found) => (isOver ? void found.release() : (lock = found)),
      () => undefined,
    );
  }
  return () => {
    isOver = true;
    void lock?.release();
  };
}
