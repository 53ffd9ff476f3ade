import type { DatabaseModel, Refusal } from './database-model.js';
import { copy, same, type Row } from './rows.js';
import type { SessionModel, Tracked } from './session-model.js';
import { settle } from './settle-model.js';

/** What a flush wrote, in the terms of the model. */
export interface Written {
  readonly after: DatabaseModel;
  /** What the server answered for each record that was inserted or updated. */
  readonly answers: Map<Tracked, Row>;
  /** The links to teams, before the flush, of those whose link it wrote. */
  readonly teamsBefore: Map<Tracked, unknown>;
  readonly deleted: Tracked[];
  /** Edges that went by their ends. */
  readonly unrelated: readonly string[];
  readonly related: readonly string[];
}

export interface FlushOutcome {
  readonly refusals: ReadonlySet<Refusal>;
  /** The database after it; undefined where it is refused. */
  readonly after: DatabaseModel | undefined;
  readonly isEmpty: boolean;
  /** Something links to a record that a transaction has removed: known by its instance that is refused, by its id not. */
  readonly mayDangle: boolean;
  /** Brings the session up to date. */
  readonly settle: () => void;
}

/** What a flush of this session has to do. `guarded`: what it overwrites must still be as it was read. */
export function flushModel(session: SessionModel, before: DatabaseModel, guarded = false): FlushOutcome {
  const after = before.fork();
  const flush = new FlushModel(session, after, guarded);
  const written = flush.run();
  after.checkUnique();
  const { refusals } = after;
  const { isEmpty, mayDangle } = flush;
  if (refusals.size > 0) return { ...refused(refusals), mayDangle };
  return { refusals, after, isEmpty, mayDangle, settle: () => settle(session, written) };
}

export function refused(refusals: ReadonlySet<Refusal>): FlushOutcome {
  return { refusals, after: undefined, isEmpty: false, mayDangle: false, settle: () => undefined };
}

class FlushModel {
  readonly #session: SessionModel;
  readonly #db: DatabaseModel;
  readonly #guarded: boolean;
  readonly #answers = new Map<Tracked, Row>();
  readonly #teamsBefore = new Map<Tracked, unknown>();
  #isEmpty = true;
  #mayDangle = false;

  constructor(session: SessionModel, db: DatabaseModel, guarded: boolean) {
    this.#session = session;
    this.#db = db;
    this.#guarded = guarded;
  }

  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  get mayDangle(): boolean {
    return this.#mayDangle;
  }

