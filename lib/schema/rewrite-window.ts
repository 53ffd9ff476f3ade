import {
  defineEvent,
  defineField,
  defineTable,
  removeDefinition,
  type DefineFieldNode,
  type RemoveNode,
} from '../surrealql/nodes/definitions.js';
import { EACH, table as tableNode, type Expression } from '../surrealql/nodes/expressions.js';
import { update, type Statement } from '../surrealql/nodes/statements.js';
import { optionOf } from '../types/parse-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import type { Change, Rewrite } from './change.js';
import { elementType } from './element-type.js';
import { fieldNode, isBelow, pathKey, type FieldPath, type PathKey } from './field-path.js';
import type { FieldModel, TableModel } from './model.js';
import { openColumn } from './open-column.js';
import { isStuck } from './stuck-elements.js';
import type { WantedField, WantedTable } from './wanted.js';
import { copiedRows, relinked } from './written-rows.js';

/**
 * A table's records are written here without anything else happening to them: its events are taken away and the fields that
 * the server would compute anew, or would not let be written, take any value, until the window is closed.
 */
export class RewriteWindow {
  readonly #wanted: WantedTable;
  readonly #live: TableModel;
  readonly #rewrites: readonly Rewrite[];
  /** Fields that are defined or removed by a step of their own. */
  readonly #changed: ReadonlySet<PathKey>;
  /** Links that go, as they are. */
  readonly #leaving: ReadonlyMap<PathKey, FieldModel>;
  /** Fields that the plan makes, changes or removes: what records hold there need not fit what is, nor what is to be. */
  readonly #loose: readonly FieldPath[];

