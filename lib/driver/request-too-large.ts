import { CapabilityError, FlushTooLargeError, type ReverieError } from '../errors/index.js';
import type { Purpose } from './driver.js';

/** A request that its transport would not take; nothing of it was sent. */
export class RequestTooLarge extends Error {
  readonly bytes: number;
  readonly limit: number;

  constructor(bytes: number, limit: number) {
    super(`${bytes} bytes are more than the ${limit} that the transport takes`);
    this.name = 'RequestTooLarge';
    this.bytes = bytes;
    this.limit = limit;
  }

  static check(bytes: number, limit: number): void {
    if (bytes > limit) throw new RequestTooLarge(bytes, limit);
  }

  toError(purpose: Purpose | undefined): ReverieError {
    const flush = purpose === 'flush';
    const details = {
      what: `${flush ? 'The flush' : 'The request'} has ${mebibytes(this.bytes)} MiB`,
      why: `this transport takes ${mebibytes(this.limit)} MiB in one request; nothing was sent`,
      fix: [
        flush ? 'flush more often, or write with em.insert(), which splits its rows' : 'split it',
        'ws:// takes 128 MiB, http:// 4 MiB',
      ],
      cause: this,
    };
    return flush ? new FlushTooLargeError(details) : new CapabilityError(details);
  }
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
