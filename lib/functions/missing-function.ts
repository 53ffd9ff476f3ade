import { CapabilityError } from '../errors/index.js';
import { SIGNATURES } from './families/index.js';

/** What a connection says of the versions of SurrealDB. */
interface Versioned {
  readonly version: string;
  /** Whether the server is of this version or a later one. */
  isAtLeast(version: string): boolean;
}

/** Throws for a function that came with a later version than the connected server's. */
export function refuseMissing(name: string, server: Versioned): void {
  const since = SINCE.get(name);
  if (since === undefined || server.isAtLeast(since)) return;
  throw new CapabilityError({
    what: `The server does not have the function ${name}`,
    why: `it came with SurrealDB ${since}, and this is ${server.version}`,
    fix: `connect to SurrealDB ${since} or later`,
  });
}

const SINCE: ReadonlyMap<string, string> = new Map(
  Object.entries(SIGNATURES).flatMap(([name, signature]) => {
    const since = typeof signature === 'string' ? undefined : signature[2];
    return since === undefined ? [] : [[name, since] as const];
  }),
);
