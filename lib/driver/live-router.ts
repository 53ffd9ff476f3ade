import { QueryError, ReverieError, TransactionConflictError } from '../errors/index.js';
import { Uuid } from '../values/index.js';
import type { LiveNotification, LiveRequest } from './driver.js';
import { isObject } from './fault-kind.js';
import { RoutedLiveChannel, type Registered } from './live-channel.js';
import { isUnreachable } from './reconnect/is-unreachable.js';
import { pause } from './timers.js';
import type { Line } from './transport/line.js';

export interface LiveRouterOptions {
  /** Ends a live query at the server. */
  readonly kill: (id: Uuid, line: Line) => Promise<void>;
  readonly resubscribed: (old: Uuid, now: Uuid) => void;
}

/** Runs a LIVE and answers with what the server answers, and the connection that it was sent over. */
export type RegisterLive = (request: LiveRequest) => Promise<{ readonly id: unknown; readonly line: Line }>;

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
  /** By the id that its connection knows. */
  readonly #routes = new Map<string, RoutedLiveChannel>();
  #early: RawNotification[] = [];
  #unanswered = 0;
  #losses = 0;

  constructor(options: LiveRouterOptions) {
    this.#options = options;
  }

  /** Whether no channel is open. */
  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  /** The connections that channels are, or were, registered on. */
  get lines(): readonly Line[] {
    return [...new Set([...this.#open].map(({ line }) => line))];
  }

  /** Whether a channel is, or was, registered on this connection. */
  isOn(line: Line): boolean {
    return this.#some((channel) => channel.line === line);
  }

  /** Whether a channel that is open is at home there, where connections come one after another. */
  waitsFor(lane: object): boolean {
    return this.#some((channel) => channel.line.lane === lane);
  }

  /** Runs a LIVE and opens the channel of the id that it answers. */
  open(request: LiveRequest, register: RegisterLive): Promise<RoutedLiveChannel> {
    return this.#awaitingId(async () => {
      for (;;) {
        const losses = this.#losses;
        try {
          const registered = await this.#register(request, register);
          if (registered.line.isUp) return this.#add(registered, request);
        } catch (error) {
          if (losses === this.#losses) throw error;
        }
        // It died with the connection that it was sent over: to register it again doubles nothing.
      }
    });
  }

  /** Registers every open channel of a lost connection again; those that the server no longer takes end. */
  async restore(lane: object, register: RegisterLive, kill: LiveRouterOptions['kill']): Promise<void> {
    const waiting = [...this.#open].filter(({ line }) => line.lane === lane);
    for (const { id } of waiting) this.#routes.delete(id.toString());
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
  lost(line: Line): void {
    this.#losses += 1;
    for (const channel of this.#open) if (channel.line === line) this.#routes.delete(channel.id.toString());
  }

  /** Ends every channel, or those of one place; the server has dropped their queries, or will with the connection. */
  endAll(reason: 'closed' | 'disconnected', error?: ReverieError, lane?: object): void {
    const channels = [...this.#open].filter(({ line }) => lane === undefined || line.lane === lane);
    for (const channel of channels) this.#forget(channel);
    for (const channel of channels) channel.end(reason, error);
  }

  #some(holds: (channel: RoutedLiveChannel) => boolean): boolean {
    for (const channel of this.#open) if (holds(channel)) return true;
    return false;
  }

  #add(registered: Registered, request: LiveRequest): RoutedLiveChannel {
    const channel: RoutedLiveChannel = new RoutedLiveChannel(registered, request, async () => {
      if (this.#forget(channel)) await this.#options.kill(channel.id, channel.line);
    });
    this.#open.add(channel);
    this.#connect(channel);
    return channel;
  }

  /** Answers whether the server still sends for it. */
  #forget(channel: RoutedLiveChannel): boolean {
    this.#open.delete(channel);
    return this.#routes.delete(channel.id.toString());
  }

  async #reopen(channel: RoutedLiveChannel, register: RegisterLive, kill: LiveRouterOptions['kill']): Promise<void> {
    await this.#awaitingId(async () => {
      try {
        const registered = await this.#register(channel.request, register);
        if (!this.#open.has(channel)) return await kill(registered.id, registered.line);
        const old = channel.id;
        channel.resubscribed(registered);
        this.#connect(channel);
        this.#options.resubscribed(old, channel.id);
      } catch (error) {
        if (isUnreachable(error) || !ReverieError.is(error)) throw error;
        this.#forget(channel);
        channel.end('killed', error);
      }
    });
  }

  async #register(request: LiveRequest, register: RegisterLive): Promise<Registered> {
    for (let conflicts = 0; ; conflicts += 1) {
      try {
        const { id, line } = await register(request);
        if (!Uuid.is(id)) throw notLive(id);
        return { id, line };
      } catch (error) {
        // Registrations side by side may conflict at the server.
        if (!(error instanceof TransactionConflictError) || conflicts === MOST_CONFLICTS) throw error;
        await pause(Math.random() * 2 ** conflicts * 10);
      }
    }
  }

  /** From here on notifications find the channel; those that overtook the answer have been kept for it. */
  #connect(channel: RoutedLiveChannel): void {
    this.#routes.set(channel.id.toString(), channel);
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
      this.#forget(channel);
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
