import type { Row } from '../entity/row.js';
import { isMissing } from '../entity/value-handler.js';
import { ValidationError } from '../errors/index.js';
import type { IndexMetadata } from '../metadata/entity-metadata.js';
import { formatLiteral } from '../values/index.js';
import type { ChangeSet, ColumnAssignment, CreateChangeSet, UpdateChangeSet } from './change-set.js';
import { isIndexed, type HeldIn } from './index-condition.js';

type Write = CreateChangeSet | UpdateChangeSet;

/** What the unique values of a flush ask of its order. */
export interface UniqueOrder {
  /** Writes that take a value which another record of the same flush gives up: one step after the other, after all deletes. */
  readonly late: readonly (readonly Write[])[];
  /** Records that exchange values: these columns are set to NONE first. */
  readonly released: ReadonlyMap<UpdateChangeSet, ReadonlySet<string>>;
}

const NO_ORDER: UniqueOrder = { late: [], released: new Map() };

/** Finds who takes a unique value from whom; nothing to do unless a flush gives one up. */
export function orderByUnique(sets: readonly ChangeSet[]): UniqueOrder {
  const freed = new Map<string, ChangeSet>();
  for (const set of sets)
    for (const index of uniqueIndexes(set)) {
      const key = givesUp(set, index) ? keyOf(index, set, rowBefore(set)) : undefined;
      if (key !== undefined) freed.set(key, set);
    }
  return freed.size === 0 ? NO_ORDER : new Takers(sets, freed).inOrder();
}

/** Which others have to come first, and because of which indexes. */
type Waits = Map<ChangeSet, IndexMetadata[]>;
/** One waits for another. */
type Wait = readonly [taker: Write, giver: Write, indexes: readonly IndexMetadata[]];

class Takers {
  readonly #waiting = new Map<Write, Waits>();
  readonly #released = new Map<UpdateChangeSet, Set<string>>();

  constructor(sets: readonly ChangeSet[], freed: ReadonlyMap<string, ChangeSet>) {
    for (const set of sets) {
      if (set.action === 'delete') continue;
      for (const index of uniqueIndexes(set)) {
        const key = takenKey(index, set);
        const giver = key === undefined ? undefined : freed.get(key);
        if (giver !== undefined && giver !== set) this.#wait(set, giver, index);
      }
    }
  }

  inOrder(): UniqueOrder {
    const late: Write[][] = [];
    while (this.#waiting.size > 0) {
      const ready = [...this.#waiting].filter(([, waits]) => !this.#isBlocked(waits)).map(([set]) => set);
      if (ready.length === 0) this.#breakCycle();
      else late.push(ready);
      for (const set of ready) this.#waiting.delete(set);
    }
    return { late, released: this.#released };
  }

  #wait(set: Write, giver: ChangeSet, index: IndexMetadata): void {
    const waits = this.#waiting.get(set) ?? new Map<ChangeSet, IndexMetadata[]>();
    this.#waiting.set(set, waits);
    const indexes = waits.get(giver);
    if (indexes === undefined) waits.set(giver, [index]);
    else indexes.push(index);
  }

  #isBlocked(waits: Waits): boolean {
    for (const giver of waits.keys()) if (this.#waiting.has(giver as Write)) return true;
    return false;
  }

  /** Each waits for the next: one that can do without the values for a moment lets go of them first. */
  #breakCycle(): void {
    const cycle = this.#findCycle();
    for (const [taker, giver, indexes] of cycle) {
      const columns = indexes.map((index) => releasable(giver, index));
      if (giver.action !== 'update' || columns.includes(undefined)) continue;
      const released = this.#released.get(giver) ?? new Set<string>();
      for (const column of columns) released.add(column as string);
      this.#released.set(giver, released);
      this.#waiting.get(taker)?.delete(giver);
      return;
    }
    throw exchanged(cycle);
  }

  #findCycle(): Wait[] {
    const steps: Wait[] = [];
    const seen = new Map<Write, number>();
    let taker = this.#waiting.keys().next().value as Write;
    while (!seen.has(taker)) {
      seen.set(taker, steps.length);
      const waits = this.#waiting.get(taker) as Waits;
      const [giver, indexes] = [...waits].find(([one]) => this.#waiting.has(one as Write)) as [Write, IndexMetadata[]];
      steps.push([taker, giver, indexes]);
      taker = giver;
    }
    return steps.slice(seen.get(taker));
  }
}

