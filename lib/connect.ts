import { connect as open, type Connection, type ConnectOptions } from './driver/connect.js';
import { functionTree } from './functions/function-tree.js';
import { refuseMissing } from './functions/missing-function.js';
import type { Functions } from './functions/families/index.js';
import { evaluate, type FragmentNode } from './surrealql/nodes/index.js';
import { print } from './surrealql/printer.js';
import { plainDates } from './values/index.js';

/** A connection without entities, with the functions of the server. */
export type BareConnection = Connection & {
  /** The server's functions, run at once: `await db.fn.math.sqrt(16)`. */
  readonly fn: Functions<'run'>;
};

/**
 * Connects to a SurrealDB 3: `mem://`, `surrealkv://path`, `rocksdb://path` (an engine in this process, needs the optional
 * peer `@surrealdb/node`), `ws://`, `wss://`, `http://`, `https://` (a server).
 *
 * ```ts
 * const db = await connect('ws://localhost:8000', { namespace: 'app', database: 'app', auth: { username: 'root', password: 'root' } });
 * const [one] = await db.query('RETURN 1');
 * const root = await db.fn.math.sqrt(16);
 * await db.close();
 * ```
 * @throws ValidationError for a url or options that cannot be right
 * @throws ConnectionError or TimeoutError when the server cannot be reached
 * @throws AuthenticationError when it refuses the sign-in
 * @throws CapabilityError for a server before 3.0, or an engine that is not installed
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<BareConnection> {
  const connection = await open(url, options);
  let tree: Functions<'run'> | undefined;
  const get = (): Functions<'run'> => (tree ??= functionTree<'run'>((expression) => runOn(connection, expression)));
  return Object.defineProperty(connection, 'fn', { get, enumerable: false }) as BareConnection;
}

async function runOn(connection: Connection, expression: FragmentNode): Promise<unknown> {
  const checkCall = (name: string): void => refuseMissing(name, connection.capabilities);
  const { text, bindings } = print(evaluate(expression), { checkCall });
  const [value] = await connection.query(text, bindings);
  return plainDates(value);
}
