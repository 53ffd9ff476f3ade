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
  const widths = natural.map((each, column) => (column === flexible ? Math.min(each, room) : each) + 2);
  const table = new CliTable({
    head: head.map((title) => pc.bold(title)),
    colWidths: widths,
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: pc.isColorSupported ? ['gray'] : [] },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
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
