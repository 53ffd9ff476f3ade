import type { Diagram, DiagramLine, DiagramTable } from './diagram.js';

const ROW = 20;
const PADDING = 12;
const GAP = 90;
/** The width of a letter of the font, in its worst case. */
const LETTER = 7.8;

interface Box {
  readonly table: DiagramTable;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

/** The diagram as an SVG that needs nothing else. Arrows lead the way a link or an edge does. */
export function svgText({ tables, lines }: Diagram): string {
  const boxes = layOut(tables);
  const byName = new Map(boxes.map((box) => [box.table.name, box]));
  const width = Math.max(GAP, ...boxes.map((box) => box.x + box.width + GAP / 2));
  const height = Math.max(GAP, ...boxes.map((box) => box.y + box.height + GAP / 2));
  const drawn = lines.flatMap((line) => {
    const [from, to] = [byName.get(line.from), byName.get(line.to)];
    return from === undefined || to === undefined ? [] : [lineText(line, from, to, lines)];
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">
<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M 0 0 L 10 5 L 0 10 z" fill="#64748b"/></marker></defs>
<rect width="100%" height="100%" fill="#ffffff"/>
${[...drawn, ...boxes.map(boxText)].join('\n')}
</svg>
`;
}

/** Rows of boxes, about as wide as they are high together. */
function layOut(tables: readonly DiagramTable[]): readonly Box[] {
  const perRow = Math.ceil(Math.sqrt(tables.length));
  const boxes: Box[] = [];
  let y = GAP / 2;
  for (let start = 0; start < tables.length; start += perRow) {
    let x = GAP / 2;
    const row = tables.slice(start, start + perRow).map((table) => {
      const box = { table, x, y, width: widthOf(table), height: (table.columns.length + 1) * ROW + PADDING };
      x += box.width + GAP;
      return box;
    });
    boxes.push(...row);
    y += Math.max(...row.map((box) => box.height)) + GAP;
  }
  return boxes;
}

function widthOf({ name, kind, columns }: DiagramTable): number {
  const texts = [headText({ name, kind }), ...columns.map(columnText)];
  return Math.ceil(Math.max(...texts.map((text) => text.length)) * LETTER) + 2 * PADDING;
}

function headText({ name, kind }: Pick<DiagramTable, 'name' | 'kind'>): string {
  return kind === 'relation' ? `${name} (edge)` : kind === 'view' ? `${name} (view)` : name;
}

function columnText({ name, type, optional }: DiagramTable['columns'][number]): string {
  return `${name}${optional ? '?' : ''}: ${type}`;
}

function boxText({ table, x, y, width, height }: Box): string {
  const colour = table.kind === 'relation' ? '#7c3aed' : table.kind === 'view' ? '#0f766e' : '#1d4ed8';
  const rows = table.columns.map(
    (column, index) =>
      `<text x="${x + PADDING}" y="${y + (index + 2) * ROW - 2}" fill="#0f172a">${escaped(columnText(column))}</text>`,
  );
  return `<g class="table" data-table="${escaped(table.name)}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#f8fafc" stroke="${colour}"/><rect x="${x}" y="${y}" width="${width}" height="${ROW + 4}" rx="6" fill="${colour}"/><text x="${x + PADDING}" y="${y + ROW - 4}" fill="#ffffff" font-weight="bold">${escaped(headText(table))}</text>
${rows.join('\n')}</g>`;
}

function lineText(line: DiagramLine, from: Box, to: Box, lines: readonly DiagramLine[]): string {
  const between = lines.filter((each) => sameEnds(each, line));
  const shift = (between.indexOf(line) - (between.length - 1) / 2) * 16;
  const path = from === to ? loop(from, shift) : straight(from, to, shift);
  const dash = line.edge ? ' stroke-dasharray="5 3"' : '';
  return `<g class="line" data-from="${escaped(line.from)}" data-to="${escaped(line.to)}"><path d="${path.d}" fill="none" stroke="#64748b"${dash} marker-end="url(#arrow)"/><text x="${path.at.x}" y="${path.at.y - 4}" fill="#475569" text-anchor="middle">${escaped(line.label)}${line.many ? ' *' : ''}</text></g>`;
}

function sameEnds(a: DiagramLine, b: DiagramLine): boolean {
  return (a.from === b.from && a.to === b.to) || (a.from === b.to && a.to === b.from);
}

function loop({ x, y, width }: Box, shift: number): { readonly d: string; readonly at: Spot } {
  const right = x + width;
  const top = y + ROW + shift + 16;
  const d = `M ${right} ${top} c 40 -10, 40 40, 2 30`;
  return { d, at: { x: right + 32, y: top } };
}

function straight(from: Box, to: Box, shift: number): { readonly d: string; readonly at: Spot } {
  const start = moved(border(from, centre(to)), shift);
  const end = moved(border(to, centre(from)), shift);
  const at = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
  return { d: `M ${start.x} ${start.y} L ${end.x} ${end.y}`, at };
}

function moved({ x, y }: Spot, shift: number): Spot {
  return { x: x + shift, y: y + shift / 2 };
}

function centre({ x, y, width, height }: Box): Spot {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Where the way from the middle of a box to a spot leaves the box. */
function border(box: Box, to: Spot): Spot {
  const from = centre(box);
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const scale = Math.min(
    dx === 0 ? Infinity : box.width / 2 / Math.abs(dx),
    dy === 0 ? Infinity : box.height / 2 / Math.abs(dy),
  );
  return { x: Math.round(from.x + dx * scale), y: Math.round(from.y + dy * scale) };
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
