import { HEAD, headText, layOut, PADDING, ROW, type Box, type Route, type Spot } from './diagram-layout.js';
import type { Diagram } from './diagram.js';

const LEGEND = 'solid: a link, * to several · dashed: an end of an edge · ?: may be missing';
const STYLE =
  '.line path{fill:none;stroke:#64748b;stroke-width:1.3}.line.edge path{stroke:#7c3aed;stroke-dasharray:5 3}' +
  '.line:hover path{stroke:#dc2626;stroke-width:2.5}.line text{fill:#475569;font-weight:bold}';

/** The diagram as an SVG that needs nothing else. Arrows lead the way a link or an edge does. */
export function svgText(diagram: Diagram): string {
  const { boxes, routes, width, height } = layOut(diagram);
  const [w, h] = [Math.max(width, LEGEND.length * 7 + 2 * PADDING), height + ROW];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="12">
<style>${STYLE}</style>
<defs>${marker('link', '#64748b')}${marker('edge', '#7c3aed')}</defs>
<rect width="100%" height="100%" fill="#ffffff"/>
${[...routes.map(lineText), ...boxes.map(boxText)].join('\n')}
<text class="legend" x="${PADDING}" y="${h - PADDING / 2}" fill="#64748b" font-size="11">${escaped(LEGEND)}</text>
</svg>
`;
}

function marker(id: string, colour: string): string {
  return `<marker id="${id}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto"><path d="M 0 0 L 10 5 L 0 10 z" fill="${colour}"/></marker>`;
}

function boxText({ table, texts, x, y, width, height }: Box): string {
  const colour = table.kind === 'relation' ? '#7c3aed' : table.kind === 'view' ? '#0f766e' : '#1d4ed8';
  const rows = table.columns.map(({ name, type }, index) => {
    const text = escaped(texts[index] as string);
    return `<text x="${x + PADDING}" y="${y + HEAD + (index + 1) * ROW - 6}" fill="#0f172a">${text}<title>${escaped(`${name}: ${type}`)}</title></text>`;
  });
  return `<g class="table" data-table="${escaped(table.name)}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#f8fafc" stroke="${colour}"/><rect x="${x}" y="${y}" width="${width}" height="${HEAD}" rx="6" fill="${colour}"/><text x="${x + PADDING}" y="${y + HEAD - 9}" fill="#ffffff" font-weight="bold">${escaped(headText(table))}</text>
${rows.join('\n')}</g>`;
}

function lineText({ line, corners }: Route): string {
  const kind = line.edge ? 'edge' : 'link';
  const title = `${line.from} → ${line.to}: ${line.label}`;
  const [start, next] = corners as readonly [Spot, Spot];
  const many = line.many ? `<text x="${start.x + (next.x > start.x ? 4 : -10)}" y="${start.y - 2}">*</text>` : '';
  return `<g class="line ${kind}" data-from="${escaped(line.from)}" data-to="${escaped(line.to)}" data-label="${escaped(line.label)}"><title>${escaped(title)}</title><path d="${rounded(corners)}" marker-end="url(#${kind})"/>${many}</g>`;
}

const RADIUS = 5;

/** A path around its corners. */
function rounded(corners: readonly Spot[]): string {
  const [first, ...rest] = corners as readonly [Spot, ...Spot[]];
  const last = rest.at(-1) as Spot;
  const turns = rest.slice(0, -1).map((corner, at) => {
    const before = at === 0 ? first : (rest[at - 1] as Spot);
    const after = rest[at + 1] as Spot;
    const [a, b] = [towards(corner, before), towards(corner, after)];
    return `L ${a.x} ${a.y} Q ${corner.x} ${corner.y} ${b.x} ${b.y}`;
  });
  return [`M ${first.x} ${first.y}`, ...turns, `L ${last.x} ${last.y}`].join(' ');
}

/** A little way from one spot to another, at most half of it. */
function towards(from: Spot, to: Spot): Spot {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(RADIUS, length / 2) / length;
  return { x: round(from.x + (to.x - from.x) * share), y: round(from.y + (to.y - from.y) * share) };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
