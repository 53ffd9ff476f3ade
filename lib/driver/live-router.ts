import { QueryError, ReverieError, TransactionConflictError } from '../errors/index.js';
import { Uuid } from '../values/index.js';
import type { LiveNotification, LiveRequest } from './driver.js';
import { isObject } from './fault-kind.js';
import { RoutedLiveChannel } from './live-channel.js';
import { isUnreachable } from './reconnect/is-unreachable.js';
import { pause } from './timers.js';

export interface LiveRouterOptions {
  /** Ends a live query at the server. */
  readonly kill: (id: Uuid) => Promise<void>;
  readonly resubscribed: (old: Uuid, now: Uuid) => void;
}

/** Runs a LIVE and answers with what the server answers. */
export type RegisterLive = (request: LiveRequest) => Promise<unknown>;

interface RawNotification {
  readonly id: Uuid;
  readonly action: string;
  readonly record: unknown;
  readonly result: unknown;
}

const ACTIONS: ReadonlySet<string> = new Set(['CREATE', 'UPDATE', 'DELETE']);

/** How many live queries are registered side by side after a reconnection. */
const RESTORE_WIDTH = 16;

/** How often a registration that conflicts is tried again. */
const MOST_CONFLICTS = 5;

/**
 * Brings notifications to their channels. One may overtake the answer that tells its live query's id, so while a LIVE is
 * unanswered the unknown ones are kept.
 */
export class LiveRouter {
  readonly #options: LiveRouterOptions;
  /** Every channel that has not ended, the ones whose connection is lost too. */
  readonly #open = new Set<RoutedLiveChannel>();
  /** By the id that the current connection knows. */
  readonly #routes = new Map<string, RoutedLiveChannel>();
  #early: RawNotification[] = [];
  #unanswered = 0;
  #losses = 0;

  constructor(options: LiveRouterOptions) {
    this.#options = options;
  }

  /** How many channels are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Runs a LIVE and opens the channel of the id that it answers. */
  open(request: LiveRequest, register: RegisterLive): Promise<RoutedLiveChannel> {
    return this.#awaitingId(async () => {
      for (;;) {
        const losses = this.#losses;
        try {
          const id = await this.#idOf(request, register);
          if (losses === this.#losses) return this.#add(id, request);
        } catch (error) {
          if (losses === this.#losses) throw error;
        }
        // It died with the connection that it was sent over: to register it again doubles nothing.
      }
    });
  }

  /** Registers every open channel on a fresh connection; those that the server no longer takes end. */
  async restore(register: RegisterLive, kill: LiveRouterOptions['kill']): Promise<void> {
    this.#routes.clear();
    const waiting = [...this.#open];
    const restoreInTurn = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        await this.#reopen(next, register, kill);
    };
    await Promise.all(Array.from({ length: RESTORE_WIDTH }, restoreInTurn));
  }

  /** Takes a notification as it came over the wire. */
  notify(raw: unknown): void {
    if (!isObject(raw) || !Uuid.is(raw['id']) || typeof raw['action'] !== 'string') return;
    this.#route({ id: raw['id'], action: raw['action'], record: raw['record'], result: raw['result'] });
  }

  /** The connection is gone, and with it the ids. */
  lost(): void {
    this.#losses += 1;
    this.#routes.clear();
  }

  /** Ends every channel; the server has dropped their queries, or will with the connection. */
  endAll(reason: 'closed' | 'disconnected', error?: ReverieError): void {
    const channels = [...this.#open];
    this.#open.clear();
    this.#routes.clear();
    for (const channel of channels) channel.end(reason, error);
  }

  #add(id: Uuid, request: LiveRequest): RoutedLiveChannel {
    const channel: RoutedLiveChannel = new RoutedLiveChannel(id, request, async () => {
      this.#open.delete(channel);
      if (this.#routes.delete(channel.id.toString())) await this.#options.kill(channel.id);
    });
    this.#open.add(channel);
    this.#connect(id, channel);
    return channel;
  }

  async #reopen(channel: RoutedLiveChannel, register: RegisterLive, kill: LiveRouterOptions['kill']): Promise<void> {
    await this.#awaitingId(async () => {
      try {
        const id = await this.#idOf(channel.request, register);
        if (!this.#open.has(channel)) return await kill(id);
        const old = channel.id;
        channel.resubscribed(id);
        this.#connect(id, channel);
        this.#options.resubscribed(old, id);
      } catch (error) {
        if (isUnreachable(error) || !ReverieError.is(error)) throw error;
        this.#open.delete(channel);
        channel.end('killed', error);
      }
    });
  }

  async #idOf(request: LiveRequest, register: RegisterLive): Promise<Uuid> {
    for (let conflicts = 0; ; conflicts += 1) {
      try {
        const id = await register(request);
        if (!Uuid.is(id)) throw notLive(id);
        return id;
      } catch (error) {
        // Registrations side by side may conflict at the server.
        if (!(error instanceof TransactionConflictError) || conflicts === MOST_CONFLICTS) throw error;
        await pause(Math.random() * 2 ** conflicts * 10);
      }
    }
  }

  /** From here on notifications find the channel; those that overtook the answer have been kept for it. */
  #connect(id: Uuid, channel: RoutedLiveChannel): void {
    this.#routes.set(id.toString(), channel);
    const early = this.#early;
    this.#early = [];
    for (const notification of early) this.#route(notification);
  }

  async #awaitingId<R>(work: () => Promise<R>): Promise<R> {
    this.#unanswered += 1;
    try {
      return await work();
    } finally {
      this.#unanswered -= 1;
      if (this.#unanswered === 0) this.#early = [];
    }
  }

  #route(raw: RawNotification): void {
    const key = raw.id.toString();
    const channel = this.#routes.get(key);
    if (channel === undefined) {
      if (this.#unanswered > 0) this.#early.push(raw);
    } else if (ACTIONS.has(raw.action)) {
      channel.deliver({ action: raw.action as LiveNotification['action'], record: raw.record, result: raw.result });
    } else {
      this.#routes.delete(key);
      this.#open.delete(channel);
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
