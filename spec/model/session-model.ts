import type { EntityManager } from '../../lib/index.js';
import { tableModelOf } from './database-model.js';
import { MembersModel } from './members-model.js';
import { copy, same, tableOf, type Row } from './rows.js';
import type { CollectionName, TableModel, TableName } from './tables.js';

/** What one EntityManager is expected to know of one entity. */
export class Tracked {
  readonly id: string;
  readonly table: TableModel;
  readonly collections = new Map<CollectionName, MembersModel>();
  /** The instance, once the user has seen it. */
  entity: object | undefined;
  phase: 'new' | 'managed' | 'removed' | 'detached';
  /** As it was last read or written. */
  base: Row | undefined;
  /** As the instance shows it. */
  now: Row;
  /** The removed one whose record this is to replace. */
  replaces: Tracked | undefined;

  constructor(id: string, base: Row | undefined, entity?: object, replaces?: Tracked) {
    this.id = id;
    this.table = tableModelOf(id);
    this.entity = entity;
    this.phase = base === undefined ? 'new' : 'managed';
    this.replaces = replaces;
    for (const name of this.table.collections) {
      // A record that is replaced keeps its edges and what refers to it.
      const isEmpty = base === undefined && (replaces === undefined || name === 'labels');
      this.collections.set(name, new MembersModel(name === 'friends' || name === 'knownBy', isEmpty ? [] : undefined));
    }
    this.base = undefined;
    this.now = {};
    if (base !== undefined) this.read(base);
  }

  members(name: CollectionName): MembersModel {
    return this.collections.get(name) as MembersModel;
  }

  copy(): Tracked {
    const one = new Tracked(this.id, undefined, this.entity, this.replaces);
    one.phase = this.phase;
    one.base = this.base === undefined ? undefined : copy(this.base);
    one.now = copy(this.now);
    for (const [name, members] of this.collections) one.collections.set(name, members.copy());
    return one;
  }

  /** Takes a record as what is stored; the instance shows it. */
  read(row: Row): void {
    this.base = copy(row);
    this.now = copy(row);
    delete this.now['labels'];
    const labels = this.collections.get('labels');
    if (labels !== undefined) labels.known = new Set(row['labels'] as Set<string>);
  }

  /** Read again: nothing is pending any more, and what was known of other records' links is forgotten. */
  reread(row: Row): void {
    for (const members of this.collections.values()) {
      members.drop();
      members.known = undefined;
    }
    this.read(row);
  }

  /** Its record was written past it: what was changed here stays changed. */
  overtake(row: Row): void {
    if (this.isClean) return this.reread(row);
    const kept = this.changes();
    this.read(row);
    Object.assign(this.now, kept);
  }

  /** What an update of it would send; undefined stands for NONE. */
  changes(): Row {
    const changes: Row = {};
    for (const name of this.table.written) if (!same(this.now[name], this.base?.[name])) changes[name] = this.now[name];
    return changes;
  }

  /** Whether nothing of its collections can be stored. */
  startsEmpty(name: CollectionName): boolean {
    return this.phase === 'new' && (this.replaces === undefined || name === 'labels');
  }

  get isClean(): boolean {
    return (
      this.phase === 'managed' &&
      Object.keys(this.changes()).length === 0 &&
      ![...this.collections.values()].some((members) => members.isDirty)
    );
  }
}

/** What one EntityManager is expected to track. */
export class SessionModel {
  readonly em: EntityManager;
  readonly tracked = new Map<string, Tracked>();
  /** Tracked once, until `clear` or a transaction let go of them. */
  readonly dropped: Tracked[] = [];
  /** New ones that were removed, or let go of, before they were stored. */
  readonly forgotten = new Set<string>();
  /** Removed by a transaction that was started from here. */
  readonly vanished = new Set<string>();

  constructor(em: EntityManager) {
    this.em = em;
  }

  get(id: string): Tracked | undefined {
    return this.tracked.get(id);
  }

  /** To try steps on that may be undone. */
  copy(): SessionModel {
    const session = new SessionModel(this.em);
    for (const [id, one] of this.tracked) session.tracked.set(id, one.copy());
    for (const id of this.forgotten) session.forgotten.add(id);
    return session;
  }

  /** Takes over what the copy has come to. */
  become(copied: SessionModel): void {
    this.tracked.clear();
    for (const [id, one] of copied.tracked) this.tracked.set(id, one);
    for (const id of copied.forgotten) this.forgotten.add(id);
  }

  /** Those that can be worked with. */
  live(table?: TableName): Tracked[] {
    return [...this.tracked.values()].filter(
      (one) =>
        one.phase !== 'removed' && one.entity !== undefined && (table === undefined || tableOf(one.id) === table),
    );
  }

  add(one: Tracked): Tracked {
    this.tracked.set(one.id, one);
    return one;
  }

  /** The first read wins. */
  adopt(id: string, row: Row): Tracked {
    return this.get(id) ?? this.add(new Tracked(id, row));
  }

  detach(one: Tracked): void {
    if (this.get(one.id) === one) this.tracked.delete(one.id);
    one.phase = 'detached';
  }

  clear(): void {
    for (const one of this.tracked.values()) {
      this.dropped.push(one);
      if (one.phase === 'new') this.forgotten.add(one.id);
    }
    this.tracked.clear();
  }

  rename(from: string, to: string): void {
    const one = this.get(from);
    if (one === undefined) return;
    this.tracked.delete(from);
    (one as { id: string }).id = to;
    this.tracked.set(to, one);
  }
}
