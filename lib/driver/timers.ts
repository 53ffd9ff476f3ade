/** The longest delay a timer takes; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Runs `work` after so many milliseconds, however many they are, without keeping the process alive for it.
 * Answers with what calls it off. `0` and Infinity mean never.
 */
export function after(milliseconds: number, work: () => void): () => void {
  if (milliseconds <= 0 || milliseconds === Infinity) return nothing;
  let left = milliseconds;
  let timer: ReturnType<typeof setTimeout>;
  const arm = () => {
    const wait = Math.min(left, LONGEST);
    left -= wait;
    timer = setTimeout(() => (left > 0 ? arm() : work()), wait);
    unref(timer);
  };
  arm();
  return () => clearTimeout(timer);
}

/** Waits; unlike `after` it keeps the process alive, for somebody awaits it. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.min(milliseconds, LONGEST)));
}

/** In browsers a timer is a number and holds nobody. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
}

function nothing(): void {
  // There is nothing to call off.
}