/** A column of the index that the update writes anyway, and that may be NONE until it does. */
function releasable(giver: Write, { columns }: IndexMetadata): string | undefined {
  if (giver.action !== 'update') return undefined;
  return giver.assignments.find(({ column }) => columns.includes(column) && admitsNone(giver, column))?.column;
}

/** An index over plain columns; what a path or a hidden condition makes of a record only the server knows. */
function uniqueIndexes({ meta }: ChangeSet): readonly IndexMetadata[] {
  return meta.indexes.filter(
    ({ unique, columns }) => unique === true && columns.every((name) => meta.byColumn.has(name)),
  );
}

function givesUp(set: ChangeSet, index: IndexMetadata): boolean {
  if (set.action === 'create' && set.replaces === undefined) return false;
  if (set.action === 'delete' && set.soft !== undefined) return false;
  if (isIndexed(index, set.meta, heldBefore(set)) === false) return false;
  if (set.action !== 'update') return true;
  const isWritten = set.assignments.some(({ column }) => index.columns.includes(column));
  return isWritten || isIndexed(index, set.meta, heldAfter(set)) === false;
}

const heldBefore =
  (set: ChangeSet): HeldIn =>
  (column) => {
    const row = rowBefore(set);
    return row !== undefined && set.state.isLoaded(column) ? { value: row[column] } : 'unknown';
  };

const heldAfter =
  (set: Write): HeldIn =>
  (column) => {
    // DEFAULT may fill what a new record was not given.
    if (set.action === 'create') return column in set.content ? { value: set.content[column] } : 'unknown';
    const assignment = set.assignments.find((each) => each.column === column);
    if (assignment === undefined) return heldBefore(set)(column);
    return isWhole(assignment) ? { value: assignment.value } : 'unknown';
  };

const isWhole = ({ operator, parts, expression }: ColumnAssignment): boolean =>
  operator === '=' && parts === undefined && expression === undefined;

function rowBefore(set: ChangeSet): Row | undefined {
  return set.action === 'create' ? set.replaces?.state.row : set.state.row;
}

function rowAfter(set: Write): Row {
  if (set.action === 'create') return set.content;
  const row: Row = { ...set.state.row };
  for (const { column, value } of set.assignments) row[column] = value;
  return row;
}

/** Undefined where the record stands in no one's way: one that lacks a value may repeat. */
function keyOf({ name, columns }: IndexMetadata, { meta }: ChangeSet, row: Row | undefined): string | undefined {
  const values = columns.map((column) => row?.[column]);
  return values.some(isMissing) ? undefined : `${meta.table} ${name} ${formatLiteral(values)}`;
}

function takenKey(index: IndexMetadata, set: Write): string | undefined {
  return isIndexed(index, set.meta, heldAfter(set)) === false ? undefined : keyOf(index, set, rowAfter(set));
}

function admitsNone({ meta }: ChangeSet, column: string): boolean {
  const property = meta.byColumn.get(column);
  return property !== undefined && 'optional' in property && property.optional;
}

function exchanged(cycle: readonly Wait[]): ValidationError {
  const [{ meta }, giver, indexes] = cycle[0] as Wait;
  const { columns } = indexes.find((index) => releasable(giver, index) === undefined) as IndexMetadata;
  const fields = columns.map((column) => meta.byColumn.get(column)?.property ?? column).join(', ');
  const path = `${meta.className}.${fields}`;
  const ids = cycle.map(([{ id }]) => String(id)).join(' and ');
  return new ValidationError({
    what: `${ids} exchange their ${fields}, which must be unique`,
    why: 'one of them would have to do without for a moment, and the field does not admit NONE; nothing was sent',
    fix: [
      `let the field admit NONE: @Field('option<…>') ${fields}`,
      'give one of them another value first, and flush between',
    ],
    errors: [{ path, message: `exchanged between ${ids}`, rule: 'unique' }],
  });
}
