import { ReverieError } from '../../errors/index.js';
import type { Settings } from '../connect-options.js';
import { pause } from '../timers.js';

const FIRST_PAUSE = 200;
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
      const wait = Math.min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE) * (0.5 + Math.random() / 2);
      settings.log({
        level: 'warn',
        message: `attempt ${attempt} to connect failed, trying again in ${Math.round(wait)} ms`,
        error,
      });
      await pause(wait);
    }
  }
}

function isUnreachable(error: unknown): boolean {
  return ReverieError.is(error) && (error.code === 'CONNECTION' || error.code === 'TIMEOUT');
}
