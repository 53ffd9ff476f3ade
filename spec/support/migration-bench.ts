import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityClass } from '../../lib/metadata/index.js';
import { Reverie } from '../../lib/orm.js';
import type { Backend, OpenBackend } from './backends.js';
import { removeFolder } from './remove-folder.js';

/** A folder of migrations in front of a database of its own. */
export class MigrationBench {
  readonly dir: string;
  readonly #store: OpenBackend;
  readonly #orms: Reverie[] = [];

  private constructor(dir: string, store: OpenBackend) {
    this.dir = dir;
    this.#store = store;
  }

  static async on(backend: Backend): Promise<MigrationBench> {
    return new MigrationBench(await mkdtemp(join(tmpdir(), 'reverie-migrations-')), await backend.open());
  }

  /** Another process, as it were: an ORM of its own over the same database (a new one on `mem://`). */
  async orm(...entities: readonly EntityClass[]): Promise<Reverie> {
    const { url, auth } = this.#store;
    const orm = await Reverie.init({
      url,
      ...(auth !== undefined && { auth }),
      namespace: 'migrations',
      database: 'migrations',
      entities,
      sync: 'off',
      allowGlobalContext: true,
      migrations: { dir: this.dir, lease: 3_000 },
    });
    this.#orms.push(orm);
    return orm;
  }

  async write(name: string, source: string): Promise<void> {
    await writeFile(join(this.dir, name), source);
  }

  read(name: string): Promise<string> {
    return readFile(join(this.dir, name), 'utf8');
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.dir, name));
  }

  async close(): Promise<void> {
    for (const orm of this.#orms) await orm.close();
    await this.#store.close();
    await removeFolder(this.dir);
  }
}
