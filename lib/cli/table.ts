import CliTable from 'cli-table3';
import pc from 'picocolors';

/** Columns of a terminal that is none, such as a pipe: long lines are better there than cut ones. */
const UNBOUNDED = 1_000;

export interface TableOptions {
  /** The index of the column that gives way when the terminal is narrow; default the last. */
  readonly flexible?: number;
  readonly width?: number;
}

/** A table that fits the terminal: one column is wrapped until it does. */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { flexible = head.length - 1, width = process.stdout.columns || UNBOUNDED }: TableOptions = {},
): string {
  const natural = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(widest)),
  );
  const frame = head.length * 3 + 1;
  const others = natural.reduce((sum, each, column) => (column === flexible ? sum : sum + each), 0);
  const room = Math.max(10, width - frame - others);
  const widths = natural.map((each, column) => (column === flexible ? Math.min(each, room) : each));
  return render(head, rows, widths, wrapped);
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

/** Over several lines, wherever the width ends; the colour of what does not fit is lost. */
function wrapped(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const plain = plainText(line);
    if (plain.length <= width) return [line];
    return Array.from({ length: Math.ceil(plain.length / width) }, (_, at) =>
      plain.slice(at * width, (at + 1) * width),
    );
  });
  return lines.join('\n');
}

/** As one line, its end left out where it does not fit. */
export function cut(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ');
  return plainText(line).length <= width ? line : `${plainText(line).slice(0, Math.max(1, width - 1))}…`;
}

/** The narrowest that a column may get before the columns no longer stand beside each other. */
const NARROWEST = 8;

/** Widths with which rows fit, the widest columns giving way first; undefined where they cannot. */
export function fitColumns(rows: readonly (readonly string[])[], width: number): readonly number[] | undefined {
  const count = rows[0]?.length ?? 0;
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => widest(row[column] ?? ''))),
  );
  const room = width - count * 3 - 1;
  const least = widths.reduce((sum, each) => sum + Math.min(each, NARROWEST), 0);
  if (least > room) return undefined;
  for (let over = widths.reduce((sum, each) => sum + each, 0) - room; over > 0; over -= 1) {
    const at = widths.indexOf(Math.max(...widths));
    widths[at] = (widths[at] as number) - 1;
  }
  return widths;
}

/** A table with given widths; what is longer is cut. */
export function renderColumns(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  return render(head, rows, widths, cut);
}

function widest(text: string): number {
  return Math.max(
    ...plainText(text)
      .split('\n')
      .map((line) => line.length),
  );
}

/** Without colours. */
function plainText(text: string): string {
  return text.replace(COLOUR, '');
}

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
