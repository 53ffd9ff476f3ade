import type { Settings } from '../connect-options.js';
import { pauseAfter } from '../reconnect/backoff.js';
import { isUnreachable } from '../reconnect/is-unreachable.js';
import { pause } from '../timers.js';

const LONGEST_PAUSE = 5_000;

/**
 * Tries to connect as often as the settings say, with growing pauses of random length. Only a server that cannot be reached
 * is tried again: one that refuses us would refuse us again.
 */
export async function connectPatiently<T>(
  settings: Settings,
  isWanted: () => boolean,
  connect: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect();
    } catch (error) {
      if (attempt >= settings.attempts || !isUnreachable(error) || !isWanted()) throw error;
      const wait = pauseAfter(attempt, { longest: LONGEST_PAUSE });
      settings.log({
        level: 'warn',
        message: `attempt ${attempt} to connect failed, trying again in ${wait} ms`,
        error,
      });
      await pause(wait);
    }
  }
}
