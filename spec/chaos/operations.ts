import { increment, ReverieError } from '../../lib/index.js';
import { connect } from '../../lib/driver/connect.js';
import { AUTH, Counter, Entry, type ChaosWorld } from './chaos-world.js';
import type { Random } from './random.js';

/** What is known of a write: it was made, was not made, or nobody can tell. */
export type Fate = 'made' | 'not made' | 'unknown';

export interface Outcome {
  readonly fate: Fate;
  readonly error?: unknown;
}

export interface Operation {
  readonly name: string;
  /** True when a write of it, if it was made, leaves entries of the round and counts. */
  readonly writes: boolean;
  readonly run: (world: ChaosWorld, round: number) => Promise<void>;
}

/** How many entries a write of one round makes; all of them or none. */
export const ENTRIES = 3;

export const OPERATIONS: readonly Operation[] = [
  {
    name: 'sign-in',
    writes: false,
    run: async ({ proxy, deadlines }) => {
      const db = await connect(proxy.url, { namespace: 'chaos', database: 'chaos', auth: AUTH, ...deadlines });
      try {
        // Nobody else than the owner may ask this.
        await db.query('INFO FOR ROOT');
      } finally {
        await db.close({ timeout: 500 });
      }
    },
  },
  {
    name: 'query',
    writes: false,
    run: async ({ client }) => {
      const em = client.em.fork();
      const counters = await em.find(Counter);
      if (counters.length !== 1) throw new Error(`there are ${counters.length} counters`);
    },
  },
  {
    name: 'live',
    writes: false,
    run: async ({ client }) => {
      const stream = await client.em.fork().live(Entry, { size: { $gte: 5 } });
      await stream.close();
    },
  },
  {
    name: 'flush',
    writes: true,
    run: async ({ client }, round) => {
      const em = client.em.fork();
      for (let size = 0; size < ENTRIES; size += 1) em.create(Entry, { round, size });
      (await em.findOneOrFail(Counter, 'one')).n += 1;
      await em.flush();
    },
  },
  {
    name: 'transaction',
    writes: true,
    run: ({ client }, round) =>
      client.em.fork().transaction(
        async (tx) => {
          const counter = await tx.findOneOrFail(Counter, 'one');
          for (let size = 0; size < ENTRIES; size += 1) tx.create(Entry, { round, size });
          counter.n += 1;
        },
        { retry: false },
      ),
  },
  {
    name: 'interactive transaction',
    writes: true,
    run: ({ client }, round) =>
      client.em.fork().transaction(
        async (tx) => {
          for (let size = 0; size < ENTRIES; size += 1) {
            tx.create(Entry, { round, size });
            await tx.flush();
          }
          await tx.patch(Counter, 'one', { n: increment(1) });
        },
        { mode: 'interactive', retry: false },
      ),
  },
  {
    name: 'script',
    writes: true,
    run: async ({ client }, round) => {
      await client.driver.query(
        'BEGIN; FOR $size IN 0..$entries { CREATE entry SET round = $round, size = $size }; UPDATE counter:one SET n += 1; COMMIT',
        { round, entries: ENTRIES },
      );
    },
  },
];

export function someOperation(random: Random): Operation {
  return random.of(OPERATIONS);
}

/** Runs an operation and tells what is known of its writes. Errors that are none of Reverie's are passed on. */
export async function fateOf(operation: Operation, world: ChaosWorld, round: number): Promise<Outcome> {
  try {
    await operation.run(world, round);
    return { fate: 'made' };
  } catch (error) {
    if (!ReverieError.is(error)) throw error;
    const { outcome } = error as ReverieError & { readonly outcome?: string };
    return { fate: outcome === 'unknown' ? 'unknown' : 'not made', error };
  }
}
