import { decode, encode } from '../driver/codec/index.js';
import type { NativeEngine } from '../driver/embedded/native-engine.js';
import { defineRootUser, serverStatements } from '../driver/embedded/server-statements.js';
import { ConnectionError, ValidationError } from '../errors/index.js';
import type { RootUser } from './server-options.js';

interface Entry {
  readonly status: string;
  readonly result: unknown;
}

/**
 * Defines the root user in a store that has none, as a real server does on its first start; a store that has users
 * keeps them and their passwords.
 */
export async function ensureRootUser(engine: NativeEngine, user: RootUser | undefined): Promise<void> {
  const info = (await resultOf(engine, serverStatements.viewRoot)) as {
    readonly users?: Readonly<Record<string, string>>;
  };
  if (Object.keys(info.users ?? {}).length > 0) return;
  if (user !== undefined) {
    await resultOf(engine, defineRootUser(user.name, user.password));
    return;
  }
  if (engine.storage !== 'mem') return;
  throw new ValidationError({
    what: 'Nobody could sign in to this server',
    why: 'a mem:// store starts without users, and neither user and pass nor unauthenticated was given',
    fix: ['give user and pass (--user, --pass)', 'serve without sign-in: unauthenticated: true (--unauthenticated)'],
  });
}

async function resultOf(engine: NativeEngine, text: string): Promise<unknown> {
  const answer = decode(await engine.execute(encode({ method: 'query', params: [text] })));
  const entry = Array.isArray(answer) ? (answer as readonly Entry[])[0] : undefined;
  if (entry?.status === 'OK') return entry.result;
  throw new ConnectionError({
    what: 'The users of the store could not be prepared',
    why: entry === undefined ? 'the engine gave no answer' : String(entry.result),
  });
}
