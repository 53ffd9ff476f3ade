import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { AnalyzerOptions, EventOptions } from '../metadata/options.js';
import {
  defineAnalyzer,
  defineEvent,
  type DatabaseObjectNode,
  type DefineAnalyzerNode,
  type DefineEventNode,
} from '../surrealql/nodes/definitions.js';
import { accessDefinition } from './access-definition.js';
import { fieldDefinitions } from './field-definitions.js';
import { indexColumns, indexDefinition } from './index-definitions.js';
import { inheritedTables } from './inherited-table.js';
import { indexHelp, type WhereTranslator } from './partial-index.js';
import { tableDefinition } from './table-definition.js';
import { refuseUnreadableColumns } from './unreadable-columns.js';
import { viewsLast } from './view-order.js';
import type { WantedSchema, WantedTable } from './wanted.js';

/**
 * The definitions that the entities ask for, in an order in which a server takes them. Entities with `sync: false` are left out;
 * `shared` are analyzers that belong to no entity.
 *
 * @throws MetadataError for what SurrealDB cannot express.
 */
export function fromMetadata(
  entities: readonly EntityMetadata[],
  translate?: WhereTranslator,
  objects: readonly DatabaseObjectNode[] = [],
  shared: readonly AnalyzerOptions[] = [],
): WantedSchema {
  const synced = entities.filter((each) => each.options.sync !== false);
  const analyzers = new Map(
    [...shared, ...synced.flatMap((each) => each.analyzers)].map(
      (options) => [options.name, analyzer(options)] as const,
    ),
  );
  const tables = inheritedTables(synced.map((each) => ({ entity: each, table: wantedTable(each, translate) })));
  refuseUnreadableColumns(tables);
  const tableOf = (target: unknown): string | undefined => entities.find((each) => each.target === target)?.table;
  return Object.freeze({
    objects,
    analyzers: Object.freeze([...analyzers.values()]),
    accesses: Object.freeze(synced.flatMap((each) => each.accesses.map((options) => accessDefinition(each, options)))),
    tables: Object.freeze(viewsLast(tables, tableOf)),
  });
}

function wantedTable(entity: EntityMetadata, translate: WhereTranslator | undefined): WantedTable {
  const { renamedFrom } = entity.options;
  const indexes = entity.indexes.map((index) => {
    const help = indexHelp(entity, index, indexColumns(entity, index), translate);
    return { node: indexDefinition(entity.table, index, help.columns), fields: help.fields };
  });
  return Object.freeze({
    name: entity.table,
    table: tableDefinition(entity),
    fields: Object.freeze([...fieldDefinitions(entity), ...indexes.flatMap((each) => each.fields)]),
    indexes: Object.freeze(indexes.map((each) => each.node)),
    events: Object.freeze(entity.events.map((options) => event(entity.table, options))),
    ...(renamedFrom !== undefined && { renamedFrom, keepsOld: true }),
  });
}

function event(table: string, options: EventOptions): DefineEventNode {
  const { name, when, then, async, retry, comment } = options;
  const steps = Array.isArray(then)
    ? (then as Extract<typeof then, readonly unknown[]>)
    : [then as Exclude<typeof then, readonly unknown[]>];
  return defineEvent({
    name,
    table,
    then: Object.freeze([...steps]),
    ...(when !== undefined && { when }),
    ...(async === true && { async: retry === undefined ? {} : { retry } }),
    ...(comment !== undefined && { comment }),
  });
}

function analyzer({ name, tokenizers = [], filters = [], function: fn, comment }: AnalyzerOptions): DefineAnalyzerNode {
  return defineAnalyzer({
    name,
    tokenizers,
    filters,
    ...(fn !== undefined && { function: fn }),
    ...(comment !== undefined && { comment }),
  });
}
