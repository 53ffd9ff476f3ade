/**
 * Which relations were loaded entity by entity in one tick. They travel as one request all the same, but a read that
 * fetches the relation would have spared it.
 */
export class RelationLoads {
  readonly #counts = new Map<string, number>();

  /** @param path of the relation, `User.posts` */
  note(path: string): void {
    this.#counts.set(path, (this.#counts.get(path) ?? 0) + 1);
  }

  /** What there is to say of the loads since the last time. */
  takeHint(): string | undefined {
    const repeated = [...this.#counts].filter(([, count]) => count > 1);
    this.#counts.clear();
    if (repeated.length === 0) return undefined;
    return repeated.map(hintOf).join('; ');
  }
}

function hintOf([path, count]: readonly [string, number]): string {
  const property = path.slice(path.lastIndexOf('.') + 1);
  return `N+1: ${path} was loaded for ${count} entities one by one; fetch it with them: { fetch: { ${property}: true } }`;
}
