import { quoteIdentifier } from '../../values/index.js';
import type { AddonEngine } from './addon.js';
import { inClosingSession, type EngineCall } from './closing-session.js';

/**
 * Lets a store go that has had indexes defined. The engine remembers how it built them, and what it remembers holds the store: after
 * `free` a folder stays locked for as long as the process lives, and the memory of a `mem://` store is never given back. It forgets
 * an index that is removed, and does not remember it again when that is taken back.
 */
export function forgetIndexBuilds(engine: AddonEngine): Promise<void> {
  return inClosingSession(engine, async (call) => {
    for (const namespace of await namesIn(call, 'INFO FOR ROOT', 'namespaces')) {
      await call('use', namespace, null);
      for (const database of await namesIn(call, 'INFO FOR NS', 'databases')) {
        await call('use', namespace, database);
        await forgetIn(call);
      }
    }
  });
}

async function forgetIn(call: EngineCall): Promise<void> {
  const tables = await namesIn(call, 'INFO FOR DB', 'tables');
  const described = await results(
    call,
    tables.map((table) => `INFO FOR TABLE ${quoteIdentifier(table)}`),
  );
  const indexes = tables.flatMap((table, i) =>
    namesOf(described[i], 'indexes').map((index) => `${quoteIdentifier(index)} ON ${quoteIdentifier(table)}`),
  );
  const builds = await results(
    call,
    indexes.map((index) => `INFO FOR INDEX ${index}`),
  );
  const remembered = indexes.filter((_, i) => isRemembered(builds[i]));
  if (remembered.length === 0) return;
  await results(call, ['BEGIN', ...remembered.map((index) => `REMOVE INDEX ${index}`), 'CANCEL']);
}

interface Build {
  readonly status: string;
  /** Records at its start; absent for an index that was there when the store was opened. */
  readonly initial?: number;
}

/** One that is still being built (CONCURRENTLY) is left alone: it would stay half-built. */
function isRemembered(answer: unknown): boolean {
  const { building } = (answer ?? {}) as { readonly building?: Build };
  return building?.status === 'ready' && building.initial !== undefined;
}

async function results(call: EngineCall, statements: readonly string[]): Promise<readonly unknown[]> {
  if (statements.length === 0) return [];
  const answers = (await call('query', statements.join(';'))) as readonly { readonly result: unknown }[];
  return answers.map(({ result }) => result);
}

async function namesIn(call: EngineCall, statement: string, kind: string): Promise<readonly string[]> {
  const [answer] = await results(call, [statement]);
  return namesOf(answer, kind);
}

function namesOf(answer: unknown, kind: string): readonly string[] {
  return Object.keys((answer as Readonly<Record<string, object | undefined>> | undefined)?.[kind] ?? {});
}
