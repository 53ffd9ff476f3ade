import { defineField, type DefineFieldNode, type PermissionsClause } from '../surrealql/nodes/definitions.js';
import { binary, block, iff, value, type Expression } from '../surrealql/nodes/expressions.js';
import { evaluate } from '../surrealql/nodes/statements.js';
import { textFragment } from '../surrealql/surql.js';
import { NONE } from '../values/index.js';
import { admitsNone } from '../types/admits.js';
import { optionOf, parseType } from '../types/parse-type.js';
import type { Change, Rewrite } from './change.js';
import { kindIs } from './conforms.js';
import { fieldNode, isBelow, pathKey, type FieldPath } from './field-path.js';
import type { FieldModel, TableModel } from './model.js';
import { movedValue } from './moved-links.js';
import { renamedElements } from './renamed-elements.js';
import { atPath } from './violation.js';
import type { WantedField, WantedSchema, WantedTable } from './wanted.js';

/**
 * Columns that are renamed. A release that reads the new name may run beside one that still reads the old one: the values are
 * copied, and the old column stays, without asking for anything, until the schema is contracted.
 */
export class Renames {
  readonly #table: WantedTable;
  readonly #live: TableModel;
  readonly #renamed: readonly (WantedField & { readonly renamedFrom: FieldPath })[];

  constructor(table: WantedTable, live: TableModel) {
    this.#table = table;
    this.#live = live;
    this.#renamed = table.fields.filter(
      (field): field is WantedField & { readonly renamedFrom: FieldPath } =>
        field.renamedFrom !== undefined && live.fields.has(pathKey(field.renamedFrom)),
    );
  }

  /** Where the values of a path stand now: under the old name while the new one is not there. */
  sourceOf(path: FieldPath): FieldPath {
    const renamed = this.#renamed.find(
      ({ node }) => !this.#isThere(node.path) && (isSame(path, node.path) || isBelow(path, node.path)),
    );
    return renamed === undefined ? path : [...renamed.renamedFrom, ...path.slice(renamed.node.path.length)];
  }

  /** Copies what stands under the old name to records that have nothing under the new one. */
  copyOf(field: WantedField): Rewrite | undefined {
    const old = this.#renamed.find((each) => each === field)?.renamedFrom;
    if (old === undefined) return undefined;
    const moved = (held: Expression): Expression => movedLinks(held, field);
    if (old.some((part) => typeof part === 'symbol')) {
      const elements = renamedElements(field.node.path, old.at(-1) as string, { moved });
      return { kind: 'backfill', field, copies: true, ...elements };
    }
    const held = moved(fieldNode(old));
    const missing = atPath(field.node.path, (subject) => kindIs(subject, ['none'])) as Expression;
    const copied =
      field.backfill === undefined
        ? held
        : iff(binary(held, '=', value(NONE)), block([evaluate(field.backfill)]), block([evaluate(held)]));
    return { kind: 'backfill', field, records: missing, value: copied, copies: true };
  }

  /** Whether a column that the entities do not know stays for now. */
  keeps(path: FieldPath): boolean {
    return this.#old().some((old) => isSame(path, old) || isBelow(path, old));
  }

  /** Old columns that ask for what a new release does not write any more. */
  loosened(): readonly Change[] {
    return this.#old().flatMap((path): readonly Change[] => {
      const field = this.#live.fields.get(pathKey(path)) as FieldModel;
      const type = parseType(field.kind ?? 'any');
      const holds = field.reference !== undefined && actionOf(field) !== 'UNSET';
      const asks =
        holds || field.assert !== undefined || field.value !== undefined || field.readonly || !admitsNone(type);
      if (!asks || field.computed !== undefined) return [];
      return [
        { kind: 'alterField', table: this.#table.name, definition: loose(this.#table.name, field), risk: 'additive' },
      ];
    });
  }

  #old(): readonly FieldPath[] {
    return this.#renamed.filter((each) => each.keepsOld === true).map((each) => each.renamedFrom);
  }

  #isThere(path: FieldPath): boolean {
    return this.#live.fields.has(pathKey(path));
  }
}

/** The schema without the columns and tables that stay for another release. */
export function contracted(wanted: WantedSchema): WantedSchema {
  const tables = wanted.tables.map((table) => ({
    ...table,
    ...(table.keepsOld === true && { keepsOld: false }),
    fields: table.fields.map((field) => (field.keepsOld === true ? { ...field, keepsOld: false } : field)),
  }));
  return Object.freeze({ ...wanted, tables });
}

function movedLinks(held: Expression, { node, moved }: WantedField): Expression {
  return moved === undefined || node.type === undefined ? held : movedValue(held, node.type, moved.names);
}

const isSame = (a: FieldPath, b: FieldPath): boolean => pathKey(a) === pathKey(b);

const actionOf = ({ reference }: FieldModel): unknown => (reference as { readonly on_delete?: unknown }).on_delete;

/** Takes what it held, or nothing; a link in it does not decide any more what becomes of its target. */
function loose(table: string, field: FieldModel): DefineFieldNode {
  const { path, flexible, reference, comment } = field;
  const type = parseType(field.kind ?? 'any');
  return defineField({
    exists: 'overwrite',
    table,
    path,
    type: type.kind === 'any' || admitsNone(type) ? type : optionOf(type),
    permissions: permissionsOf(field.permissions),
    ...(flexible && { flexible }),
    ...(reference !== undefined && { reference: { onDelete: 'UNSET' as const } }),
    ...(comment !== undefined && { comment }),
  });
}

/** As INFO says them: true, false or the condition. */
function permissionsOf(given: unknown): PermissionsClause {
  const entries = Object.entries((given ?? {}) as Readonly<Record<string, unknown>>).filter(
    ([key]) => key !== 'delete',
  );
  if (entries.every(([, each]) => each === true)) return 'full';
  return Object.fromEntries(
    entries.map(([key, each]) => [
      key,
      typeof each === 'string' ? textFragment(each) : each === true ? 'full' : 'none',
    ]),
  );
}
