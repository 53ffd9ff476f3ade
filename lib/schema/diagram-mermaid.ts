import type { Diagram, DiagramLine } from './diagram.js';

/** The diagram as an `erDiagram` of Mermaid: https://mermaid.js.org/syntax/entityRelationshipDiagram.html */
export function mermaidText({ tables, lines }: Diagram): string {
  const boxes = tables.flatMap(({ name, columns }) => [
    `  ${named(name)} {`,
    ...columns.map(
      (column) => `    ${typeWord(column.type)} ${word(column.name)}${column.optional ? ' "optional"' : ''}`,
    ),
    '  }',
  ]);
  const relations = lines.map(
    (line) => `  ${named(line.from)} ${arrow(line)} ${named(line.to)} : ${named(line.label)}`,
  );
  return `${['erDiagram', ...boxes, ...relations].join('\n')}\n`;
}

/** A link leads from many records to one (or several); an edge record has one record at each end. */
function arrow({ many, optional, edge, label }: DiagramLine): string {
  if (edge) return label === 'in' ? '||--o{' : '}o--||';
  return `}o--${many ? 'o{' : optional ? 'o|' : '||'}`;
}

function named(text: string): string {
  return /^[A-Za-z_]\w*$/.test(text) ? text : `"${text.replaceAll('"', "'")}"`;
}

/** Mermaid takes letters, digits, `-`, `_`, brackets and parentheses there. */
function typeWord(type: string): string {
  const text = type
    .replace(/\s*\|\s*/g, '_or_')
    .replace(/</g, '(')
    .replace(/>/g, ')')
    .replace(/,\s*/g, '-');
  return word(text);
}

function word(text: string): string {
  const safe = text.replace(/[^\w()[\]-]/gu, '_');
  return /^[A-Za-z_]/.test(safe) ? safe : `_${safe}`;
}
