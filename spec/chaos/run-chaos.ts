import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, pause } from '../server/support/eventually.js';
import { ChaosWorld, Entry } from './chaos-world.js';
import { cutAfter, someFault, type Fault } from './faults.js';
import { ENTRIES, fateOf, someOperation, type Fate, type Operation } from './operations.js';
import { Random } from './random.js';
import { removeFolder } from '../support/remove-folder.js';

export interface ChaosOptions {
  readonly rounds: number;
  readonly seed: number;
  /** Milliseconds of the longest stall. */
  readonly longStall: number;
}

export type Tally = Record<Fate, number>;

/** How many entries a round may have whose write was said to be so. */
const POSSIBLE: Readonly<Record<Fate, readonly number[]>> = {
  made: [ENTRIES],
  'not made': [0],
  unknown: [0, ENTRIES],
};

/**
 * Rounds of one operation and one fault each, from a seed. In the end nothing is left open.
 *
 * Answers how often each was said of a write.
 */
export async function runChaos({ rounds, seed, longStall }: ChaosOptions): Promise<Tally> {
  const random = new Random(seed);
  return inChaos(async (game) => {
    for (let round = 0; round < rounds; round += 1) {
      const delay = random.below(3);
      await game.play(someOperation(random), someFault(random, longStall), delay);
    }
    return game.tally;
  });
}

/** Gives a world and what plays rounds in it; afterwards nothing of it is left open. */
export async function inChaos<R>(play: (game: Game) => Promise<R>): Promise<R> {
  const folder = await mkdtemp(join(tmpdir(), 'reverie-chaos-'));
  const before = resources();
  const world = await ChaosWorld.open(`surrealkv://${folder}/store`);
  let result: R;
  try {
    await world.observer.driver.query('CREATE counter:one SET n = 0');
    const game = new Game(world);
    result = await play(game);
    await game.finish();
  } finally {
    world.heal();
    await world.close();
    await removeFolder(folder);
  }
  expect(world.proxy.open).toBe(0);
  expect(world.client.core.lists.size).toBe(0);
  await eventually(() => expect(moreThan(before)).toEqual([]), 60_000);
  return result;
}

/**
 * After each round the observer looks: every write was made once or not at all, as was said, or it was said that nobody knows;
 * and the live list shows what is there.
 */
export class Game {
  readonly tally: Tally = { made: 0, 'not made': 0, unknown: 0 };
  readonly #world: ChaosWorld;
  #round = 0;
  readonly #fates = new Map<number, Fate>();

  constructor(world: ChaosWorld) {
    this.#world = world;
  }

  /** @param delay milliseconds between the fault and the operation */
  async play(operation: Operation, fault: Fault, delay = 0): Promise<void> {
    const world = this.#world;
    const round = (this.#round += 1);
    const what = `round ${round}: ${operation.name}, ${fault.name}`;
    const striking = fault.strike(world);
    await pause(delay);
    const { fate, error } = await fateOf(operation, world, round);
    await striking;
    world.heal();
    const { entries, counted, total } = await settled(world, round, fate);
    const expected = operation.writes ? POSSIBLE[fate] : [0];
    if (!expected.includes(entries))
      throw new Error(`${what}: ${entries} entries, though the write was said to be ${fate}`, { cause: error });
    // A write that nobody knows of may come late, whole.
    if (total !== counted * ENTRIES)
      throw new Error(`${what}: ${total} entries in all, counted ${counted} times`, { cause: error });
    await listIsRight(world, `${what}, ${fate}`);
    if (operation.writes) this.#fates.set(round, fate);
    if (operation.writes) this.tally[fate] += 1;
  }

  /** Every write of every round was made once or not at all, as was said of it. */
  async finish(): Promise<void> {
    const rounds = 'SELECT VALUE round FROM entry';
    const [written] = await this.#world.observer.driver.query<[number[]]>(rounds);
    for (const [round, fate] of this.#fates) {
      const entries = written.filter((each) => each === round).length;
      if (!POSSIBLE[fate].includes(entries))
        throw new Error(`in the end round ${round} has ${entries} entries, though its write was said to be ${fate}`);
    }
  }

  /**
   * An operation whose socket is killed after the first piece that passes, then after the second, and so on until it gets to its
   * end; each time the next piece is lost, or not. Answers how many steps it has.
   */
  async playEveryStep(operation: Operation): Promise<number> {
    for (let step = 0; ; step += 1) {
      let struck = false;
      for (const swallow of [false, true]) {
        await calm(this.#world);
        await this.play(
          operation,
          cutAfter(step, swallow, () => (struck = true)),
        );
      }
      if (!struck) return step;
    }
  }
}

interface Seen {
  readonly entries: number;
  readonly counted: number;
  /** Of all rounds. */
  readonly total: number;
}

/** What the observer sees at one moment. */
async function look({ observer }: ChaosWorld, round: number): Promise<Seen> {
  const text =
    'RETURN { entries: count(SELECT id FROM entry WHERE round = $round), counted: counter:one.n, total: count(SELECT id FROM entry) }';
  const request = { text, bindings: { round }, access: 'read', purpose: 'raw', idempotent: true } as const;
  const [result] = await observer.driver.execute(request);
  if (result?.ok !== true) throw new Error('the observer cannot look', { cause: result?.error });
  return result.value as Seen;
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

/** The client has its connection, and the list its live query. A machine that is busy takes its time for a sign-in. */
async function calm({ client }: ChaosWorld): Promise<void> {
  await eventually(async () => {
    expect(await client.driver.query('RETURN 1')).toEqual([1]);
  }, 600_000);
}

async function listIsRight(world: ChaosWorld, what: string): Promise<void> {
  await calm(world);
  const { list, observer, mirror } = world;
  const order = { orderBy: [{ size: 'asc' as const }, { round: 'asc' as const }] };
  await eventually(async () => {
    const wanted = (await observer.em.fork().find(Entry, {}, order)).map(({ id }) => String(id));
    if (list.closed) throw new Error(`${what}: the live list has ended`);
    const shown = list.items.map(({ id }) => String(id));
    for (const [name, ids] of Object.entries({ shown, mirror }))
      if (String(ids) !== String(wanted))
        throw new Error(`${what}: ${name} lacks ${without(wanted, ids)}, has ${without(ids, wanted)}`);
  }, 60_000);
}

/** What keeps this process busy, by kind. */
function resources(): Readonly<Record<string, number>> {
  const kinds = process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout/.test(kind));
  return Object.fromEntries([...new Set(kinds)].map((kind) => [kind, kinds.filter((each) => each === kind).length]));
}

/** Of which kinds there are more than before. Timers of others (the test runner's) may have ended meanwhile. */
function moreThan(before: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(resources())
    .filter(([kind, count]) => count > (before[kind] ?? 0))
    .map(([kind, count]) => `${kind}: ${before[kind] ?? 0} before, ${count} now`);
}

/** What the first list has and the second has not. */
function without(list: readonly string[], other: readonly string[]): string {
  const those = new Set(other);
  return `[${list.filter((each) => !those.has(each)).join(', ')}]`;
}
