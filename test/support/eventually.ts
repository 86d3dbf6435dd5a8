import { setTimeout as sleep } from "node:timers/promises";

/** Repeats a check until it passes; after `seconds` its last failure is the test's. */
export async function eventually(check: () => Promise<void>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await sleep(250);
    }
  }
}
