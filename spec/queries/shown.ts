import fc from 'fast-check';
import { isConditions } from '../finds/operators.js';

interface Node {
  readonly kind?: string;
  readonly strings?: readonly string[];
  readonly values?: readonly Node[];
  readonly value?: unknown;
  readonly name?: string;
  readonly args?: readonly Node[];
  readonly dotted?: string;
}

/** What was asked, in as few words as it takes to see it again. */
export function shown(given: unknown): string {
  if (Array.isArray(given)) return `[${given.map(shown).join(', ')}]`;
  if (!isConditions(given)) return fc.stringify(given);
  if (given['kind'] === 'Fragment') return `surql\`${expression(given)}\``;
  if (typeof given['kind'] === 'string' && 'className' in given) return String(given['className']);
  return `{${Object.entries(given)
    .map(([name, value]) => `${JSON.stringify(name)}: ${shown(value)}`)
    .join(', ')}}`;
}

function expression(node: Node): string {
  switch (node.kind) {
    case 'Fragment':
      return (node.strings ?? [])
        .map((text, at) => text + (node.values?.[at] === undefined ? '' : expression(node.values[at])))
        .join('');
    case 'Call':
      return `${node.name}(${(node.args ?? []).map(expression).join(', ')})`;
    case 'Property':
      return node.dotted ?? '';
    default:
      return fc.stringify(node.value);
  }
}
