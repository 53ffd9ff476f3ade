import type { Driver, LiveChannel } from '../driver/driver.js';
import { live, path, table } from '../surrealql/nodes/index.js';
import { print } from '../surrealql/printer.js';

/** Tells of tables that somebody writes, this process or another, by a live query for each. */
export class LiveWatch {
  readonly #driver: Pick<Driver, 'live'>;
  readonly #wrote: (tables: readonly string[]) => void | Promise<void>;
  readonly #channels = new Map<string, Promise<LiveChannel>>();

  constructor(driver: Pick<Driver, 'live'>, wrote: (tables: readonly string[]) => void | Promise<void>) {
    this.#driver = driver;
    this.#wrote = wrote;
  }

  /** Resolves when every write of these tables from now on will be heard of. @throws CapabilityError over http */
  async watch(tables: readonly string[]): Promise<void> {
    await Promise.all(tables.map((name) => this.#channelOf(name)));
  }

  #channelOf(name: string): Promise<LiveChannel> {
    const known = this.#channels.get(name);
    if (known !== undefined) return known;
    const opened = this.#open(name).catch((error: unknown) => {
      this.#channels.delete(name);
      throw error;
    });
    this.#channels.set(name, opened);
    return opened;
  }

  async #open(name: string): Promise<LiveChannel> {
    const statement = live({ from: table(name), projections: [{ expression: path('id') }] });
    const channel = await this.#driver.live(print(statement));
    channel.on(() => void this.#wrote([name]));
    // Nobody knows what was written while nothing was heard.
    channel.onResubscribed(() => void this.#wrote([name]));
    channel.onEnd(() => {
      this.#channels.delete(name);
      void this.#wrote([name]);
    });
    return channel;
  }
}
