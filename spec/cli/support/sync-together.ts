import { spawn } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { connect, type Connection } from '../../../lib/driver/connect.js';
import { discover } from '../../../lib/metadata/index.js';
import { SchemaManager } from '../../../lib/schema/index.js';
import { buildCli, RunningCommand } from '../../server/support/cli.js';
import { GUESTS, STAYS, VISITORS } from '../../support/renamed-entities.js';
import { KITCHEN } from '../../support/schema-entities.js';
import { removeFolder } from '../../support/remove-folder.js';

const ROOT = join(__dirname, '..', '..', '..');
const AUTH = { username: 'root', password: 'root' } as const;

/** `reverie serve` over a store on the disk, and processes of their own that sync their schema with it at the same time. */
export class SyncTogether {
  readonly #url: string;
  readonly #main: string;
  readonly #closing: readonly (() => Promise<unknown>)[];
  #databases = 0;

  private constructor(url: string, main: string, closing: readonly (() => Promise<unknown>)[]) {
    this.#url = url;
    this.#main = main;
    this.#closing = closing;
  }

  static async open(): Promise<SyncTogether> {
    const cli = await buildCli();
    const store = await mkdtemp(join(tmpdir(), 'reverie-together-'));
    const bundle = join(ROOT, '.cache', `together-${process.pid}`);
    await mkdir(bundle, { recursive: true });
    const main = join(bundle, 'main.cjs');
    await build({
      entryPoints: [join(__dirname, 'sync-process.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      packages: 'external',
      outfile: main,
      logLevel: 'silent',
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: true } },
    });
    const { username, password } = AUTH;
    const args = ['serve', '--port', '0', '--user', username, '--pass', password, `surrealkv://${join(store, 'db')}`];
    const server = new RunningCommand(cli.file, args);
    const port = await server.port();
    const closing = [
      async () => {
        server.child.kill('SIGTERM');
        expect(await server.ended).toMatchObject({ code: 0 });
      },
      () => cli.remove(),
      () => removeFolder(store),
      () => removeFolder(bundle),
    ];
    return new SyncTogether(`ws://127.0.0.1:${port}`, main, closing);
  }

  /** An empty database; answers how many steps each process has applied, after a look at what they made. */
  async run(count: number): Promise<readonly number[]> {
    const database = `round_${(this.#databases += 1)}`;
    const applied = await this.#sync(count, database, 'kitchen');
    await this.#look(database, (db) => new SchemaManager(db, discover(KITCHEN).entities).verify());
    return applied;
  }

  /** A table is renamed by each of them: what is found in the database afterwards. */
  async rename(count: number): Promise<unknown> {
    const database = `round_${(this.#databases += 1)}`;
    await this.#look(database, async (db) => {
      await new SchemaManager(db, discover(VISITORS).entities).sync();
      await db.query(STAYS);
    });
    await this.#sync(count, database, 'guests');
    return this.#look(database, async (db) => {
      await new SchemaManager(db, discover(GUESTS).entities).verify();
      const [found] = await db.query(`RETURN [
        (SELECT count() AS n, math::sum(<int> fullName) AS sum FROM guest GROUP ALL),
        (SELECT VALUE id FROM guest WHERE fullName = '7'),
        (SELECT count() AS n FROM stay WHERE record::tb(of) = 'guest' AND of.fullName = <string> record::id(id) GROUP ALL),
        (SELECT count() AS n FROM visitor GROUP ALL), array::len(guest:7<~stay)]`);
      return found;
    });
  }

  async #sync(count: number, database: string, schema: 'kitchen' | 'guests'): Promise<readonly number[]> {
    const processes = Array.from({ length: count }, () => this.#start(database, schema));
    await Promise.all(processes.map(({ ready }) => ready));
    for (const { go } of processes) go();
    return Promise.all(processes.map(({ applied: steps }) => steps));
  }

  async #look<R>(database: string, work: (db: Connection) => Promise<R>): Promise<R> {
    const db = await connect(this.#url, { namespace: 'together', database, auth: AUTH });
    try {
      return await work(db);
    } finally {
      await db.close();
    }
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close();
  }

  #start(database: string, schema: string) {
    const child = spawn(process.execPath, [this.#main, this.#url, database, schema], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const ready = new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.startsWith('ready')) resolve();
      });
      void ended.then(resolve);
    });
    const applied = ended.then(() => {
      const [, steps] = /^ready\napplied (\d+)\n$/.exec(output) ?? [];
      if (steps === undefined || child.exitCode !== 0) throw new Error(`a process has failed: ${output}`);
      return Number(steps);
    });
    // Looked at when all are through.
    applied.catch(() => undefined);
    return { ready, applied, go: () => child.stdin.end('go\n') };
  }
}
