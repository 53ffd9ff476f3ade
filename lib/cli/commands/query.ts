import type { Command } from 'commander';
import { ormCommand } from '../command.js';
import { renderTable } from '../table.js';
import { toJson } from '../to-json.js';

type Row = Readonly<Record<string, unknown>>;

/** `reverie query`: SurrealQL from the command line, its answers as tables. */
export function queryCommand(): Command {
  return ormCommand(
    'query',
    'run SurrealQL and show what each statement answers',
    async ({ orm, output }, text = '') => {
      const results = await (await orm({ entities: false })).driver.query(text);
      output.result(results, () => results.map(shown).join('\n'));
    },
    (command) => command.argument('<surrealql>', 'one or more statements'),
  );
}

/** Rows as a table, anything else as JSON. */
function shown(result: unknown): string {
  const rows = Array.isArray(result) ? result : [result];
  if (rows.length === 0) return '(none)';
  if (!rows.every(isRow)) return toJson(result, 2) ?? 'NONE';
  const head = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return renderTable(
    head,
    rows.map((row) => head.map((key) => cell(row[key]))),
  );
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function cell(value: unknown): string {
  if (typeof value === 'string') return value;
  const json = toJson(value);
  if (json === undefined) return '';
  return json.startsWith('"') ? (JSON.parse(json) as string) : json;
}
