/** Milliseconds; a machine may be busy with other things, and only a check that fails waits for so long. */
const PATIENCE = 15_000;

/** Waits until a check holds; the last failure is thrown when it does not in time. */
export async function eventually(check: () => void | Promise<void>, within = PATIENCE): Promise<void> {
  const end = Date.now() + within;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
