import CliTable from 'cli-table3';
import pc from 'picocolors';
import { cut, widest, wrapped } from './display-text.js';

/** Columns of a terminal that is none, such as a pipe: long lines are better there than cut ones. */
const UNBOUNDED = 1_000;
/** The narrowest that a column may get before the columns no longer stand beside each other. */
const NARROWEST = 8;
/** The narrowest that the column of long texts gets before the others give way too. */
const READABLE = 24;

export interface TableOptions {
  /** The index of the column that gives way when the terminal is narrow; default the last. */
  readonly flexible?: number;
  readonly width?: number;
}

/** A table that fits the terminal: one column is wrapped between words until it does, and where that is not enough all are. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { flexible = head.length - 1, width = process.stdout.columns || UNBOUNDED }: TableOptions = {},
): string {
  const widths = naturalWidths([head, ...rows]);
  const room = width - frameOf(head.length);
  const natural = widths[flexible] as number;
  widths[flexible] = Math.min(natural, Math.max(READABLE, room - sum(widths) + natural));
  shrink(widths, room);
  return render(head, rows, widths, wrapped);
}

/** Widths with which rows fit, the widest columns giving way first; undefined where they cannot. */
export function fitColumns(rows: readonly (readonly string[])[], width: number): readonly number[] | undefined {
  const widths = naturalWidths(rows);
  return shrink(widths, width - frameOf(widths.length)) ? widths : undefined;
}

/** A table with given widths; what is longer is cut. */
export function renderColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  return render(head, rows, widths, cut);
}

function render(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
  fitted: (text: string, width: number) => string,
): string {
  const table = new CliTable({
    head: head.map((title, column) => pc.bold(cut(title, widths[column] as number))),
    colWidths: widths.map((each) => each + 2),
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: pc.isColorSupported ? ['gray'] : [] },
  });
  table.push(...rows.map((row) => row.map((text, column) => fitted(text, widths[column] as number))));
  return table.toString();
}

/** What stands between the columns and beside them. */
const frameOf = (columns: number): number => columns * 3 + 1;

const sum = (widths: readonly number[]): number => widths.reduce((all, each) => all + each, 0);

function naturalWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = rows[0]?.length ?? 0;
  return Array.from({ length: columns }, (_, column) => Math.max(...rows.map((row) => widest(row[column] ?? ''))));
}

/** Takes from the widest until all fit; false where the columns would get too narrow to read. */
function shrink(widths: number[], room: number): boolean {
  for (let over = sum(widths) - room; over > 0; over -= 1) {
    const most = Math.max(...widths);
    if (most <= NARROWEST) return false;
    widths[widths.indexOf(most)] = most - 1;
  }
  return true;
}
