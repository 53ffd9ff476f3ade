import { defineField } from '../surrealql/nodes/definitions.js';
import type { SurrealType } from '../types/surreal-type.js';
import { printType } from '../types/print-type.js';
import { sameType } from '../types/parse-type.js';
import type { SchemaReading } from './canonicalise.js';
import { readType } from './covers.js';
import { pathKey, type PathKey } from './field-path.js';
import type { FieldModel, SchemaModel, TableModel } from './model.js';
import { admitsTable, admittingOld, namesTable } from './moved-links.js';
import { Renames } from './renames.js';
import type { MovedLinks, WantedField, WantedSchema, WantedTable } from './wanted.js';

/** A table whose old name is there. */
export interface TableMove {
  readonly from: TableModel;
  readonly to: WantedTable;
  /** The new table is not there yet. One that is has been copied. */
  readonly copies: boolean;
}

/** What is wanted, seen beside the old tables that are there. */
export interface MovedSchema {
  readonly wanted: WantedSchema;
  readonly reading: SchemaReading;
  readonly moves: readonly TableMove[];
}

/**
 * Links to a renamed table, with what they may point to. While the old table stays, a link that took its records takes them on:
 * a release that knows the old name alone goes on writing them.
 */
export function withMoves(wanted: WantedSchema, reading: SchemaReading): MovedSchema {
  const moves = movesOf(wanted, reading.live);
  if (moves.length === 0) return { wanted, reading, moves };
  const tables = wanted.tables.map((table) => withMovedLinks(table, reading.live, moves));
  const canonical = new Map(
    [...reading.wanted.tables].map(([name, model]) => {
      const table = tables.find((each) => each.name === name);
      const live = reading.live.tables.get(name);
      return [name, table === undefined ? model : widened(model, table, live)] as const;
    }),
  );
  return Object.freeze({
    wanted: Object.freeze({ ...wanted, tables }),
    reading: Object.freeze({ ...reading, wanted: Object.freeze({ ...reading.wanted, tables: canonical }) }),
    moves,
  });
}

function movesOf({ tables }: WantedSchema, live: SchemaModel): readonly TableMove[] {
  return tables.flatMap((to) => {
    const from = to.renamedFrom === undefined ? undefined : live.tables.get(to.renamedFrom);
    return from === undefined ? [] : [Object.freeze({ from, to, copies: !live.tables.has(to.name) })];
  });
}

function withMovedLinks(table: WantedTable, live: SchemaModel, moves: readonly TableMove[]): WantedTable {
  const own = live.tables.get(table.name);
  const held = own ?? moves.find(({ to }) => to.name === table.name)?.from;
  if (held === undefined) return table;
  const renames = new Renames(table, held);
  const fields = table.fields.map((field): WantedField => {
    const { node } = field;
    const { type, path } = node;
    const current = held.fields.get(pathKey(renames.sourceOf(path)));
    if (type === undefined || current === undefined) return field;
    const moved = movedLinks(type, current, moves, own?.fields.has(pathKey(path)) === true);
    return moved === undefined
      ? field
      : { ...field, moved, node: defineField({ ...node, type: admittingOld(type, moved.kept) }) };
  });
  return Object.freeze({ ...table, fields: Object.freeze(fields) });
}

/**
 * Links follow when the records are copied, and when the old table goes; in between an old record may have no counterpart. A
 * column that only this release has is written by no older one.
 */
function movedLinks(
  type: SurrealType,
  current: FieldModel,
  moves: readonly TableMove[],
  isThere: boolean,
): MovedLinks | undefined {
  const held = current.computed === undefined ? readType(current.kind) : undefined;
  if (held === undefined) return undefined;
  const concerned = moves.filter(({ from, to }) => namesTable(type, to.name) && admitsTable(held, from.name));
  if (concerned.length === 0) return undefined;
  const namesOf = (chosen: readonly TableMove[]) => new Map(chosen.map(({ from, to }) => [from.name, to.name]));
  const stays = ({ to }: TableMove): boolean => to.keepsOld === true;
  return Object.freeze({
    names: namesOf(concerned.filter((move) => move.copies || !stays(move))),
    kept: namesOf(concerned.filter((move) => stays(move) && (isThere || !move.copies))),
    admitting: admittingOld(type, namesOf(concerned)),
  });
}

/** The server's words for the types that admit old names; where it has said them already, its own. */
function widened(model: TableModel, table: WantedTable, live: TableModel | undefined): TableModel {
  const kinds = new Map<PathKey, string>();
  for (const { node, moved } of table.fields) {
    const key = pathKey(node.path);
    const narrow = readType(model.fields.get(key)?.kind);
    if (moved === undefined || moved.kept.size === 0 || narrow === undefined) continue;
    const wide = admittingOld(narrow, moved.kept);
    const current = live?.fields.get(key)?.kind;
    const said = readType(current);
    kinds.set(key, current !== undefined && said !== undefined && sameType(said, wide) ? current : printType(wide));
  }
  const fields = [...model.fields].map(([key, field]) => {
    const kind = kinds.get(key);
    return [key, kind === undefined ? field : Object.freeze({ ...field, kind })] as const;
  });
  return Object.freeze({ ...model, fields: new Map(fields) });
}
