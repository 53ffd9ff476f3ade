import { SchemaDriftError, UniqueConstraintError } from '../../lib/errors/index.js';
import type { SchemaPlan, SchemaStep } from '../../lib/schema/index.js';
import { equals } from '../../lib/values/equals.js';
import { isPlain } from '../../lib/values/index.js';
import { managerOf } from './build.js';
import type { SchemaRecipe } from './recipe.js';
import type { Pair } from './recipes.js';
import { SchemaWorld, type Canonical, type Records, type Row } from './world.js';

/** What a pair of schemas showed, so that a run can tell that it saw everything. */
export type Outcome = 'nothing' | 'additive' | 'safe' | 'forced' | 'impossible';

/**
 * The first schema is synced and given records; then the second one is planned. What the plan says has to be true of the
 * records, its way back leads to the first schema, and its way there to an empty plan.
 */
export async function checkPair({ before, after }: Pair): Promise<Outcome> {
  const world = await SchemaWorld.open();
  try {
    return await new PairCheck(world, before, after).run();
  } finally {
    await world.close();
  }
}

class PairCheck {
  readonly #world: SchemaWorld;
  readonly #before: SchemaRecipe;
  readonly #after: SchemaRecipe;

  constructor(world: SchemaWorld, before: SchemaRecipe, after: SchemaRecipe) {
    this.#world = world;
    this.#before = before;
    this.#after = after;
  }

