import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, pause } from '../server/support/eventually.js';
import { ChaosWorld, Entry } from './chaos-world.js';
import { someFault } from './faults.js';
import { ENTRIES, fateOf, someOperation, type Fate } from './operations.js';
import { Random } from './random.js';

export interface ChaosOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Milliseconds of the longest stall. */
  readonly longStall: number;
}

export type Tally = Record<Fate, number>;

/**
 * Rounds of one operation and one fault each. After each the observer looks: every write was made once or not at all, as was
 * said, or it was said that nobody knows; and the live list shows what is there. In the end nothing is left open.
 *
 * Answers how often each was said of a write.
 */
export async function runChaos({ rounds, seed, longStall }: ChaosOptions): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), 'reverie-chaos-'));
  const before = resources();
  const world = await ChaosWorld.open(`surrealkv://${folder}/store`);
  const random = new Random(seed);
  const tally: Tally = { made: 0, 'not made': 0, unknown: 0 };
  try {
    await world.observer.driver.query('CREATE counter:one SET n = 0');
    let count = 0;
    for (let round = 1; round <= rounds; round += 1) {
      const { fate, counted } = await oneRound(world, random, round, count, longStall);
      if (fate !== undefined) tally[fate] += 1;
      count = counted;
    }
  } finally {
    world.heal();
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
  expect(world.proxy.open).toBe(0);
  expect(world.client.core.lists.size).toBe(0);
  await eventually(() => expect(resources()).toEqual(before), 10_000);
  return tally;
}

async function oneRound(
  world: ChaosWorld,
  random: Random,
  round: number,
  count: number,
  longStall: number,
): Promise<{ readonly fate: Fate | undefined; readonly counted: number }> {
  const operation = someOperation(random);
  const fault = someFault(random, longStall);
  const what = `round ${round}: ${operation.name}, ${fault.name}`;
  const striking = fault.strike(world);
  await pause(random.below(3));
  const { fate, error } = await fateOf(operation, world, round);
  await striking;
  world.heal();
  const { entries, counted } = await settled(world, round, fate);
  const expected = operation.writes ? { made: [ENTRIES], 'not made': [0], unknown: [0, ENTRIES] }[fate] : [0];
  if (!expected.includes(entries))
    throw new Error(`${what}: ${entries} entries, though the write was said to be ${fate}`, { cause: error });
  const written = entries === 0 ? 0 : 1;
  if (counted !== count + written) throw new Error(`${what}: counted ${counted - count} times`, { cause: error });
  await listIsRight(world, what);
  return { fate: operation.writes ? fate : undefined, counted };
}

interface Seen {
  readonly entries: number;
  readonly counted: number;
}

/** What the observer sees at one moment. */
async function look({ observer }: ChaosWorld, round: number): Promise<Seen> {
  const text = 'RETURN { entries: count(SELECT id FROM entry WHERE round = $round), counted: counter:one.n }';
  const [seen] = await observer.driver.query<[Seen]>(text, { round });
  return seen;
}

/** A request whose connection is lost may still be on its way, or running: looks until nothing changes any more. */
async function settled(world: ChaosWorld, round: number, fate: Fate): Promise<Seen> {
  let seen = await look(world, round);
  for (let quiet = fate === 'unknown' ? 0 : QUIET; quiet < QUIET;) {
    await pause(25);
    const now = await look(world, round);
    quiet = now.entries === seen.entries && now.counted === seen.counted ? quiet + 1 : 0;
    seen = now;
  }
  return seen;
}

/** Looks in a row that have to see the same. */
const QUIET = 4;

async function listIsRight({ list, observer, mirror }: ChaosWorld, what: string): Promise<void> {
  const order = { orderBy: [{ size: 'asc' as const }, { round: 'asc' as const }] };
  const wanted = (await observer.em.fork().find(Entry, {}, order)).map(({ id }) => String(id));
  await eventually(() => {
    if (list.closed) throw new Error(`${what}: the live list has ended`);
    const shown = list.items.map(({ id }) => String(id));
    expect([what, shown]).toEqual([what, wanted]);
    expect([what, mirror]).toEqual([what, wanted]);
  }, 10_000);
}

/** What keeps this process busy, by kind. */
function resources(): Readonly<Record<string, number>> {
  const kinds = process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind));
  return Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((each) => each === kind).length]));
}
