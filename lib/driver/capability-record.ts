import { CapabilityError } from '../errors/index.js';
import type { Capabilities } from './capabilities.js';
import type { Transport } from './transport/transport.js';

const OLDEST = 3;

/** Rows per INSERT: `mem://` is quadratic in them, and behind a server it may be `mem://` too. */
const INSERT_CHUNK = { mem: 100, unknown: 100, surrealkv: 1_000, rocksdb: 1_000 } as const;

/** The plain version of an answer such as `surrealdb-3.0.2+20260101.abc`. */
export function versionOf(answer: unknown): string {
  const version = typeof answer === 'string' ? /(\d+\.\d+\.\d+[^+\s]*)/.exec(answer)?.[1] : undefined;
  if (version !== undefined) return version;
  throw new CapabilityError({
    what: 'The server did not tell its version',
    why: `it answered ${JSON.stringify(answer)}, which is not what SurrealDB says`,
    fix: 'check the url: does it lead to a SurrealDB server?',
  });
}

/** @throws CapabilityError for a server before SurrealDB 3.0. */
export function assertSupported(version: string): void {
  if (Number.parseInt(version, 10) >= OLDEST) return;
  throw new CapabilityError({
    what: `SurrealDB ${version} is too old`,
    why: `this driver speaks the protocol and the language of SurrealDB ${OLDEST}.0 and later`,
    fix: ['upgrade the server to SurrealDB 3', '`reverie serve` is a SurrealDB 3 for development'],
  });
}

/** What a connection over this transport to a server of this version can do. */
export function capabilitiesOf(transport: Transport, version: string): Capabilities {
  const stateful = transport.kind !== 'http';
  return Object.freeze({
    transport: transport.kind,
    version,
    engine: transport.engine,
    live: stateful,
    interactiveTransactions: stateful,
    // Over http by what each request carries.
    sessions: true,
    isAtLeast: (wanted: string) => isAtLeast(version, wanted),
    insertChunk: INSERT_CHUNK[transport.engine],
    maxRequestBytes: transport.maxRequestBytes,
  });
}

/** A pre-release counts as its release. */
export function isAtLeast(version: string, wanted: string): boolean {
  const have = numbersOf(version);
  const need = numbersOf(wanted);
  const at = need.findIndex((number, index) => number !== (have[index] ?? 0));
  return at === -1 || (have[at] ?? 0) > (need[at] as number);
}

const numbersOf = (version: string): readonly number[] => (/^[\d.]+/.exec(version)?.[0] ?? '').split('.').map(Number);