  run(): Written {
    const all = [...this.#session.tracked.values()];
    const deleted = all.filter(({ phase }) => phase === 'removed');
    const kept = all.filter(({ phase }) => phase !== 'removed');
    for (const one of deleted) this.#checkDelete(one);
    for (const one of kept) this.#checkTargets(one);
    const inserted = kept.filter(({ phase }) => phase === 'new');
    for (const one of inserted) if (!isEdge(one)) this.#insert(one);
    for (const one of kept) if (one.phase === 'managed') this.#update(one);
    const unrelated = this.#unrelate(kept);
    for (const one of deleted) if (isEdge(one)) this.#db.delete(one.id);
    for (const one of deleted) this.#db.delete(one.id);
    for (const one of inserted) if (isEdge(one)) this.#insert(one);
    const related = this.#relate(kept);
    return {
      after: this.#db,
      answers: this.#answers,
      teamsBefore: this.#teamsBefore,
      deleted,
      unrelated,
      related,
    };
  }

  #checkDelete(one: Tracked): void {
    this.#isEmpty = false;
    const row = this.#db.rows.get(one.id);
    if (row === undefined) this.#db.missing(one.id);
    else if (one.table.name === 'team' && row['version'] !== one.base?.['version'])
      this.#db.refusals.add('OPTIMISTIC_LOCK');
    else if (this.#guarded && !same(row, one.base)) this.#conflict();
    if (row === undefined && this.#guarded) this.#conflict();
  }

  /** What the same flush removes, or what was never stored, cannot be linked to. */
  #checkTargets(one: Tracked): void {
    const changed = one.phase === 'new' ? one.now : one.changes();
    const targets = [
      changed['team'],
      changed['in'],
      changed['out'],
      ...['labels', 'friends', 'knownBy'].flatMap((name) => this.#addedTo(one, name)),
    ];
    for (const id of targets)
      if (typeof id === 'string' && this.#cannotBeLinked(id)) this.#db.refusals.add('VALIDATION');
  }

  #cannotBeLinked(id: string): boolean {
    const target = this.#session.get(id);
    if (target === undefined && this.#session.vanished.has(id)) this.#mayDangle = true;
    return target === undefined ? this.#session.forgotten.has(id) : target.phase === 'removed';
  }

  #addedTo(one: Tracked, name: string): string[] {
    return [...(one.collections.get(name as 'labels')?.added.keys() ?? [])];
  }

  #insert(one: Tracked): void {
    this.#isEmpty = false;
    const labels = one.collections.get('labels')?.view;
    const row = { ...one.now, ...(labels !== undefined && { labels }) };
    const { replaces } = one;
    if (replaces === undefined) this.#db.insert(one.id, row);
    else {
      const stored = this.#db.rows.get(one.id);
      if (stored !== undefined && one.table.name === 'team' && stored['version'] !== replaces.base?.['version'])
        this.#db.refusals.add('OPTIMISTIC_LOCK');
      else if (this.#guarded && !same(stored, replaces.base)) this.#conflict();
      this.#db.replace(one.id, row);
    }
    this.#answer(one);
    if (one.table.name === 'person') this.#teamsBefore.set(one, replaces?.base?.['team']);
  }

  #update(one: Tracked): void {
    const changes = one.changes();
    const labels = one.collections.get('labels');
    if (Object.keys(changes).length === 0 && labels?.isDirty !== true) return;
    this.#isEmpty = false;
    const stored = this.#db.rows.get(one.id);
    if (stored !== undefined) this.#checkGuard(one, stored, changes);
    else if (this.#guarded) this.#conflict();
    const wanted = stored?.['labels'] as Set<string> | undefined;
    if (labels?.isDirty === true && wanted !== undefined)
      changes['labels'] = new Set([
        ...(labels.cleared ? [] : [...wanted].filter((id) => !labels.removed.has(id))),
        ...labels.added.keys(),
      ]);
    this.#db.update(one.id, changes, one.base);
    this.#answer(one);
    if ('team' in changes) this.#teamsBefore.set(one, one.base?.['team']);
  }

  #checkGuard(one: Tracked, stored: Row, changes: Row): void {
    if (one.table.name === 'team' && stored['version'] !== one.base?.['version'])
      this.#db.refusals.add('OPTIMISTIC_LOCK');
    if (!this.#guarded) return;
    for (const name of Object.keys(changes)) if (!same(stored[name], one.base?.[name])) this.#conflict();
    if (one.collections.get('labels')?.cleared === true && !same(stored['labels'], one.base?.['labels']))
      this.#conflict();
  }

  /** A lost race is one kind of error in a transaction. */
  #conflict(): void {
    this.#db.refusals.add('TRANSACTION_CONFLICT');
  }

  #answer(one: Tracked): void {
    const row = this.#db.rows.get(one.id);
    if (row === undefined) return;
    const version = row['version'] !== undefined && { version: row['version'] };
    this.#answers.set(one, one.table.echoes ? { ...definedOf(one.now), ...version } : copy(row));
  }

  #unrelate(kept: readonly Tracked[]): string[] {
    const gone: string[] = [];
    for (const one of kept)
      for (const [name, own, other] of ENDS) {
        const members = one.collections.get(name);
        if (members === undefined) continue;
        const leaving = members.cleared ? [undefined] : [...members.removed];
        if (leaving.length > 0) this.#isEmpty = false;
        for (const id of leaving)
          for (const [edge] of this.#db.edges({ [own]: one.id, ...(id !== undefined && { [other]: id }) })) {
            this.#db.delete(edge);
            gone.push(edge);
          }
        // Of edges that are tracked here, but gone by now, the tracked entity goes too.
        for (const [edge, { base, table }] of this.#session.tracked)
          if (
            table.name === 'knows' &&
            base?.[own] === one.id &&
            (members.cleared || members.removed.has(String(base[other])))
          )
            gone.push(edge);
      }
    return [...new Set(gone)];
  }

  /** Both ends may ask for one edge: it is made once. */
  #relate(kept: readonly Tracked[]): string[] {
    const asked = new Map<string, readonly [string, string, number | undefined]>();
    for (const one of kept)
      for (const [name, own] of ENDS)
        for (const [id, weight] of one.collections.get(name)?.added ?? []) {
          const [from, to] = own === 'in' ? [one.id, id] : [id, one.id];
          const key = `${from} ${to}`;
          asked.set(key, [from, to, weight ?? asked.get(key)?.[2]]);
        }
    if (asked.size > 0) this.#isEmpty = false;
    return Array.from(asked.values(), ([from, to, weight]) => this.#db.relate(from, to, weight));
  }
}

const ENDS = [
  ['friends', 'in', 'out'],
  ['knownBy', 'out', 'in'],
] as const;

const isEdge = (one: Tracked): boolean => one.table.name === 'knows';

function definedOf(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
