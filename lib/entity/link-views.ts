import type { RecordId } from '../values/index.js';

/** What a console shows of a link; the classes are named as the types that tell them apart. */
class LoadedLink {
  constructor(
    readonly id: RecordId,
    readonly target: object,
  ) {}
}

class UnloadedLink {
  constructor(readonly id: RecordId) {}
}

class LoadedLinks extends Array<object> {}

class UnloadedLinks {
  static readonly name = 'Links(not loaded)';

  constructor(ids: readonly RecordId[] | undefined) {
    if (ids !== undefined) Object.assign(this, { ids });
  }
}

/** The same information as in JSON, with the wrapper visible: a console has to show that `get()` stands between. */
export function viewOfLink(id: RecordId, target: object | undefined): object {
  return target === undefined ? new UnloadedLink(id) : new LoadedLink(id, target);
}

export function viewOfLinks(items: readonly object[] | undefined, ids: readonly RecordId[] | undefined): object {
  return items === undefined ? new UnloadedLinks(ids) : LoadedLinks.from(items);
}