  async run(): Promise<Outcome> {
    const world = this.#world;
    await this.#syncs(this.#before);
    await world.load(this.#before);
    const first = await world.canonical();
    const stored = await this.#records();
    const writable = await world.writable(stored.keys());
    const target = managerOf(this.#after, world.db);
    const plan = await target.plan();
    const script = await target.script();
    expect(await world.canonical()).toEqual(first);
    expect(askedHere(script.plan)).toEqual(askedHere(plan));
    const outcome = await this.#applies(plan, stored, writable, first);
    if (outcome === 'impossible') return outcome;
    await this.#syncs(this.#after);
    if (!(await this.#goesBack(script.parts, first, outcome))) return outcome;
    if (outcome !== 'forced') await this.#keptOnTheWayBack(stored);
    await this.#writableAgain(writable, stored);
    if (outcome !== 'forced') await this.#goesThere(script.parts);
    await this.#syncs(this.#after);
    return outcome;
  }

  async #syncs(recipe: SchemaRecipe): Promise<void> {
    const manager = managerOf(recipe, this.#world.db);
    await manager.sync({ mode: 'force' });
    expect((await manager.plan()).steps).toEqual([]);
  }

  #records(): Promise<Records> {
    return this.#world.records(this.#before.tables.map(({ name }) => name));
  }

  async #applies(plan: SchemaPlan, stored: Records, writable: ReadonlySet<string>, first: Canonical): Promise<Outcome> {
    const world = this.#world;
    const harm = plan.steps.filter(({ risk, affected }) => affected > 0 && risk !== 'additive' && risk !== 'rewrite');
    const manager = managerOf(this.#after, world.db);
    const refused = await refusalOf(() => manager.sync());
    expect({ plan, refused: refused !== undefined }).toEqual({ plan, refused: harm.length > 0 });
    if (refused !== undefined) {
      expect(await world.canonical()).toEqual(first);
      expect(await this.#records()).toEqual(stored);
      const impossible = await refusalOf(() => manager.sync({ mode: 'force' }));
      if (impossible !== undefined) return 'impossible';
    }
    const kept = await this.#records();
    this.#keptWhatItSaid(plan, stored, kept);
    await this.#writableAsSaid(plan, stored, writable, harm);
    if (harm.length > 0) return 'forced';
    if (plan.isEmpty) return 'nothing';
    return plan.steps.every(({ risk }) => risk === 'additive') ? 'additive' : 'safe';
  }

  /** Additive steps leave a record as it is; rewriting ones lose nothing; destructive ones lose as much as they say. */
  #keptWhatItSaid(plan: SchemaPlan, stored: Records, kept: Records): void {
    expect([...kept.keys()].sort()).toEqual([...stored.keys()].sort());
    for (const table of this.#keeping()) {
      const steps = plan.steps.filter((step) => step.table === table);
      const own = [...stored].filter(([id]) => id.startsWith(`${table}:`));
      const changed = own.filter(([id, row]) => !this.#same(table, row, kept.get(id) as Row));
      const lost = own.filter(([id, row]) => this.#lost(table, row, kept.get(id) as Row).length > 0);
      const rewrites = steps.some(({ risk }) => risk !== 'additive');
      if (!rewrites) expect({ table, plan, changed }).toEqual({ table, plan, changed: [] });
      const destructive = steps.filter(({ risk }) => risk === 'destructive').map(({ affected }) => affected);
      const said = destructive.reduce((sum, each) => sum + each, 0);
      if (said === 0) expect({ table, plan, lost }).toEqual({ table, plan, lost: [] });
      else {
        const seen = { table, plan, lost: lost.map(([id]) => id) };
        expect({ ...seen, enough: lost.length >= Math.max(...destructive) }).toEqual({ ...seen, enough: true });
      }
    }
  }

  /** The tables that do not forget what is written. */
  #keeping(): readonly string[] {
    return this.#before.tables.flatMap(({ name }) =>
      this.#after.tables.find((each) => each.name === name)?.drop === true ? [] : [name],
    );
  }

  #same(table: string, a: Row, b: Row): boolean {
    const computed = new Set([...computedOf(this.#before, table), ...computedOf(this.#after, table)]);
    const stored = (row: Row): Row => Object.fromEntries(Object.entries(row).filter(([key]) => !computed.has(key)));
    return equals(stored(a), stored(b));
  }

  #lost(table: string, before: Row, now: Row): readonly string[] {
    const unstored = computedOf(this.#before, table);
    const derived = computedOf(this.#before, table, true);
    const gone = computedOf(this.#after, table, true);
    const leaves = computedOf(this.#after, table);
    return Object.entries(before).flatMap(([key, value]) => {
      if (unstored.has(key) || key.startsWith('~unique:')) return [];
      // What is worked out may become another value, but not go; what is computed when it is asked for is stored no more.
      const isLost = derived.has(key)
        ? now[key] === undefined || leaves.has(key)
        : gone.has(key) || loses(value, now[key]);
      return isLost ? [key] : [];
    });
  }

  async #writableAsSaid(
    plan: SchemaPlan,
    stored: Records,
    writable: ReadonlySet<string>,
    harm: readonly SchemaStep[],
  ): Promise<void> {
    const now = await this.#world.writable(writable);
    const stuck = [...writable].filter((id) => !now.has(id));
    for (const name of this.#keeping()) {
      const own = stuck.filter((id) => id.startsWith(`${name}:`));
      const unwritable = [...stored.keys()].filter((id) => id.startsWith(`${name}:`) && !writable.has(id));
      const said = harm
        .filter(({ risk, table }) => risk === 'narrowing' && table === name)
        .map((each) => each.affected);
      // The server lets a READONLY field be that records lack, though its type does not; VALUE may make a value that fits.
      const certain = harm.filter(
        ({ statement, table, risk }) => risk === 'narrowing' && table === name && !/ READONLY| VALUE /.test(statement),
      );
      // Those are counted too that could not be written before: VALUE may make what the field's own ASSERT or type refuses.
      const least = Math.max(0, ...certain.map((each) => each.affected)) - unwritable.length;
      const most = said.reduce((sum, each) => sum + each, 0);
      const seen = { plan, table: name, stuck: own, least, most };
      expect({ ...seen, within: own.length >= least && own.length <= most }).toEqual({ ...seen, within: true });
    }
  }

  /** Not where a forced plan has lost what a unique index told records apart by: that is refused, and changes nothing. */
  async #goesBack(parts: readonly { readonly down: readonly string[] }[], first: Canonical, outcome: Outcome) {
    for (const { down } of [...parts].reverse()) {
      const before = await this.#world.canonical();
      try {
        await this.#runs(down);
      } catch (error) {
        if (outcome !== 'forced' || !(error instanceof UniqueConstraintError)) throw error;
        expect(await this.#world.canonical()).toEqual(before);
        return false;
      }
    }
    expect(told(await this.#world.canonical())).toEqual(told(first));
    return true;
  }

  /** Where a sync is safe, the script does all that it does. */
  async #goesThere(parts: readonly { readonly up: readonly string[] }[]): Promise<void> {
    for (const { up } of parts) await this.#runs(up);
    expect((await managerOf(this.#after, this.#world.db).plan()).steps).toEqual([]);
  }

  async #runs(statements: readonly string[]): Promise<void> {
    if (statements.length > 0)
      await this.#world.ask(`BEGIN; ${statements.map((each) => `${each};\n`).join('')} COMMIT`);
  }

  /** What lost nothing on the way there loses nothing on the way back. */
  async #keptOnTheWayBack(stored: Records): Promise<void> {
    const now = await this.#records();
    for (const table of this.#keeping()) {
      const own = [...stored].filter(([id]) => id.startsWith(`${table}:`));
      const lost = own.filter(([id, row]) => this.#lost(table, row, now.get(id) as Row).length > 0);
      expect({ table, lost }).toEqual({ table, lost: [] });
    }
  }

  /** A record that has lost nothing is as writable as it was. */
  async #writableAgain(writable: ReadonlySet<string>, stored: Records): Promise<void> {
    const now = await this.#records();
    const whole = [...writable].filter((id) => {
      const table = id.slice(0, id.indexOf(':'));
      return this.#lost(table, stored.get(id) as Row, now.get(id) as Row).length === 0;
    });
    const again = await this.#world.writable(whole);
    expect(whole.filter((id) => !again.has(id))).toEqual([]);
  }
}

/**
 * What a plan does to the records that are here. A script also writes for those of other databases: it has rewrites that no
 * record here asks for, and other statements in another order around them.
 */
function askedHere({ steps }: SchemaPlan): readonly string[] {
  const asked = steps.filter(({ risk, affected }) => risk !== 'rewrite' || affected > 0);
  return asked.map(({ table, kind, risk, affected }) => `${risk} ${kind} ${table}: ${affected}`).sort();
}

/** The keys of an access are withheld, so its definition cannot be brought back; which accesses there are can. */
function told({ accesses, ...rest }: Canonical): unknown {
  return { ...rest, accesses: Object.keys(accesses as object) };
}

/** Members that the server computes when it is asked, or those too that it computes when a record is written: they are no data. */
function computedOf({ tables }: SchemaRecipe, table: string, stored = false): ReadonlySet<string> {
  const fields = tables.find(({ name }) => name === table)?.fields ?? [];
  return new Set(fields.flatMap((each) => (each.kind === 'computed' && (stored || !each.stored) ? [each.name] : [])));
}

/** Whether something that was there, at any depth, is not there any more; values may be made anew. */
function loses(before: unknown, now: unknown): boolean {
  if (before === undefined) return false;
  if (now === undefined) return true;
  if (Array.isArray(before) && Array.isArray(now))
    return before.length === now.length && before.some((each, at) => loses(each, now[at]));
  if (!isObject(before) || !isObject(now)) return false;
  return Object.entries(before).some(([key, value]) => loses(value, now[key]));
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && isPlain(value);
}

async function refusalOf(act: () => Promise<unknown>): Promise<SchemaDriftError | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof SchemaDriftError) return error;
    throw error;
  }
}
