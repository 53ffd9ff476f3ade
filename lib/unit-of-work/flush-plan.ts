import type { EntityState } from '../entity/entity-state.js';
import type { Row } from '../entity/row.js';
import type { EntityShapes } from '../entity/entity-shape.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { letStatement, object, param, returnStatement, type Statement } from '../surrealql/nodes/index.js';
import type { RecordId } from '../values/index.js';
import type {
  ChangeSet,
  CreateChangeSet,
  DeleteChangeSet,
  FlushWork,
  GuardCheck,
  UpdateChangeSet,
} from './change-set.js';
import {
  checkRecords,
  mayBeGone,
  checkDeleted,
  createEdges,
  createRecords,
  deleteRecords,
  releaseColumns,
  reread,
  updateRecords,
} from './flush-statements.js';
import { deleteEdgesBetween } from './edge-deletions.js';
import { replaceEdges, replaceRecords } from './replace-statements.js';
import { timeOfDeletion } from './soft-delete.js';
import { orderByUnique, type UniqueOrder } from './unique-order.js';

/** The name under which rows stand that were read again. */
export const AFTERMATH = 'aftermath';

/** Which answers a group of change sets gives: its rows stand under `name` in the order of `members`. */
export interface PlannedGroup {
  readonly name: string;
  readonly members: readonly (CreateChangeSet | UpdateChangeSet)[];
  /** False: the server answers nothing because the row is what was sent. */
  readonly answersRows: boolean;
}

/** A flush as pure data: the statements of its one request, and how the answer is read. */
export interface FlushPlan {
  readonly statements: readonly Statement[];
  readonly groups: readonly PlannedGroup[];
  /** In the order in which they are numbered in the texts that guards throw. */
  readonly members: readonly (ChangeSet | GuardCheck)[];
}

/**
 * What is there is checked first, because a record may go by an earlier statement of the same flush. Then records are made
 * and changed, edges go before others are made (they may have the same ends), and records go before others take what was
 * theirs alone.
 *
 * @param judged whether PERMISSIONS hold for whoever writes: what they refuse then fails the flush, where by itself the server would
 * leave it out
 */
export function planFlush(work: FlushWork, shapes: EntityShapes, judged = false): FlushPlan {
  const plan = new PlanBuilder(shapes, judged);
  const { late, released } = orderByUnique(work.changeSets);
  const { creates, edges, updates, softDeletes, deletes, edgeDeletes } = sortOut(work.changeSets, new Set(late.flat()));
  for (const group of groupBy([...work.checks, ...edgeDeletes, ...deletes], guardSignature)) plan.check(group);
  for (const group of groupBy([...released.keys()], updateSignature)) plan.release(group, released);
  if (softDeletes.length > 0) plan.statements.push(timeOfDeletion);
  // What is deleted softly makes room for others with its unique values.
  for (const group of groupBy(softDeletes, updateSignature)) plan.update(group);
  plan.write(creates, updates);
  for (const group of groupBy(work.unrelates, (unrelate) => unrelate.property))
    plan.statements.push(deleteEdgesBetween(group));
  for (const gone of [edgeDeletes, deletes]) if (gone.length > 0) plan.remove(gone);
  for (const step of late) {
    const { creates: made, edges: joined, updates: changed } = sortOut(step);
    plan.write([...made, ...joined], changed);
  }
  plan.write(edges, []);
  if (work.aftermath.length > 0) plan.readAgain(work.aftermath);
  return plan.build();
}

class PlanBuilder {
  readonly statements: Statement[] = [];
  readonly #groups: PlannedGroup[] = [];
  /** What the request answers, by name. */
  readonly #answers: string[] = [];
  readonly #members: (ChangeSet | GuardCheck)[] = [];
  readonly #shapes: EntityShapes;
  /** Updates whose guards stand in an earlier statement. */
  readonly #checked = new Set<UpdateChangeSet>();

  readonly #judged: boolean;

  constructor(shapes: EntityShapes, judged: boolean) {
    this.#shapes = shapes;
    this.#judged = judged;
  }

