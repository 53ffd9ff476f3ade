import type { EntityManager, RecordId } from '../../../lib/index.js';

/** What is asked of the data, once by hand and once by Reverie; both answers in the form of JSON. */
export type Questions = Readonly<
  Record<string, readonly [byHand: string, ask: (em: EntityManager) => Promise<unknown>]>
>;

export const idText = ({ id }: { readonly id: RecordId }): string => String(id);
/** In the order of `array::sort`: keys that are numbers by their size. */
export const sorted = (ids: readonly RecordId[]): string[] =>
  [...ids].sort((a, b) => (a.key as number) - (b.key as number) || (String(a) < String(b) ? -1 : 1)).map(String);

/** How many hops a shortest path has, and whether each is one. */
export async function hopsOf<T extends { readonly id: RecordId }>(
  path: readonly T[] | null,
  isHop: (from: T, to: T) => Promise<boolean>,
): Promise<{ readonly hops: number; readonly real: boolean }> {
  const pairs = (path ?? []).slice(1).map((to, at) => isHop((path as readonly T[])[at] as T, to));
  return { hops: pairs.length, real: (await Promise.all(pairs)).every(Boolean) };
}
