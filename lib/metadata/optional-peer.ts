/**
 * A package that an application may do without; undefined where it is not there. The name is a variable on purpose:
 * bundlers do not ask for what they cannot read.
 */
export async function optionalPeer<T>(name: string): Promise<T | undefined> {
  try {
    return moduleOf((await import(name)) as T & { readonly default?: T });
  } catch {
    return undefined;
  }
}

/** What a CommonJS module exports stands, seen from ESM, under `default` too. */
function moduleOf<T>(loaded: T & { readonly default?: T }): T {
  return loaded.default === undefined ? loaded : loaded.default;
}
