import pc from 'picocolors';
import { cut, harmless, padded, widthOf } from '../display-text.js';
import { fitColumns, renderColumns, renderTable } from '../table.js';
import { toJson } from '../to-json.js';

type Row = Readonly<Record<string, unknown>>;

/** What a statement answers: rows as a table that fits the terminal, a text of several lines as it is, anything else as JSON. */
export function showResult(result: unknown, width = process.stdout.columns || 0): string {
  // Such as EXPLAIN's tree.
  if (typeof result === 'string' && result.includes('\n'))
    return width === 0 ? result.trimEnd() : harmless(result.trimEnd());
  const rows = Array.isArray(result) ? (result as readonly unknown[]) : [result];
  if (rows.length === 0) return pc.dim('(none)');
  if (!rows.every(isRow)) return toJson(result, 2) ?? 'NONE';
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  const head = names.delete('id') ? ['id', ...names] : [...names];
  if (head.length === 0) return toJson(result, 2);
  const cells = rows.map((row) => head.map((key) => cell(row[key])));
  if (width === 0) return renderTable(head, cells);
  const widths = fitColumns([head, ...cells], width);
  return widths === undefined ? records(head, cells, width) : renderColumns(head, cells, widths);
}

/** Where the columns do not fit beside each other: a member a line, the records one below the other. */
function records(head: readonly string[], cells: readonly (readonly string[])[], width: number): string {
  const label = Math.min(Math.max(...head.map(widthOf)), Math.floor(width / 3));
  const blocks = cells.map((row, index) => {
    const lines = head.flatMap((name, column) => (row[column] === '' ? [] : [[name, row[column] ?? '']]));
    const title = pc.dim(
      `─ ${index + 1} ${'─'.repeat(Math.max(0, Math.min(width, 60) - 4 - String(index + 1).length))}`,
    );
    return [
      title,
      ...lines.map(
        ([name = '', text = '']) => `${pc.bold(padded(cut(name, label), label))}  ${cut(text, width - label - 2)}`,
      ),
    ].join('\n');
  });
  return blocks.join('\n');
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function cell(value: unknown): string {
  if (typeof value === 'string') return harmless(value);
  const json = toJson(value);
  if (json === undefined) return '';
  return json.startsWith('"') ? harmless(JSON.parse(json) as string) : json;
}