  constructor(wanted: WantedTable, live: TableModel, changes: readonly Change[], rewrites: readonly Rewrite[]) {
    this.#wanted = wanted;
    this.#live = live;
    this.#rewrites = rewrites;
    this.#changed = new Set(changes.flatMap(changedPath));
    this.#leaving = leavingLinks(live, changes, rewrites);
    this.#loose = changes.flatMap(({ kind, definition }) => {
      const path = pathOfChange(definition);
      const isNamed = path !== undefined && path.every((part) => typeof part === 'string');
      if (!isNamed || staysLink(definition, live.fields.get(pathKey(path)))) return [];
      return kind === 'createField' && path.length > 1 ? [] : [path];
    });
  }

  /** Whether the field has a definition in the window, which a later definition has to overwrite. */
  relaxes(path: FieldPath): boolean {
    const key = pathKey(path);
    return [...this.#relaxed().map((each) => each.path), ...writtenPaths(this.#rewrites)].some(
      (each) => pathKey(each) === key,
    );
  }

  /** In the order in which they are to be written. */
  inOrder(rewrites: readonly Rewrite[]): readonly Rewrite[] {
    return [...rewrites].sort((a, b) => this.rankOf(a) - this.rankOf(b));
  }

  /**
   * When a rewrite is to be done, smaller numbers first. A link is written under its own type, which what is written afterwards
   * would be held against too. What it is copied from goes after it, any other link before: while it is there, it is held
   * against its type as well.
   */
  rankOf(rewrite: Rewrite): number {
    if (bindsLinks(rewrite)) return 1;
    if (rewrite.kind !== 'unset') return 0;
    const key = pathKey(rewrite.path);
    const isSource = this.#rewrites.some(
      (each) => bindsLinks(each) && each.field.renamedFrom !== undefined && pathKey(each.field.renamedFrom) === key,
    );
    return isSource ? 2 : this.#leaving.has(key) ? -1 : 0;
  }

  open(): readonly Statement[] {
    if (this.#rewrites.some((each) => each.kind === 'copy')) return [];
    const table = this.#wanted.name;
    const events = [...this.#live.events.keys()].map((name) =>
      removeDefinition({ object: 'EVENT', name, table, ifExists: true }),
    );
    return [...events, ...this.#stale().map((name) => this.#removed(name)), ...this.#relaxed()];
  }

  /**
   * What stood below a field that becomes another one, deepest first: the server would hold the elements of the new value against
   * it. What is to stand there is defined with the field, or after it.
   */
  #stale(): readonly FieldPath[] {
    const parents = [...this.#loose, ...this.#targets()].filter((path) => this.#changed.has(pathKey(path)));
    return [...this.#live.fields.values()]
      .map(({ path }) => path)
      .filter((path) => this.#changed.has(pathKey(path)) || typeof path.at(-1) === 'symbol')
      .filter((path) => !isWithinStuck(path))
      .filter((path) => parents.some((parent) => isBelow(path, parent)))
      .sort((a, b) => b.length - a.length);
  }

  #removed(name: FieldPath): RemoveNode {
    return removeDefinition({ object: 'FIELD', name, table: this.#wanted.name, ifExists: true });
  }

  #targets(): readonly FieldPath[] {
    // A link keeps its references only while its field says so.
    return writtenPaths(
      this.#rewrites.filter((each) =>
        each.kind === 'unset'
          ? this.#live.fields.has(pathKey(each.path))
          : each.kind !== 'retarget' || each.relink !== undefined,
      ),
    );
  }

  /** The statements of one rewrite; the window must be open. */
  write(rewrite: Rewrite): readonly Statement[] {
    const target = tableNode(this.#wanted.name);
    switch (rewrite.kind) {
      case 'unset':
        // What stands below would have the object back.
        return [
          ...rewrite.below.map((name) => this.#removed(name)),
          update({
            target,
            data: { kind: 'unset', paths: [fieldNode(rewrite.path)] },
            where: rewrite.records,
            returns: 'none',
          }),
        ];
      case 'backfill':
        return rewrite.copies === true
          ? this.#copy(rewrite)
          : this.#backfill(rewrite.field, rewrite.value, rewrite.records);
      case 'relink':
        return [relinked(rewrite)];
      case 'retarget':
        return this.#retarget(rewrite);
      case 'copy':
        return this.#copies(rewrite);
    }
  }

  /** The table takes everything until its records are what they are to be. Open and closed in one. */
  #copies({ from, rewrites }: Rewrite & { readonly kind: 'copy' }): readonly Statement[] {
    const { name, table } = this.#wanted;
    const within = new RewriteWindow(this.#wanted, this.#live, [], rewrites);
    return [
      defineTable({ name, type: table.type, schemafull: false }),
      copiedRows(from, name),
      ...within.open(),
      ...within.inOrder(rewrites).flatMap((each) => within.write(each)),
      defineTable({ ...table, exists: 'overwrite' }),
    ];
  }

  /** What the field holds, in a type that takes the old names too. */
  #retarget({ field, records, value, at, relink }: Rewrite & { readonly kind: 'retarget' }): readonly Statement[] {
    const { table, path, type = ANY, reference } = field.node;
    const open = defineField({
      exists: 'overwrite',
      table,
      path,
      type: optionOf(field.moved?.admitting ?? type),
      ...(reference !== undefined && { reference: { onDelete: 'IGNORE' as const } }),
    });
    const moved = [open, this.#filled(at, value, records)];
    return relink === undefined ? moved : [...moved, ...this.write(relink)];
  }

  close(): readonly Statement[] {
    const kept = this.#wanted.fields.filter(
      ({ node }) => this.relaxes(node.path) && !this.#changed.has(pathKey(node.path)),
    );
    return [
      ...kept.map(({ node }) => defineField({ ...node, exists: 'overwrite' })),
      ...this.#wanted.events.flatMap((node) =>
        this.#live.events.has(node.name) ? [defineEvent({ ...node, exists: 'overwrite' })] : [],
      ),
    ];
  }

  #relaxed(): readonly DefineFieldNode[] {
    const computed = [...this.#live.fields.values()].flatMap((field) =>
      field.value !== undefined && field.path.every((part) => typeof part === 'string')
        ? [this.#anything(field.path)]
        : [],
    );
    const targets = this.#targets().map((path) => this.#anything(path));
    const nodes = [...computed, ...targets, ...this.#loose.map((path) => this.#anything(path))];
    return [...new Map(nodes.map((node) => [pathKey(node.path), node])).values()];
  }

  /** A default is held against the type and ASSERT of its field, so that the record it goes into stays writable. */
  #backfill({ node }: WantedField, value: Expression, records: Expression | undefined): readonly Statement[] {
    const { table, path, type = ANY, flexible, assert } = node;
    // A table that is SCHEMALESS until then takes any key, and the word in no definition.
    const strict = defineField({
      exists: 'overwrite',
      table,
      path,
      type,
      ...(flexible === true && this.#live.definition.schemafull && { flexible }),
      ...(assert !== undefined && { assert }),
    });
    const filled = this.#filled(path, value, records);
    // Loose again, elements included: the next field is written while records that this one never fitted are still there.
    const elements = elementType(type) === undefined ? [] : [this.#removed([...path, EACH])];
    return [strict, filled, ...elements, this.#anything(path)];
  }

  /** What fits has been counted. A link is written while its field says REFERENCE, which is what the server notes it by. */
  #copy({ field, value, records, at }: Rewrite & { readonly kind: 'backfill' }): readonly Statement[] {
    const { table, path, type = ANY, reference } = field.node;
    const open = defineField({
      exists: 'overwrite',
      table,
      path,
      ...(reference === undefined ? { type: ANY } : { type: optionOf(type), reference: { onDelete: 'IGNORE' } }),
    });
    return [open, this.#filled(at ?? path, value, records)];
  }

  #filled(path: FieldPath, value: Expression, records: Expression | undefined): Statement {
    return update({
      target: tableNode(this.#wanted.name),
      data: { kind: 'set', assignments: [{ target: fieldNode(path), operator: '=', value }] },
      returns: 'none',
      ...(records !== undefined && { where: records }),
    });
  }

  #anything(path: FieldPath): DefineFieldNode {
    const link = this.#leaving.get(pathKey(path));
    if (link !== undefined) return openColumn(this.#wanted.name, link);
    return defineField({ exists: 'overwrite', table: this.#wanted.name, path, type: ANY });
  }
}

function writtenPaths(rewrites: readonly Rewrite[]): readonly FieldPath[] {
  return rewrites.flatMap((each) => {
    if (each.kind === 'copy') return writtenPaths(each.rewrites);
    return [each.kind === 'unset' ? each.path : each.field.node.path];
  });
}

type Binding = Extract<Rewrite, { readonly field: WantedField }>;

function bindsLinks(rewrite: Rewrite): rewrite is Binding {
  if (rewrite.kind === 'backfill') return rewrite.copies === true && rewrite.field.node.reference !== undefined;
  return rewrite.kind === 'relink' || rewrite.kind === 'retarget';
}

function leavingLinks(
  live: TableModel,
  changes: readonly Change[],
  rewrites: readonly Rewrite[],
): ReadonlyMap<PathKey, FieldModel> {
  const gone = [
    ...changes.flatMap(({ kind, definition }) => (kind === 'removeField' ? [pathOfChange(definition)] : [])),
    ...rewrites.map((each) => (each.kind === 'unset' ? each.path : undefined)),
  ];
  return new Map(
    gone.flatMap((path) => {
      const field = path === undefined ? undefined : live.fields.get(pathKey(path));
      return field?.reference === undefined ? [] : [[pathKey(field.path), field] as const];
    }),
  );
}

const ANY: SurrealType = Object.freeze({ kind: 'any' });

/** Elements that cannot be removed need what stands below them. */
const isWithinStuck = (path: FieldPath): boolean => path.some((_, at) => isStuck(path.slice(0, at + 1)));

/** A link keeps its references only while its field says so. */
const staysLink = (to: Change['definition'], live: FieldModel | undefined): boolean =>
  to.kind === 'DefineField' && to.reference !== undefined && live?.reference !== undefined;

function changedPath({ definition }: Change): readonly PathKey[] {
  const path = pathOfChange(definition);
  return path === undefined ? [] : [pathKey(path)];
}

function pathOfChange(definition: Change['definition']): FieldPath | undefined {
  if (definition.kind === 'DefineField') return definition.path;
  return definition.kind === 'Remove' && typeof definition.name !== 'string' ? definition.name : undefined;
}
