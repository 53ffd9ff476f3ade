import { Field, Id, Reverie, Table, type LiveList, type RecordId } from '../../lib/index.js';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { TcpProxy } from '../support/tcp-proxy.js';

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

/** Impatient settings, so that a round does not take minutes. */
export const IMPATIENT = {
  timeout: 4_000,
  connect: { timeout: 600, attempts: 4 },
  ping: { interval: 150, timeout: 150 },
  reconnect: { longestPause: 300 },
} as const;

/** A server on a disk, a client whose network fails, a live list of that client, and an observer whose network does not. */
export class ChaosWorld {
  /** The records that the changes of the list have made, by replaying them. */
  readonly mirror: string[] = [];
  readonly #url: string;
  #server: RunningServer;

  private constructor(
    url: string,
    server: RunningServer,
    readonly proxy: TcpProxy,
    readonly client: Reverie,
    readonly observer: Reverie,
    readonly list: LiveList<Entry>,
  ) {
    this.#url = url;
    this.#server = server;
  }

  static async open(url: string): Promise<ChaosWorld> {
    const server = await startServer({ url, user: AUTH.username, pass: AUTH.password });
    const proxy = await TcpProxy.start(server.port);
    const observer = await Reverie.init({ ...OPTIONS, url: server.wsUrl, sync: 'safe' });
    const client = await Reverie.init({ ...OPTIONS, ...IMPATIENT, url: proxy.url });
    const list = await client.em.fork().liveList(Entry, {}, { orderBy: [{ size: 'asc' }, { round: 'asc' }] });
    const world = new ChaosWorld(url, server, proxy, client, observer, list);
    world.#replay();
    return world;
  }

  /** Takes the server down and brings it up again on the same port, over the same store. */
  async restart(): Promise<void> {
    const { port } = this.#server;
    await this.#server.close();
    this.#server = await startServer({ url: this.#url, port, user: AUTH.username, pass: AUTH.password });
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
    await this.observer.close();
    await this.proxy.close();
    await this.#server.close();
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
