import { QueryError, type ReverieError } from '../errors/index.js';
import { Uuid } from '../values/index.js';
import type { LiveNotification } from './driver.js';
import { isObject } from './fault-kind.js';
import { RoutedLiveChannel } from './live-channel.js';

type Kill = (id: Uuid, epoch: number) => Promise<void>;

interface RawNotification {
  readonly id: Uuid;
  readonly action: string;
  readonly record: unknown;
  readonly result: unknown;
}

const ACTIONS: ReadonlySet<string> = new Set(['CREATE', 'UPDATE', 'DELETE']);

/**
 * Brings notifications to their channels. One may overtake the answer that tells its live query's id, so while a LIVE is
 * unanswered the unknown ones are kept.
 */
export class LiveRouter {
  readonly #channels = new Map<string, RoutedLiveChannel>();
  readonly #kill: Kill;
  #early: RawNotification[] = [];
  #unanswered = 0;

  constructor(kill: Kill) {
    this.#kill = kill;
  }

  /** Runs a LIVE and opens the channel of the id that it answers. */
  async open(epoch: () => number, register: () => Promise<unknown>): Promise<RoutedLiveChannel> {
    this.#unanswered += 1;
    try {
      const id = await register();
      if (!Uuid.is(id)) throw notLive(id);
      const channel = this.#add(id, epoch());
      const early = this.#early;
      this.#early = [];
      for (const notification of early) this.#route(notification);
      return channel;
    } finally {
      this.#unanswered -= 1;
      if (this.#unanswered === 0) this.#early = [];
    }
  }

  /** Takes a notification as it came over the wire. */
  notify(raw: unknown): void {
    if (!isObject(raw) || !Uuid.is(raw['id']) || typeof raw['action'] !== 'string') return;
    this.#route({ id: raw['id'], action: raw['action'], record: raw['record'], result: raw['result'] });
  }

  /** Ends every channel; the server has dropped their queries, or will with the connection. */
  endAll(reason: 'closed' | 'disconnected', error?: ReverieError): void {
    const channels = [...this.#channels.values()];
    this.#channels.clear();
    for (const channel of channels) channel.end(reason, error);
  }

  #add(id: Uuid, epoch: number): RoutedLiveChannel {
    const key = id.toString();
    const channel: RoutedLiveChannel = new RoutedLiveChannel(id, async () => {
      if (this.#channels.delete(key)) await this.#kill(id, epoch);
    });
    this.#channels.set(key, channel);
    return channel;
  }

  #route(raw: RawNotification): void {
    const key = raw.id.toString();
    const channel = this.#channels.get(key);
    if (channel === undefined) {
      if (this.#unanswered > 0) this.#early.push(raw);
    } else if (ACTIONS.has(raw.action)) {
      channel.deliver({ action: raw.action as LiveNotification['action'], record: raw.record, result: raw.result });
    } else {
      this.#channels.delete(key);
      channel.end('killed', raw.action === 'KILLED' ? undefined : endedBy(raw));
    }
  }
}

function endedBy({ action, result }: RawNotification): QueryError {
  return new QueryError({
    what: `The server ended a live query (${action})`,
    ...(typeof result === 'string' && { why: result }),
    fix: 'open it again, and read what may have changed in between',
  });
}

function notLive(answer: unknown): QueryError {
  return new QueryError({
    what: 'The statement registered no live query',
    why: `it answered ${answer === undefined ? 'NONE' : String(answer)} instead of an id`,
    fix: "a live request is one statement: db.live('LIVE SELECT * FROM user')",
  });
}
