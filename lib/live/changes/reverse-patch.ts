import { clone, isPlain } from '../../values/index.js';
import { patchText } from './text-patch.js';

type Container = Record<string, unknown> | unknown[];

interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'change';
  readonly path: string;
  readonly value?: unknown;
}

/**
 * What a record was before a change: the patch that a changefeed keeps beside what it has become, applied. The server's own
 * `value::patch` cannot do it: it passes over list items, and keys with a slash.
 *
 * The server writes keys into paths as they are, so `/a/b` may be one key or two: the longest that is there is meant.
 */
export function beforePatch(
  current: Readonly<Record<string, unknown>>,
  operations: readonly unknown[],
): Record<string, unknown> {
  const row = clone(current) as Record<string, unknown>;
  for (const operation of operations as readonly Operation[]) apply(row, operation);
  return row;
}

/** The columns that a patch touches. */
export function touchedBy(operations: readonly unknown[], isColumn: (name: string) => boolean): readonly string[] {
  return [...new Set((operations as readonly Operation[]).flatMap(({ path }) => columnOf(path, isColumn) ?? []))];
}

/** As above: of the names that a path may begin with, the longest is meant. */
function columnOf(path: string, isColumn: (name: string) => boolean): string | undefined {
  const segments = path.split('/').slice(1);
  const names = segments.map((_, index) => segments.slice(0, index + 1).join('/'));
  return names.findLast(isColumn);
}

function apply(row: Record<string, unknown>, { op, path, value }: Operation): void {
  const { container, key } = locate(row, path.split('/').slice(1));
  if (Array.isArray(container)) return applyToList(container, key, op, value);
  if (op === 'remove') delete container[key];
  else container[key] = op === 'change' ? changed(container[key], value) : value;
}

/** Items that are removed are the last ones, named by where they stood before any was removed. */
function applyToList(list: unknown[], key: string, op: Operation['op'], value: unknown): void {
  const index = Number(key);
  if (op === 'remove') list.pop();
  else if (op === 'add') list.splice(index, 0, value);
  else list[index] = op === 'change' ? changed(list[index], value) : value;
}

function changed(text: unknown, patch: unknown): unknown {
  return typeof text === 'string' && typeof patch === 'string' ? patchText(text, patch) : undefined;
}

function locate(root: Container, segments: readonly string[]): { readonly container: Container; readonly key: string } {
  const key = segments.join('/');
  if (segments.length === 1 || Object.hasOwn(root, key)) return { container: root, key };
  for (let length = segments.length - 1; length > 0; length -= 1) {
    const inner = (root as Readonly<Record<string, unknown>>)[segments.slice(0, length).join('/')];
    if (isContainer(inner)) return locate(inner, segments.slice(length));
  }
  return { container: root, key };
}

function isContainer(value: unknown): value is Container {
  return Array.isArray(value) || (typeof value === 'object' && value !== null && isPlain(value));
}
