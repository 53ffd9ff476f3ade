import { ConnectionError } from '../../errors/index.js';
import type { Settings } from '../connect-options.js';
import { tokensOf } from '../credentials.js';
import { fly, type Flight } from '../flight.js';
import { RequestPool, type PoolStats } from '../request-pool.js';
import { after } from '../timers.js';
import { Lane } from './lane.js';
import type { Line } from './line.js';
import type { RpcCall, Transport, TransportHost } from './transport.js';
import { MAX_MESSAGE_BYTES } from './websocket-link.js';
import { WebSocketTransport } from './websocket.js';

/** What these change of a session is said on every socket: whichever carries the next call has to know. */
const CHANGES: ReadonlySet<string> = new Set([
  'use',
  'signin',
  'signup',
  'authenticate',
  'refresh',
  'invalidate',
  'reset',
  'let',
  'set',
  'unset',
]);
/** These make room, so they never wait for it. */
const ENDS: ReadonlySet<string> = new Set(['commit', 'cancel', 'kill', 'detach']);

/** How often within its time of idleness, or its lifetime, a socket is looked at. */
const LOOKS = 4;
/** Milliseconds without a call after which a socket that others have taken the place of is closed. */
const REST = 100;

/**
 * Several WebSockets that are one connection to those above: each call goes over the one that is least busy, at most so many are under
 * way, and sockets come and go with the work. Whatever has to stay on the socket that it begins on (a transaction, a live query, an
 * attached session) pins that one. Each is lost, and made again, by itself.
 */
export class SocketPool implements Transport {
  readonly kind = 'websocket';
  readonly engine = 'unknown';
  readonly maxRequestBytes = MAX_MESSAGE_BYTES;
  readonly #url: string;
  readonly #settings: Settings;
  readonly #host: TransportHost;
  readonly #places: RequestPool;
  readonly #lanes: Lane[] = [];
  /** Those that others have taken the place of, until what is on them has ended. */
  readonly #leaving = new Set<Lane>();
  /** How often what every session begins with has changed. */
  #changes = 0;
  #pins = 0;
  #stopLooking: (() => void) | undefined;
  #closed = false;

  constructor(url: string, settings: Settings, host: TransportHost) {
    const { size, requests, acquire } = settings.pool;
    this.#url = url;
    this.#settings = settings;
    this.#host = host;
    this.#places = new RequestPool({ size: size * requests, acquire, stats: () => this.stats });
    this.#add();
  }

  get stats(): PoolStats {
    const up = this.#everyone.filter(({ isUp }) => isUp);
    const active = up.filter(({ busy }) => busy > 0).length;
    const { waiting, timeouts } = this.#places.stats;
    return { total: up.length, active, idle: up.length - active, waiting, timeouts };
  }

  /** Opens the first, which tells whether the server takes us at all, then as many as there are to be at least. */
  async open(): Promise<void> {
    await this.#first.transport.open();
    while (this.#lanes.length < this.#settings.pool.min) this.#add();
    await Promise.all(this.#lanes.map((lane) => this.#raise(lane)));
  }

  pin(): Promise<Line> {
    const lane = this.#pick((this.#pins += 1));
    lane.stir();
    return lane.transport.pin();
  }

  call(call: RpcCall, flight: Flight): Promise<unknown> {
    const carry = () => this.#laneOf(call, flight).call(call, flight);
    if (ENDS.has(call.method)) return carry();
    const isForAll = call.session === undefined && call.line === undefined && CHANGES.has(call.method);
    return this.#places.run(flight, isForAll ? () => this.#everywhere(call, flight) : carry);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopLooking?.();
    this.#places.close(closedError());
    await Promise.all(this.#everyone.map(({ transport }) => transport.close()));
  }

  get #everyone(): readonly Lane[] {
    return this.#leaving.size === 0 ? this.#lanes : [...this.#lanes, ...this.#leaving];
  }

  get #first(): Lane {
    return this.#lanes[0] as Lane;
  }

  #add(): Lane {
    const lane = this.#another();
    this.#lanes.push(lane);
    return lane;
  }

  #another(): Lane {
    return new Lane(new WebSocketTransport(this.#url, this.#settings, this.#hostOfOne()), () => this.#look());
  }

  /** A socket that was told of things as they were before they changed begins anew. */
  #hostOfOne(): TransportHost {
    const host = this.#host;
    let told = 0;
    return {
      ...host,
      prepare: (send) => {
        told = this.#changes;
        return host.prepare(send);
      },
      resubscribe: async (send, line) => {
        await host.resubscribe(send, line);
        if (told !== this.#changes) throw changedMeanwhile();
      },
    };
  }

  /** The least busy one that is up; of several the first, so that others can go, or one after another where `turn` says which. */
  #pick(turn = 0): Lane {
    const up = this.#lanes.filter(({ isUp }) => isUp);
    const least = Math.min(...up.map(({ busy }) => busy));
    const free = up.filter(({ busy }) => busy === least);
    const lane = free[turn % free.length];
    if (lane === undefined) return this.#first;
    if (least > 0) this.#grow();
    return lane;
  }

