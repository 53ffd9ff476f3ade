import { startServer } from '../../lib/server/index.js';

/** A fresh, empty store that a test can connect to. */
export interface OpenBackend {
  readonly url: string;
  readonly auth?: { readonly username: string; readonly password: string };
  close(): Promise<void>;
}

export interface Backend {
  readonly name: 'embedded' | 'ws' | 'http';
  /** Live queries and interactive transactions; http has neither. */
  readonly stateful: boolean;
  open(): Promise<OpenBackend>;
}

const ROOT = { username: 'root', password: 'root' } as const;

async function served(
  pick: (server: { readonly wsUrl: string; readonly httpUrl: string }) => string,
): Promise<OpenBackend> {
  const server = await startServer({ url: 'mem://', user: ROOT.username, pass: ROOT.password });
  return { url: pick(server), auth: ROOT, close: () => server.close() };
}

/** The three ways to reach a database; the same suite passes on each: `describe.each(backends)('on $name', …)`. */
export const backends: readonly Backend[] = [
  // Each connection to mem:// is a store of its own.
  { name: 'embedded', stateful: true, open: () => Promise.resolve({ url: 'mem://', close: () => Promise.resolve() }) },
  { name: 'ws', stateful: true, open: () => served(({ wsUrl }) => wsUrl) },
  { name: 'http', stateful: false, open: () => served(({ httpUrl }) => httpUrl) },
];

export function backend(name: Backend['name']): Backend {
  return backends.find((one) => one.name === name) as Backend;
}