  remove(sets: readonly DeleteChangeSet[]): void {
    this.statements.push(deleteRecords(sets));
    if (this.#judged) this.statements.push(checkDeleted(sets, this.#number(sets)));
  }

  check(checks: readonly (DeleteChangeSet | GuardCheck)[]): void {
    // Of what may be gone nothing but a guard is to be looked at.
    const known = checks.filter((check) => !mayBeGone(check) || Object.keys(check.guard).length > 0);
    if (known.length > 0) this.statements.push(checkRecords(known, this.#number(known)));
  }

  create(sets: readonly CreateChangeSet[]): void {
    const first = sets[0] as CreateChangeSet;
    const replaces = first.replaces !== undefined;
    const answersRows = replaces || !this.#shapes.of(first.meta).echoesCreates;
    const [make, replace] =
      first.meta.type === 'relation' ? [createEdges, replaceEdges] : [createRecords, replaceRecords];
    const number = this.#number(sets);
    this.#addGroup(sets, answersRows, replaces ? replace(sets, number) : make(sets, number, answersRows, this.#judged));
  }

  write(creates: readonly CreateChangeSet[], updates: readonly UpdateChangeSet[]): void {
    for (const group of groupBy(creates, createSignature)) this.create(group);
    const guarded = updates.map((set) => (this.#checked.has(set) ? { ...set, guard: {} } : set));
    for (const group of groupBy(guarded, updateSignature)) this.update(group);
  }

  /** Guarded like the updates that follow, which need no second guard. */
  release(sets: readonly UpdateChangeSet[], columns: UniqueOrder['released']): void {
    for (const set of sets) this.#checked.add(set);
    this.statements.push(releaseColumns(sets, columns, this.#number(sets)));
  }

  /** The row is read back where the server may have added to it, and where not all of it was known. */
  update(sets: readonly UpdateChangeSet[]): void {
    const echoes = this.#shapes.of(metaOf(sets[0] as UpdateChangeSet)).echoesUpdates;
    const answersRows =
      !echoes || sets.some((set) => set.state.loadedColumns !== undefined || set.assignments.some(isDelta));
    this.#addGroup(sets, answersRows, updateRecords(sets, this.#number(sets), answersRows, this.#judged));
  }

  readAgain(states: readonly EntityState[]): void {
    this.statements.push(letStatement(AFTERMATH, reread(states.map(({ id }) => id as RecordId))));
    this.#answers.push(AFTERMATH);
  }

  build(): FlushPlan {
    const results = this.#answers.map((name) => [name, param(name)] as const);
    return {
      statements: [...this.statements, returnStatement(object([['reverie', object(results)]]))],
      groups: this.#groups,
      members: this.#members,
    };
  }

  #addGroup(
    sets: readonly (CreateChangeSet | UpdateChangeSet)[],
    answersRows: boolean,
    expression: ReturnType<typeof createRecords>,
  ): void {
    const name = `g${this.#groups.length}`;
    this.#groups.push({ name, members: sets, answersRows });
    if (answersRows) this.#answers.push(name);
    this.statements.push(letStatement(name, expression));
    // An event's changes are not in what its statement returns.
    if (answersRows && metaOf(sets[0] as ChangeSet).events.length > 0)
      this.statements.push(letStatement(name, reread(sets.map((set) => set.id))));
  }

  #number(sets: readonly (ChangeSet | GuardCheck)[]): number {
    const first = this.#members.length;
    this.#members.push(...sets);
    return first;
  }
}

function sortOut(sets: readonly ChangeSet[], without: ReadonlySet<ChangeSet> = new Set()) {
  const creates: CreateChangeSet[] = [];
  const edges: CreateChangeSet[] = [];
  const updates: UpdateChangeSet[] = [];
  const softDeletes: UpdateChangeSet[] = [];
  const deletes: DeleteChangeSet[] = [];
  const edgeDeletes: DeleteChangeSet[] = [];
  for (const set of sets) {
    if (without.has(set)) continue;
    const isEdge = set.meta.type === 'relation';
    if (set.action === 'create') (isEdge ? edges : creates).push(set);
    else if (set.action === 'update') updates.push(set);
    else if (set.soft !== undefined) softDeletes.push(set.soft);
    else (isEdge ? edgeDeletes : deletes).push(set);
  }
  return { creates, edges, updates, softDeletes, deletes, edgeDeletes };
}

/** What statements of a class have in common; classes of one table have different columns. */
function formOf({ table, hierarchy }: EntityMetadata): string {
  return hierarchy === undefined ? table : JSON.stringify([table, hierarchy.value]);
}

function createSignature(set: CreateChangeSet): string {
  if (set.replaces === undefined) return formOf(set.meta);
  return JSON.stringify([formOf(set.meta), Object.keys(set.replaces.guard)]);
}

/** Of entities that were read in part fewer columns are compared. */
function guardSignature(check: DeleteChangeSet | GuardCheck): string {
  return JSON.stringify([check.meta.table, mayBeGone(check), Object.keys(check.guard)]);
}

function updateSignature(set: UpdateChangeSet): string {
  const assigned = set.assignments.map(({ column, operator, expression, parts }) => [
    column,
    operator,
    expression !== undefined,
    parts?.map((part) => part.path),
  ]);
  return JSON.stringify([formOf(set.meta), assigned, Object.keys(set.guard)]);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): T[][] {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

function metaOf(set: ChangeSet | GuardCheck): EntityMetadata {
  return set.meta;
}

const isDelta = ({ operator }: { readonly operator: string }): boolean => operator !== '=';

/** The row of a change set whose group answers nothing: what was there, with what was sent. */
export function echoedRow(set: CreateChangeSet | UpdateChangeSet): Row {
  if (set.action === 'create') return { ...set.content, id: set.id };
  const row: Row = { ...set.state.row };
  for (const { column, value } of set.assignments) {
    if (value === undefined) delete row[column];
    else row[column] = value;
  }
  const version = set.meta.version?.column;
  if (version !== undefined) row[version] = Number(row[version]) + 1;
  return row;
}
