import type { Diagram, DiagramLine, DiagramTable } from './diagram.js';

/** Heights of a row of a table and of its head, and the room around them. */
export const ROW = 20;
export const HEAD = 26;
export const PADDING = 12;
/** The width of a letter of the font, in its worst case. */
const LETTER = 7.4;
/** Between two lines beside each other, and between lines and boxes. */
const LANE = 9;
const CLEAR = 22;
/** Every other column stands lower, so that no line runs from row to row of two tables that face each other. */
const SHIFT = 7;

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Spot {
  readonly table: DiagramTable;
  readonly texts: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** A line as the corners that it turns at. */
export interface Route {
  readonly line: DiagramLine;
  readonly corners: readonly Spot[];
}

export interface Layout {
  readonly boxes: readonly Box[];
  readonly routes: readonly Route[];
  readonly width: number;
  readonly height: number;
}

/** Where a table stands: in which row and column of the grid. */
interface Cell {
  readonly table: DiagramTable;
  readonly row: number;
  readonly column: number;
}

/** A way from box to box through the streets between them: out, along, and in. */
interface Way {
  readonly line: DiagramLine;
  readonly from: Cell;
  readonly to: Cell;
  readonly out: Side;
  readonly in: Side;
  /** The street between rows that it takes, where it has to change between columns. */
  readonly along: number | undefined;
}
type Side = 'left' | 'right';

/**
 * Tables on a grid, those that are linked near each other, and lines in the streets between them: none crosses a table, and
 * no two share a lane. A line begins or ends at the row of its field.
 */
export function layOut({ tables, lines }: Diagram): Layout {
  const cells = cellsOf(tables, lines);
  const byName = new Map(cells.map((cell) => [cell.table.name, cell]));
  const ways = lines.flatMap((line): readonly Way[] => {
    const [from, to] = [byName.get(line.from), byName.get(line.to)];
    return from === undefined || to === undefined ? [] : [wayOf(line, from, to)];
  });
  const streets = new Streets(ways);
  const { boxes, columns, rows, width, height } = place(cells, streets);
  const doors = doorsOf(ways);
  const routes = ways.map((way) => {
    const spotOf = (cell: Cell, side: Side, isStart: boolean): Spot => {
      const box = boxes.get(cell) as Box;
      const y = box.y + doorOf(way, cell, isStart, doors);
      return { x: side === 'left' ? box.x : box.x + box.width, y };
    };
    const start = spotOf(way.from, way.out, true);
    const end = spotOf(way.to, way.in, false);
    const first = columns[streetOf(way.from, way.out)] as number;
    const turn = { x: first + streets.lane(way, 'out'), y: start.y };
    if (way.along === undefined) return { line: way.line, corners: [start, turn, { x: turn.x, y: end.y }, end] };
    const y = (rows[way.along] as number) + streets.lane(way, 'along');
    const x = (columns[streetOf(way.to, way.in)] as number) + streets.lane(way, 'in');
    return { line: way.line, corners: [start, turn, { x: turn.x, y }, { x, y }, { x, y: end.y }, end] };
  });
  return { boxes: [...boxes.values()], routes, width, height };
}

/** The table with the most lines first, then those that it is linked with, and so on; rows about as long as there are. */
function cellsOf(tables: readonly DiagramTable[], lines: readonly DiagramLine[]): readonly Cell[] {
  const degree = (name: string): number => lines.filter(({ from, to }) => from === name || to === name).length;
  const rest = [...tables].sort((a, b) => degree(b.name) - degree(a.name));
  const ordered: DiagramTable[] = [];
  const near = (table: DiagramTable): number =>
    ordered.reduce((sum, { name }, at) => {
      const linked = lines.some(
        ({ from, to }) => (from === name && to === table.name) || (to === name && from === table.name),
      );
      return linked ? sum + 1 + at / tables.length : sum;
    }, 0);
  while (rest.length > 0) {
    const best = rest.reduce((a, b) => (near(b) > near(a) ? b : a));
    rest.splice(rest.indexOf(best), 1);
    ordered.push(best);
  }
  const perRow = Math.ceil(Math.sqrt(tables.length));
  return ordered.map((table, at) => {
    const row = Math.floor(at / perRow);
    // There and back, so that neighbours in the order are neighbours on the page.
    const column = row % 2 === 0 ? at % perRow : perRow - 1 - (at % perRow);
    return { table, row, column };
  });
}

function wayOf(line: DiagramLine, from: Cell, to: Cell): Way {
  const isBeside = to.column > from.column ? 'right' : to.column < from.column ? 'left' : undefined;
  const out = isBeside ?? 'right';
  const into = isBeside === undefined ? 'right' : isBeside === 'right' ? 'left' : 'right';
  const direct = streetOf(from, out) === streetOf(to, into);
  const along = direct ? undefined : from.row === to.row ? from.row + 1 : Math.max(from.row, to.row);
  return { line, from, to, out, in: into, along };
}

/** The street beside a column, counted from the left. */
const streetOf = ({ column }: Cell, side: Side): number => (side === 'left' ? column : column + 1);

/** Lanes of the streets, one for each line that drives there. */
class Streets {
  readonly #upright = new Map<number, (readonly [Way, 'out' | 'in'])[]>();
  readonly #level = new Map<number, Way[]>();

  constructor(ways: readonly Way[]) {
    for (const way of ways) {
      this.#drive(streetOf(way.from, way.out), way, 'out');
      if (way.along === undefined) continue;
      this.#drive(streetOf(way.to, way.in), way, 'in');
      this.#level.set(way.along, [...(this.#level.get(way.along) ?? []), way]);
    }
  }

  #drive(street: number, way: Way, part: 'out' | 'in'): void {
    this.#upright.set(street, [...(this.#upright.get(street) ?? []), [way, part]]);
  }

  widthOf(column: number): number {
    return 2 * CLEAR + LANE * Math.max(0, (this.#upright.get(column)?.length ?? 0) - 1);
  }

  heightOf(row: number): number {
    return 2 * CLEAR + LANE * Math.max(0, (this.#level.get(row)?.length ?? 0) - 1);
  }

  /** From where its street begins. */
  lane(way: Way, part: 'out' | 'along' | 'in'): number {
    if (part === 'along') return CLEAR + LANE * (this.#level.get(way.along as number) ?? []).indexOf(way);
    const street = part === 'out' ? streetOf(way.from, way.out) : streetOf(way.to, way.in);
    return CLEAR + LANE * (this.#upright.get(street) ?? []).findIndex(([each, of]) => each === way && of === part);
  }
}

/** Every box in its cell; where the streets begin. */
function place(cells: readonly Cell[], streets: Streets) {
  const columnCount = Math.max(0, ...cells.map(({ column }) => column + 1));
  const rowCount = Math.max(0, ...cells.map(({ row }) => row + 1));
  const sized = cells.map((cell) => ({ cell, ...sizeOf(cell.table) }));
  const columns: number[] = [0];
  const rows: number[] = [0];
  for (let column = 0; column < columnCount; column += 1) {
    const widest = Math.max(0, ...sized.filter(({ cell }) => cell.column === column).map(({ width }) => width));
    columns.push((columns[column] as number) + streets.widthOf(column) + widest);
  }
  for (let row = 0; row < rowCount; row += 1) {
    const highest = Math.max(0, ...sized.filter(({ cell }) => cell.row === row).map(({ height }) => height));
    rows.push((rows[row] as number) + streets.heightOf(row) + highest + SHIFT);
  }
  const boxes = new Map(
    sized.map(({ cell, ...size }): [Cell, Box] => {
      const x = (columns[cell.column] as number) + streets.widthOf(cell.column);
      const y = (rows[cell.row] as number) + streets.heightOf(cell.row) + (cell.column % 2) * SHIFT;
      const right = (columns[cell.column + 1] as number) - x;
      return [cell, { ...size, table: cell.table, x, y, width: right }];
    }),
  );
  const width = (columns[columnCount] as number) + streets.widthOf(columnCount);
  const height = (rows[rowCount] as number) + streets.heightOf(rowCount);
  return { boxes, columns, rows, width, height };
}

const LONGEST = 44;

function sizeOf(table: DiagramTable): Pick<Box, 'texts' | 'width' | 'height'> {
  const texts = table.columns.map(({ name, type, optional }) => cut(`${name}${optional ? '?' : ''}: ${type}`));
  const widest = Math.max(...[headText(table), ...texts].map((text) => text.length));
  return {
    texts,
    width: Math.ceil(widest * LETTER) + 2 * PADDING,
    height: HEAD + table.columns.length * ROW + PADDING / 2,
  };
}

const cut = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`);

export function headText({ name, kind }: Pick<DiagramTable, 'name' | 'kind'>): string {
  return kind === 'relation' ? `${name} (edge)` : kind === 'view' ? `${name} (view)` : name;
}

/** Ends that are heads of tables, by table and side: they stand below each other. */
function doorsOf(ways: readonly Way[]): ReadonlyMap<string, readonly string[]> {
  const doors = new Map<string, string[]>();
  for (const way of ways) {
    for (const isStart of [true, false]) {
      const cell = isStart ? way.from : way.to;
      if (rowOf(way, cell, isStart) !== undefined) continue;
      const key = `${cell.table.name}\n${isStart ? way.out : way.in}`;
      doors.set(key, [...(doors.get(key) ?? []), keyOf(way, isStart)]);
    }
  }
  return doors;
}

const keyOf = ({ line }: Way, isStart: boolean): string => `${line.from}\n${line.label}\n${line.to}\n${isStart}`;

/** The row of the field that a line is of, if that is at this end of it: `in` ends at its field, all others begin there. */
function rowOf({ line }: Way, { table }: Cell, isStart: boolean): number | undefined {
  const isField = line.edge && line.label === 'in' ? !isStart : isStart;
  const at = isField ? table.columns.findIndex(({ name }) => name === line.label) : -1;
  return at < 0 ? undefined : at;
}

/** How far below the top of a box a line begins or ends. */
function doorOf(way: Way, cell: Cell, isStart: boolean, doors: ReadonlyMap<string, readonly string[]>): number {
  const row = rowOf(way, cell, isStart);
  if (row !== undefined) return HEAD + row * ROW + ROW / 2;
  const all = doors.get(`${cell.table.name}\n${isStart ? way.out : way.in}`) ?? [];
  const step = Math.min(6, (HEAD - 8) / Math.max(1, all.length));
  return HEAD / 2 + (all.indexOf(keyOf(way, isStart)) - (all.length - 1) / 2) * step;
}
