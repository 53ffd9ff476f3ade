/** A record of a walk with what it leads to. */
export interface WalkTree<T extends object> {
  readonly node: T;
  readonly next: readonly WalkTree<T>[];
}

interface Branch<T extends object> extends WalkTree<T> {
  readonly next: Branch<T>[];
}

/** Paths from one start, put together where they are the same. */
export function treeOf<T extends object>(start: T, paths: readonly (readonly T[])[]): WalkTree<T> {
  const root: Branch<T> = { node: start, next: [] };
  for (const [, ...steps] of paths) {
    let at = root;
    for (const node of steps) {
      let next = at.next.find((branch) => branch.node === node);
      if (next === undefined) at.next.push((next = { node, next: [] }));
      at = next;
    }
  }
  return root;
}
