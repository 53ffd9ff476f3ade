import { CapabilityError, ValidationError } from '../../errors/index.js';

export type Storage = 'mem' | 'surrealkv' | 'rocksdb';

export interface EngineAddress {
  readonly storage: Storage;
  /** What the engine is given; its own spelling differs a little from ours. */
  readonly address: string;
}

const SCHEMES = 'mem://, surrealkv://path and rocksdb://path';
const HOST_AND_PORT = /^[^/:]+:\d+(?:\/|$)/;

/**
 * Reads the url of an embedded store. `mem://?versioned=true` keeps its options (the engine drops what follows `mem:`), and
 * `surrealkv+versioned://path` is the store that the engine itself calls `surrealkv://path?versioned=true`.
 */
export function parseEngineUrl(url: string): EngineAddress {
  const match = /^([a-z][a-z0-9+.-]*)(?::(?:\/\/)?(.*))?$/is.exec(url.trim());
  const scheme = match?.[1]?.toLowerCase();
  const rest = match?.[2] === undefined ? '' : match[2];
  switch (scheme) {
    case 'mem':
    case 'memory':
      return { storage: 'mem', address: memoryAddress(rest) };
    case 'rocksdb':
      return { storage: 'rocksdb', address: `rocksdb://${pathOf(url, rest)}` };
    case 'surrealkv':
      return { storage: 'surrealkv', address: `surrealkv://${pathOf(url, rest)}` };
    case 'surrealkv+versioned':
      return { storage: 'surrealkv', address: `surrealkv://${versioned(pathOf(url, rest))}` };
    default:
      throw new CapabilityError({
        what: `The embedded engine cannot open ${JSON.stringify(url)}`,
        why: `this build knows ${SCHEMES}`,
        fix: HOST_AND_PORT.test(url.trim())
          ? `for a server, write the scheme too: ws://${url.trim()}`
          : `use one of ${SCHEMES}, or the address of a server: ws://, wss://, http://, https://`,
      });
  }
}

/**
 * How long the memory store keeps values that were overwritten, unless the url says otherwise. Without it the engine (3.0.2)
 * drops what an open transaction still has to see: a record that others write twice meanwhile is missing from its snapshot.
 */
const RETENTION = '2m';

function memoryAddress(rest: string): string {
  const query = rest.indexOf('?');
  const options = new URLSearchParams(query === -1 ? '' : rest.slice(query));
  if (!options.has('retention')) options.set('retention', RETENTION);
  return `memory?${options.toString()}`;
}

function pathOf(url: string, rest: string): string {
  if (rest !== '' && !rest.startsWith('?')) return rest;
  throw new ValidationError({
    what: `The url ${JSON.stringify(url)} names no path`,
    why: 'a store on disk needs a folder of its own',
    fix: ['surrealkv://./data/app', 'mem:// for a store that ends with the process'],
    errors: [{ path: 'url', message: 'a path is required', rule: 'required' }],
  });
}

function versioned(path: string): string {
  return path.includes('?') ? `${path}&versioned=true` : `${path}?versioned=true`;
}
