import type { FieldModel } from '../model.js';
import { objectText, quoted, surqlText, type Source } from './source.js';

/** Whether a field says more than its type, permissions and comment aside. */
export function isRefined({ default: preset, value, assert, readonly, flexible }: FieldModel): boolean {
  return preset !== undefined || value !== undefined || assert !== undefined || readonly || flexible;
}

export const commentOf = ({ comment }: { readonly comment?: string }): string | undefined =>
  comment === undefined ? undefined : quoted(comment);

/** Whether nothing is said of who may read and write; `standard` is what the server takes then. */
export function isOpen(permissions: unknown, standard: boolean): boolean {
  return Object.values((permissions ?? {}) as Readonly<Record<string, unknown>>).every((each) => each === standard);
}

export function permissionsText(given: unknown, standard: boolean, source: Source): string | undefined {
  const entries = Object.entries((given ?? {}) as Readonly<Record<string, unknown>>);
  if (isOpen(given, standard)) return undefined;
  if (entries.every(([, permission]) => permission === !standard)) return quoted(standard ? 'none' : 'full');
  return objectText(
    Object.fromEntries(
      entries.map(([operation, permission]) => [
        operation,
        typeof permission === 'string' ? surqlText(permission, source) : String(permission),
      ]),
    ),
  );
}
