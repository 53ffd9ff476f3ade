import { identityOf, type RecordId } from '../values/index.js';

/** What is stored of a collection, as far as it is known. Immutable. */
export class Members {
  /** All of them; undefined when only some are known. */
  readonly ids: readonly RecordId[] | undefined;
  /** Those that are loaded. */
  readonly items: readonly object[] | undefined;
  /** The items were filtered or cut: there may be more. */
  readonly partial: boolean;
  /** The edges that lead to the items, as they were read. */
  readonly edges: readonly object[] | undefined;
  #keys: Set<string> | undefined;

  constructor(
    ids: readonly RecordId[] | undefined,
    items?: readonly object[],
    partial = false,
    edges?: readonly object[],
  ) {
    this.ids = ids;
    this.items = items;
    this.partial = partial;
    this.edges = edges;
  }

  /** True and false are certain; undefined means that it may be stored. */
  holds(key: string): boolean | undefined {
    if (this.ids === undefined) return undefined;
    this.#keys ??= new Set(this.ids.map(identityOf));
    return this.#keys.has(key);
  }
}

/** Of an owner that is not stored yet. */
export const NO_MEMBERS = new Members([], [], false, []);
