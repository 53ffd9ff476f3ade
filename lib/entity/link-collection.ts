import type { RecordId } from '../values/index.js';
import { identityOf, INSPECT } from '../values/index.js';
import { CollectionEditor } from './collection-editor.js';
import { isCompared } from './compared-by-jest.js';
import { viewOfLinks } from './link-views.js';

/**
 * The many side of a relation. Adding and removing need no load: they are remembered as deltas and wait for the flush.
 */
export class LinkCollection extends CollectionEditor implements Iterable<object> {
  /** What debuggers and test frameworks show. */
  static override readonly name = 'Links';
  #loading: Promise<object[]> | undefined;
  /** `links.total` of a fetch with `{ count: true }`. */
  declare total?: number;

  static is(value: unknown): value is LinkCollection {
    return typeof value === 'object' && value !== null && #loading in value;
  }

  /** Every member is at hand. */
  get isLoaded(): boolean {
    return this.isShown;
  }

  /** The ids where all of them are known. */
  get wholeIds(): readonly RecordId[] | undefined {
    return this.known?.ids === undefined ? undefined : this.ids;
  }

  get(): object[] {
    const shown = this.shown();
    if (shown === undefined) throw this.notLoaded();
    return shown;
  }

  /** The edges that a fetch or load has read with the members; those of members that were removed since are left out. */
  edges(): object[] {
    const edges = this.shownEdges();
    if (edges === undefined) throw this.notLoaded();
    return edges;
  }

  get length(): number {
    return this.get().length;
  }

  /** @throws NotLoadedError when gone through before it is loaded */
  get [Symbol.iterator](): () => Iterator<object> {
    const canBe = LinkCollection.is(this) && (this.isLoaded || !isCompared());
    return (canBe ? iterate : undefined) as () => Iterator<object>;
  }

  load(): Promise<object[]> {
    this.#loading ??= this.#loadAll().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async contains(target: unknown): Promise<boolean> {
    const key = identityOf(this.identify(target));
    if (this.pending?.added.has(key) === true) return true;
    if (this.pending?.removed.has(key) === true) return false;
    if (this.known?.ids === undefined) await this.load();
    return this.ids.some((id) => identityOf(id) === key);
  }

  async count(): Promise<number> {
    // The ids of a column are those of hidden members too.
    const isColumn = this.meta.kind === 'links' && this.host.hidesAny(this.meta.targets());
    if (isColumn && this.isLoaded && this.known?.partial !== true) return this.length;
    if (this.known?.ids === undefined || isColumn) {
      if (this.pending === undefined || this.pending.isEmpty) return this.host.countMany(this.owner, this.meta);
      // What waits may be stored already: only the members themselves tell.
      await this.load();
      if (isColumn) return this.length;
    }
    return this.ids.length;
  }

  /** Reads the members that match, without loading the collection. */
  find(where?: unknown, options?: unknown): Promise<object[]> {
    return this.host.findMany(this.owner, this.meta, where, options);
  }

  toJSON(): unknown {
    if (!LinkCollection.is(this)) return undefined;
    if (this.isLoaded) return this.get();
    return this.wholeIds?.map(String);
  }

  [INSPECT](): object {
    return viewOfLinks(this.shown(), this.wholeIds);
  }

  async #loadAll(): Promise<object[]> {
    if (this.known?.items === undefined || this.known.partial) await this.host.loadMany(this.owner, this.meta);
    await Promise.all(
      this.unloadedPending().map(({ id }) => this.host.loadOne(this.meta.target(), id, this.meta.path)),
    );
    return this.get();
  }
}

function iterate(this: LinkCollection): Iterator<object> {
  return this.get()[Symbol.iterator]();
}
