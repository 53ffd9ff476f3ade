/** Milliseconds before the second attempt; each further pause is twice as long. */
export const FIRST_PAUSE = 200;

export interface BackoffOptions {
  /** Milliseconds that no pause exceeds. */
  readonly longest: number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

/**
 * Milliseconds to wait after the n-th failed attempt: growing, and between half and all of the nominal pause, so that clients
 * that lost one server together do not come back together.
 */
export function pauseAfter(failures: number, { longest, random = Math.random }: BackoffOptions): number {
  const nominal = Math.min(FIRST_PAUSE * 2 ** (failures - 1), longest);
  return Math.round(nominal * (0.5 + random() / 2));
}
