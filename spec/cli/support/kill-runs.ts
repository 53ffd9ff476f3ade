import { join } from 'node:path';
import type { Project } from './project.js';
import { writeMigrations } from './migrations.js';

/** All records, and the history without its times. */
async function state(project: Project): Promise<unknown> {
  return project.ask(`RETURN {
    items: (SELECT * FROM item ORDER BY id),
    info: (INFO FOR TABLE item).fields,
    history: (SELECT id, checksum, finished, batches FROM reverie_migration ORDER BY id)
  }`);
}

/** Where a run is cut off: at its n-th message to the server, before it is sent or when it is on its way. */
export interface KillPoint {
  readonly message: number;
  readonly sent: boolean;
}

/** Runs before everything else in the process of the command. */
const KILLER = `
const { createRequire } = require('node:module');
const { writeFileSync } = require('node:fs');
const { KILL_AT, KILL_SENT, COUNT_INTO } = process.env;
const WebSocket = createRequire(process.argv[1])('ws');
const { send } = WebSocket.prototype;
const die = () => process.kill(process.pid, 'SIGKILL');
let count = 0;
WebSocket.prototype.send = function (data, ...rest) {
  count += 1;
  if (COUNT_INTO !== undefined) writeFileSync(COUNT_INTO, String(count));
  if (String(count) !== KILL_AT) return send.call(this, data, ...rest);
  if (KILL_SENT === undefined) return die();
  send.call(this, data, die);
};
`;

/** Migrations that are killed on their way. */
export class KillRuns {
  readonly #project: Project;
  readonly #wanted: unknown;
  /** How many messages a run sends that nothing cuts off. */
  readonly messages: number;

  private constructor(project: Project, wanted: unknown, messages: number) {
    this.#project = project;
    this.#wanted = wanted;
    this.messages = messages;
  }

  /** Runs the migrations to their end. */
  static async open(project: Project): Promise<KillRuns> {
    await writeMigrations(project);
    await project.write('killer.cjs', KILLER);
    const command = project.startWith(
      { ...preload(project), COUNT_INTO: join(project.folder, 'count') },
      'migration:up',
    );
    expect(await command.ended).toMatchObject({ code: 0 });
    return new KillRuns(project, await state(project), Number(await project.read('count')));
  }

  /**
   * From the beginning: cut off, then run again, to the end that an uninterrupted run has. Answers whether it was cut off: how
   * often a run renews its lease depends on the time it takes, so the last messages are not sent by each.
   */
  async kill({ message, sent }: KillPoint): Promise<boolean> {
    await this.#project.empty({ files: false });
    const point = { KILL_AT: String(message), ...(sent && { KILL_SENT: 'yes' }) };
    const { signal, code } = await this.#project.startWith({ ...preload(this.#project), ...point }, 'migration:up')
      .ended;
    const isKilled = signal === 'SIGKILL';
    expect({ message, sent, ended: isKilled || code === 0 }).toEqual({ message, sent, ended: true });
    expect(await this.#project.run('migration:up')).toMatchObject({ code: 0 });
    expect(await state(this.#project)).toEqual(this.#wanted);
    return isKilled;
  }
}

function preload(project: Project): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--require ${join(project.folder, 'killer.cjs')}` };
}