  #laneOf({ line }: RpcCall, flight: Flight): Lane {
    if (line === undefined) return this.#pick();
    const lane = this.#everyone.find(({ transport }) => transport === line.lane);
    if (lane === undefined) throw flight.lost('The connection that this belongs to was closed');
    return lane;
  }

  /** Nobody waits for another socket: the calls of now go over those that are there. */
  #grow(): void {
    const { size } = this.#settings.pool;
    const busy = this.#lanes.reduce((sum, lane) => sum + lane.busy, 0);
    const there = this.#lanes.filter(({ isUp, isComing }) => isUp || isComing).length;
    if (there >= Math.min(size, busy + 1)) return;
    void this.#raise(this.#lanes.find(({ isUp, isComing }) => !isUp && !isComing) ?? this.#add());
  }

  async #raise(lane: Lane): Promise<void> {
    try {
      await lane.transport.open();
      lane.stir();
      this.#look();
    } catch (error) {
      if (!this.#closed) this.#settings.log({ level: 'warn', message: 'another socket could not be opened', error });
    }
  }

  /** One that does not take the change is made anew, with everything that the session knows by then. */
  async #everywhere(call: RpcCall, flight: Flight): Promise<unknown> {
    const first = this.#pick();
    const result = await first.call(call, flight);
    const others = othersCall(call, result);
    const told = new Set([first]);
    const tell = async (lane: Lane) => {
      told.add(lane);
      const limits = { timeout: this.#settings.connectTimeout, signal: undefined, name: call.method };
      await fly(limits, (another) => lane.call(others, another)).catch(() => lane.transport.drop(NOT_TAKEN));
    };
    // More may have come up in the meantime.
    for (let untold = this.#untold(told); untold.length > 0; untold = this.#untold(told)) {
      await Promise.all(untold.map(tell));
    }
    this.#changes += 1;
    return result;
  }

  #untold(told: ReadonlySet<Lane>): readonly Lane[] {
    return this.#everyone.filter((lane) => lane.isUp && !told.has(lane));
  }

  /** Looks after sockets that nothing has used for a while, as long as there are more than have to be, and after those that are old. */
  #look(): void {
    const { idle, min, lifetime } = this.#settings.pool;
    const times = [lifetime, this.#lanes.length > min ? idle : 0].filter((time) => time > 0);
    if (this.#closed || this.#stopLooking !== undefined || times.length === 0) return;
    this.#stopLooking = after(Math.min(...times) / LOOKS, () => {
      this.#stopLooking = undefined;
      for (const lane of [...this.#lanes]) this.#renew(lane);
      this.#letGo();
      this.#look();
    });
  }

  #letGo(): void {
    const { idle, min } = this.#settings.pool;
    for (const lane of [...this.#lanes].reverse().sort((one, other) => Number(one.isUp) - Number(other.isUp))) {
      if (this.#lanes.length <= min) return;
      if (idle === 0 || lane.isComing || !lane.hasRested(idle) || this.#isNeeded(lane)) continue;
      this.#lanes.splice(this.#lanes.indexOf(lane), 1);
      void lane.transport.close();
    }
  }

  /** A fresh socket takes the place of one that is old; what is under way on that one may end first. */
  #renew(old: Lane): void {
    if (this.#isNeeded(old) || !old.isOlderThan(this.#settings.pool.lifetime)) return;
    const fresh = this.#another();
    this.#lanes[this.#lanes.indexOf(old)] = fresh;
    this.#leaving.add(old);
    this.#closeInTime(old);
    void this.#raise(fresh);
  }

  #closeInTime(lane: Lane): void {
    after(REST, () => {
      if (lane.isUp && (!lane.hasRested(REST) || this.#isNeeded(lane))) return this.#closeInTime(lane);
      this.#leaving.delete(lane);
      void lane.transport.close();
    });
  }

  /** Whether the server keeps something on it. */
  #isNeeded({ transport: { line } }: Lane): boolean {
    return line !== undefined && this.#host.needs(line);
  }
}

const NOT_TAKEN = 'it did not take what the others had taken';

/** A sign-in is made once; the other sockets are told of it by its token. */
function othersCall(call: RpcCall, result: unknown): RpcCall {
  const token = tokensOf(result)?.token;
  const [given] = call.params as readonly [{ readonly key?: unknown }?];
  if (typeof given?.key === 'string') return call; // a bearer key: its token signs nobody in
  const signsIn = call.method === 'signin' || call.method === 'signup' || call.method === 'refresh';
  return signsIn && token !== undefined ? { ...call, method: 'authenticate', params: [token] } : call;
}

function changedMeanwhile(): ConnectionError {
  return new ConnectionError({
    what: 'The session has changed while another socket was being opened',
    outcome: 'not-sent',
  });
}

function closedError(): ConnectionError {
  return new ConnectionError({ what: 'The connection is closed', outcome: 'not-sent' });
}
