import { EACH, path as pathNode, type PathNode, type PathPart } from '../surrealql/nodes/expressions.js';

/** A field below a table: `['items', EACH, 'sku']`. */
export type FieldPath = readonly (string | symbol)[];

/** A path as one text that is safe to compare: no two paths share it, whatever their names hold. */
export type PathKey = string & { readonly __pathKey: never };

export function pathKey(path: FieldPath): PathKey {
  return path.map((part) => (typeof part === 'symbol' ? '*' : JSON.stringify(part))).join('.') as PathKey;
}

/** A path for messages: `items.*.sku`. */
export function pathText(path: FieldPath): string {
  return path.map((part) => (typeof part === 'symbol' ? '*' : part)).join('.');
}

/** A path as an expression over the row. */
export function fieldNode(path: FieldPath): PathNode {
  return pathNode(...(path as readonly PathPart[]));
}

/** Whether `path` lies below `parent`. */
export function isBelow(path: FieldPath, parent: FieldPath): boolean {
  return path.length > parent.length && pathKey(path.slice(0, parent.length)) === pathKey(parent);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', 0: '\0' };

/** Reads a path as the server prints it in INFO: names bare or in backticks, `.*` or `[*]` for each element. */
export function parsePath(text: string): FieldPath {
  const parts: (string | symbol)[] = [];
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('[*]', at)) {
      parts.push(EACH);
      at += 3;
    } else if (text[at] === '.') {
      at += 1;
    } else if (text[at] === '`') {
      const quoted = readQuoted(text, at + 1);
      parts.push(quoted.name);
      at = quoted.end;
    } else {
      const name = /^[^.[`]+/.exec(text.slice(at))?.[0] ?? text.slice(at);
      parts.push(name === '*' ? EACH : name);
      at += name.length;
    }
  }
  return Object.freeze(parts);
}

function readQuoted(text: string, start: number): { readonly name: string; readonly end: number } {
  let name = '';
  let at = start;
  while (at < text.length && text[at] !== '`') {
    if (text[at] !== '\\') {
      name += text[at];
      at += 1;
      continue;
    }
    const code = /^\\u(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{4}))/.exec(text.slice(at));
    if (code !== null) {
      name += String.fromCodePoint(Number.parseInt(code[1] === undefined ? (code[2] as string) : code[1], 16));
      at += code[0].length;
      continue;
    }
    const escaped = text[at + 1] ?? '';
    name += ESCAPES[escaped] ?? escaped;
    at += 2;
  }
  return { name, end: at + 1 };
}
