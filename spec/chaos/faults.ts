import { pause } from '../server/support/eventually.js';
import type { ChaosWorld } from './chaos-world.js';
import type { Random } from './random.js';

/** Something that goes wrong during an operation. */
export interface Fault {
  readonly name: string;
  /** Sets it up; what is answered goes on beside the operation. */
  readonly strike: (world: ChaosWorld) => Promise<void> | void;
}

/** After so many pieces that pass, in either direction, `then`; the piece itself may be lost. */
function afterPieces(world: ChaosWorld, pieces: number, swallow: boolean, then: () => void): void {
  let left = pieces;
  world.proxy.inspect = () => {
    left -= 1;
    if (left >= 0) return undefined;
    if (left === -1) then();
    return !swallow;
  };
}

const KINDS = [
  ...['cut', 'cut', 'cut', 'half-open', 'half-open', 'stall', 'stall'],
  ...['bytes', 'bytes', 'away', 'away', 'restart', 'kill', 'nothing'],
] as readonly Kind[];
type Kind = 'cut' | 'half-open' | 'stall' | 'bytes' | 'away' | 'restart' | 'kill' | 'nothing';

/** The connection is reset after so many pieces that passed. `struck` is called when that happens. */
export function cutAfter(pieces: number, swallow: boolean, struck: () => void = () => undefined): Fault {
  return {
    name: `cut after ${pieces} pieces${swallow ? ', the next one lost' : ''}`,
    strike: (world) =>
      afterPieces(world, pieces, swallow, () => {
        struck();
        world.proxy.cut();
      }),
  };
}

/** @param longStall milliseconds of the longest stall */
export function someFault(random: Random, longStall: number): Fault {
  const kind = random.of(KINDS);
  const pieces = random.below(8);
  const swallow = random.next() < 0.5;
  switch (kind) {
    case 'cut':
      return cutAfter(pieces, swallow);
    case 'half-open':
      return {
        name: `half-open after ${pieces} pieces`,
        strike: (world) => afterPieces(world, pieces, true, () => (world.proxy.blackHole = true)),
      };
    case 'stall': {
      const length = 20 + random.below(longStall);
      return {
        name: `stall of ${length} ms`,
        strike: async ({ proxy }) => {
          proxy.stall();
          await pause(length);
          proxy.resume();
        },
      };
    }
    case 'bytes':
      return { name: 'one byte at a time', strike: ({ proxy }) => void (proxy.fragment = 1) };
    case 'away': {
      const length = 20 + random.below(300);
      return {
        name: `away for ${length} ms`,
        strike: async ({ proxy }) => {
          proxy.refuses = true;
          proxy.cut();
          await pause(length);
          proxy.refuses = false;
        },
      };
    }
    case 'restart':
      return { name: 'restart of the server', strike: ({ server }) => server.restart('SIGTERM') };
    case 'kill': {
      const delay = random.below(60);
      return {
        name: `the server killed after ${delay} ms`,
        strike: async ({ server }) => {
          await pause(delay);
          await server.restart('SIGKILL');
        },
      };
    }
    case 'nothing':
      return { name: 'nothing', strike: () => undefined };
  }
}
