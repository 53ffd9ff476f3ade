import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, type Connection } from '../../../lib/driver/connect.js';
import { startServer } from '../../../lib/server/index.js';
import { buildCli, RunningCommand } from '../../server/support/cli.js';
import { removeFolder } from '../../support/remove-folder.js';

const PASSWORD = 'correct horse battery';

/** How a command ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder with a configuration, in front of a server of its own; the built command runs in it, in a child process. */
export class Project {
  readonly password = PASSWORD;
  readonly folder: string;
  readonly db: Connection;
  readonly url: string;
  readonly cli: string;
  readonly #closing: readonly (() => Promise<unknown>)[];

  private constructor(
    folder: string,
    db: Connection,
    url: string,
    cli: string,
    closing: readonly (() => Promise<unknown>)[],
  ) {
    this.folder = folder;
    this.db = db;
    this.url = url;
    this.cli = cli;
    this.#closing = closing;
  }

  static async open(files: Readonly<Record<string, string>> = {}, options = ''): Promise<Project> {
    const cli = await buildCli();
    const server = await startServer({ url: 'mem://', user: 'root', pass: PASSWORD });
    const auth = { username: 'root', password: PASSWORD };
    const db = await connect(server.wsUrl, { namespace: 'cli', database: 'cli', auth });
    const folder = await mkdtemp(join(tmpdir(), 'reverie-cli-'));
    const closing = [() => db.close(), () => server.close(), () => cli.remove(), () => removeFolder(folder)];
    const project = new Project(folder, db, server.wsUrl, cli.file, closing);
    await project.write('ormconfig.ts', config(server.wsUrl, options));
    for (const [name, text] of Object.entries(files)) await project.write(name, text);
    return project;
  }

  async write(name: string, text: string): Promise<void> {
    await mkdir(dirname(join(this.folder, name)), { recursive: true });
    await writeFile(join(this.folder, name), text);
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8');
  }

  /** Nothing in the database, and no migrations unless they are to stay. */
  async empty({ files = true } = {}): Promise<void> {
    const tables = await this.ask<readonly string[]>('RETURN (INFO FOR DB).tables.keys()');
    for (const table of tables) await this.ask(`REMOVE TABLE ${table}`);
    if (files) for (const folder of ['db', 'src']) await this.clearFolder(folder);
  }

  async clearFolder(folder: string): Promise<void> {
    await removeFolder(join(this.folder, folder));
  }

  start(...args: readonly string[]): RunningCommand {
    return new RunningCommand(this.cli, args, {}, this.folder);
  }

  /** With variables in its environment. */
  startWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): RunningCommand {
    return new RunningCommand(this.cli, args, env, this.folder);
  }

  async run(...args: readonly string[]): Promise<Ended> {
    const command = this.start(...args);
    const { code } = await command.ended;
    return { code, out: command.output, err: command.errors };
  }

  /** The only result of a statement. */
  async ask<T = unknown>(text: string): Promise<T> {
    return (await this.db.query(text)).at(-1) as T;
  }

  async close(): Promise<void> {
    for (const close of this.#closing) await close();
  }
}

function config(url: string, options: string): string {
  return `import { defineConfig } from 'reverie-orm';
export default defineConfig({
  url: '${url}', namespace: 'cli', database: 'cli',
  auth: { username: 'root', password: '${PASSWORD}' },
  entities: ['src/**/*.entity.ts'],
  ${options}
});
`;
}
