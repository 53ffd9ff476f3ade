import { Field, Id, Reverie, Table, type LiveList, type RecordId } from '../../lib/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { eventually } from '../server/support/eventually.js';
import { impatience, slownessOf } from './impatience.js';
import { ServerProcess } from './server-process.js';

@Table({ name: 'entry' })
export class Entry {
  @Id() id!: RecordId<'entry'>;
  @Field('int') round!: number;
  @Field('int') size!: number;
}

@Table({ name: 'counter' })
export class Counter {
  @Id() id!: RecordId<'counter'>;
  @Field('int') n!: number;
}

export const AUTH = { username: 'root', password: 'root' } as const;
const OPTIONS = { namespace: 'chaos', database: 'chaos', auth: AUTH, entities: [Entry, Counter] };
/** Those that are no part of the game have all the time that they need. */
const PATIENT = { timeout: 0, connect: { timeout: 120_000, attempts: 100 } } as const;

/** A live query as the description of its table has it. */
interface Registered {
  readonly id: unknown;
  readonly node: unknown;
}

/** A server on a disk, in a process of its own, a client whose network fails, a live list of that client, and an observer whose network does not. */
export class ChaosWorld {
  /** The records that the changes of the list have made, by replaying them. */
  readonly mirror: string[] = [];
  readonly #warnings: string[] = [];
  readonly #warned = ({ message }: Error) => void this.#warnings.push(message);

  private constructor(
    readonly server: ServerProcess,
    readonly proxy: TcpProxy,
    readonly client: Reverie,
    readonly observer: Reverie,
    readonly list: LiveList<Entry>,
    /** What its clients are opened with. */
    readonly deadlines: ReturnType<typeof impatience>,
  ) {
    // Too many listeners of one emitter are told of so.
    process.on('warning', this.#warned);
  }

  static async open(url: string): Promise<ChaosWorld> {
    const server = await ServerProcess.start(url, AUTH);
    const proxy = await TcpProxy.start(server.port);
    try {
      return await ChaosWorld.#between(server, proxy);
    } catch (error) {
      await proxy.close();
      await server.stop();
      throw error;
    }
  }

  static async #between(server: ServerProcess, proxy: TcpProxy): Promise<ChaosWorld> {
    const observer = await Reverie.init({ ...OPTIONS, ...PATIENT, url: server.url, sync: 'safe' });
    const deadlines = impatience(await slownessOf(server.url));
    const client = await Reverie.init({ ...OPTIONS, ...deadlines, url: proxy.url });
    const list = await client.em.fork().liveList(Entry, {}, { orderBy: [{ size: 'asc' }, { round: 'asc' }] });
    const world = new ChaosWorld(server, proxy, client, observer, list, deadlines);
    world.#replay();
    return world;
  }

  /** The network is as it should be again. */
  heal(): void {
    this.proxy.inspect = () => undefined;
    this.proxy.refuses = false;
    this.proxy.blackHole = false;
    this.proxy.fragment = 0;
    this.proxy.resume();
  }

  async close(): Promise<void> {
    await this.list.close();
    await this.client.close();
    await this.#nothingIsLeft();
    await this.observer.close();
    await this.proxy.close();
    await this.server.stop();
    process.off('warning', this.#warned);
    if (this.#warnings.length > 0) throw new Error(`the process was warned: ${this.#warnings.join('; ')}`);
  }

  /** No live query of this server is left; those of one that was killed stay in its store, under another node. */
  async #nothingIsLeft(): Promise<void> {
    const own = await this.observer.driver.live({ text: 'LIVE SELECT * FROM entry', bindings: {} });
    await eventually(async () => {
      const [{ lives }] = await this.observer.driver.query<[{ lives: Registered[] }]>('INFO FOR TABLE entry STRUCTURE');
      const node = String(lives.find(({ id }) => String(id) === String(own.id))?.node);
      expect(lives.filter((each) => String(each.node) === node)).toHaveLength(1);
    }, 120_000);
    await own.close();
  }

  #replay(): void {
    const { list, mirror } = this;
    const out = (index: number | undefined, id: RecordId) => {
      const [was] = mirror.splice(index as number, 1);
      if (was !== String(id)) throw new Error(`the list said that ${String(id)} stood where ${was} does`);
    };
    list.on('create', ({ id, index }) => mirror.splice(index as number, 0, String(id)));
    list.on('update', ({ id, index, previousIndex }) => {
      out(previousIndex, id);
      mirror.splice(index as number, 0, String(id));
    });
    for (const gone of ['delete', 'leave'] as const) list.on(gone, ({ id, previousIndex }) => out(previousIndex, id));
  }
}
