/** The longest delay a timer takes; a longer one would fire at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Runs `work` after so many milliseconds, however many they are, without keeping the process alive for it.
 * Answers with what calls it off. `0` and Infinity mean never.
 */
export function after(milliseconds: number, work: () => void): () => void {
  return milliseconds <= 0 ? nothing : arm(milliseconds, work, unref);
}

/** As `after`, but keeps the process alive, for somebody awaits it; `0` means as soon as may be. */
export function deadline(milliseconds: number, work: () => void): () => void {
  return arm(milliseconds, work, nothing);
}

/** Waits, and keeps the process alive for it. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => deadline(milliseconds, resolve));
}

function arm(milliseconds: number, work: () => void, armed: (timer: unknown) => void): () => void {
  if (milliseconds === Infinity) return nothing;
  let left = milliseconds;
  let timer: ReturnType<typeof setTimeout>;
  const next = () => {
    const wait = Math.min(left, LONGEST);
    left -= wait;
    timer = setTimeout(() => (left > 0 ? next() : work()), wait);
    armed(timer);
  };
  next();
  return () => clearTimeout(timer);
}

/** In browsers a timer is a number and holds nobody. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
}

function nothing(): void {
  // There is nothing to call off, and nothing to let go.
}
