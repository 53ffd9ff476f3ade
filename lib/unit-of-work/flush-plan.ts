import type { Row } from '../entity/row.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { letStatement, object, param, returnStatement, type Statement } from '../surrealql/nodes/index.js';
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
  createEdges,
  createRecords,
  deleteEdgesBetween,
  deleteRecords,
  reread,
  updateRecords,
} from './flush-statements.js';

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

export interface Echoes {
  creates(meta: EntityMetadata): boolean;
  updates(meta: EntityMetadata): boolean;
}

/** Creates before edges, edges before updates, updates before deletes; edges go before the records they join. */
export function planFlush(work: FlushWork, echoes: Echoes): FlushPlan {
  const plan = new PlanBuilder(echoes);
  const { creates, edges, updates, deletes, edgeDeletes } = sortOut(work.changeSets);
  for (const group of groupBy(work.checks, (check) => check.meta)) plan.check(group);
  for (const group of groupBy(creates, (set) => set.meta)) plan.create(group);
  for (const group of groupBy(edges, (set) => set.meta)) plan.create(group);
  for (const group of groupBy(updates, updateSignature)) plan.update(group);
  plan.remove([...groupBy(edgeDeletes, (set) => set.meta), ...groupBy(deletes, (set) => set.meta)]);
  for (const group of groupBy(work.unrelates, (unrelate) => unrelate.property))
    plan.statements.unshift(deleteEdgesBetween(group));
  return plan.build();
}

class PlanBuilder {
  readonly statements: Statement[] = [];
  readonly #groups: PlannedGroup[] = [];
  readonly #members: (ChangeSet | GuardCheck)[] = [];
  readonly #echoes: Echoes;

  constructor(echoes: Echoes) {
    this.#echoes = echoes;
  }

  create(sets: readonly CreateChangeSet[]): void {
    const meta = metaOf(sets);
    const answersRows = !this.#echoes.creates(meta);
    const make = meta.type === 'relation' ? createEdges : createRecords;
    this.#addGroup(sets, answersRows, make(sets, this.#number(sets), answersRows));
  }

  update(sets: readonly UpdateChangeSet[]): void {
    const answersRows = !this.#echoes.updates(metaOf(sets)) || sets.some((set) => set.assignments.some(isDelta));
    this.#addGroup(sets, answersRows, updateRecords(sets, this.#number(sets), answersRows));
  }

  check(checks: readonly GuardCheck[]): void {
    this.statements.push(checkRecords(checks, this.#number(checks)));
  }

  /** Every record must be there before the first goes: a later one may then go with an earlier. */
  remove(groups: readonly (readonly DeleteChangeSet[])[]): void {
    for (const sets of groups) this.statements.push(checkRecords(sets, this.#number(sets)));
    for (const sets of groups) this.statements.push(deleteRecords(sets));
  }

  build(): FlushPlan {
    const results = this.#groups
      .filter((group) => group.answersRows)
      .map((group) => [group.name, param(group.name)] as const);
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
    this.statements.push(letStatement(name, expression));
    // An event's changes are not in what its statement returns.
    if (answersRows && metaOf(sets).events.length > 0)
      this.statements.push(letStatement(name, reread(sets.map((set) => set.id))));
  }

  #number(sets: readonly (ChangeSet | GuardCheck)[]): number {
    const first = this.#members.length;
    this.#members.push(...sets);
    return first;
  }
}

function sortOut(sets: readonly ChangeSet[]) {
  const creates: CreateChangeSet[] = [];
  const edges: CreateChangeSet[] = [];
  const updates: UpdateChangeSet[] = [];
  const deletes: DeleteChangeSet[] = [];
  const edgeDeletes: DeleteChangeSet[] = [];
  for (const set of sets) {
    const isEdge = set.meta.type === 'relation';
    if (set.action === 'create') (isEdge ? edges : creates).push(set);
    else if (set.action === 'update') updates.push(set);
    else (isEdge ? edgeDeletes : deletes).push(set);
  }
  return { creates, edges, updates, deletes, edgeDeletes };
}

function updateSignature(set: UpdateChangeSet): string {
  const assigned = set.assignments.map(({ column, operator }) => [column, operator]);
  return JSON.stringify([set.meta.table, assigned, Object.keys(set.guard)]);
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

function metaOf(sets: readonly ChangeSet[]): EntityMetadata {
  return (sets[0] as ChangeSet).meta;
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
