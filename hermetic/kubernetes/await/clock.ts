/** Waits; ends early, without an error, when the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}

const FIRST_MS = 200;
const LONGEST_MS = 2000;

/** Short steps first (most objects are ready at once), longer ones later. */
export function* pollIntervals(): Generator<number, never> {
  for (let ms = FIRST_MS; ; ms = Math.min(ms * 1.5, LONGEST_MS)) yield ms;
}
