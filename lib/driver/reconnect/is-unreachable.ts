import { ReverieError } from '../../errors/index.js';

/** True when another attempt may succeed: the server did not answer, or could not be reached. */
export function isUnreachable(error: unknown): boolean {
  return ReverieError.is(error) && (error.code === 'CONNECTION' || error.code === 'TIMEOUT');
}
