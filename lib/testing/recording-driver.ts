import type { Capabilities } from '../driver/capabilities.js';
import { isAtLeast } from '../driver/capability-record.js';
import type {
  Driver,
  DriverTransaction,
  LiveChannel,
  LiveNotification,
  LiveRequest,
  QueryRequest,
  ServerFault,
  StatementResult,
} from '../driver/driver.js';
import { ValidationError } from '../errors/index.js';
import { Uuid } from '../values/index.js';

/** One answer: a list of statement results, or an error to reject with. */
export type RecordedAnswer = readonly StatementResult[] | Error;

export interface RecordingDriverOptions {
  readonly capabilities?: Partial<Capabilities>;
  /** Answers every request that no queued answer is there for; without it such a request is an error. */
  readonly answer?: (request: QueryRequest) => RecordedAnswer;
}

/** A request as it was made; `transaction` names the interactive transaction it was made in. */
export type RecordedRequest = QueryRequest & { readonly transaction?: Uuid };

const CAPABILITIES: Capabilities = Object.freeze({
  transport: 'embedded',
  version: '3.0.2',
  engine: 'mem',
  live: true,
  interactiveTransactions: true,
  sessions: true,
  isAtLeast: (wanted: string) => isAtLeast('3.0.2', wanted),
  insertChunk: 100,
  maxRequestBytes: 2 ** 30,
});

/**
 * A driver without a database: it records requests and answers from a queue or a function.
 *
 * ```ts
 * const driver = new RecordingDriver().reply(RecordingDriver.ok([{ id: new RecordId('user', 1) }]));
 * await driver.execute({ text: 'SELECT * FROM user', bindings: {}, access: 'read', purpose: 'find' });
 * driver.requests[0].text // 'SELECT * FROM user'
 * ```
 */
export class RecordingDriver implements Driver {
  readonly capabilities: Capabilities;
  readonly requests: RecordedRequest[] = [];
  readonly liveRequests: LiveRequest[] = [];
  readonly channels: RecordedChannel[] = [];
  /** What became of each transaction, in the order they were begun. */
  readonly transactions: { readonly id: Uuid; state: 'open' | 'committed' | 'cancelled' }[] = [];
  closed = false;
  readonly #answers: RecordedAnswer[] = [];
  readonly #answer: ((request: QueryRequest) => RecordedAnswer) | undefined;

  constructor(options: RecordingDriverOptions = {}) {
    this.capabilities = Object.freeze({ ...CAPABILITIES, ...options.capabilities });
    this.#answer = options.answer;
  }

  /** Results of one statement each, all of them successful. */
  static ok(...values: readonly unknown[]): StatementResult[] {
    return values.map((value) => ({ ok: true, value, time: '0ns' }));
  }

  /** A failed statement's result. */
  static fault(message: string, fault: Omit<ServerFault, 'message'> = {}): StatementResult {
    return { ok: false, error: { message, ...fault }, time: '0ns' };
  }

  /** Queues answers for the requests to come, in order. */
  reply(...answers: readonly RecordedAnswer[]): this {
    this.#answers.push(...answers);
    return this;
  }

  /** The texts of the requests so far. */
  get texts(): string[] {
    return this.requests.map(({ text }) => text);
  }

  execute(request: QueryRequest): Promise<readonly StatementResult[]> {
    return this.#run(request);
  }

  live(request: LiveRequest): Promise<LiveChannel> {
    this.liveRequests.push(request);
    const channel = new RecordedChannel();
    this.channels.push(channel);
    return Promise.resolve(channel);
  }

  begin(): Promise<DriverTransaction> {
    const record: (typeof this.transactions)[number] = { id: Uuid.v7(), state: 'open' };
    this.transactions.push(record);
    const end = (state: 'committed' | 'cancelled') => {
      if (record.state === 'open') record.state = state;
      return Promise.resolve();
    };
    return Promise.resolve({
      id: record.id,
      execute: (request) => this.#run({ ...request, transaction: record.id }),
      isRollbackOnly: false,
      commit: () => end('committed'),
      cancel: () => end('cancelled'),
    });
  }

  close(): Promise<void> {
    this.closed = true;
    for (const channel of this.channels) channel.end('closed');
    return Promise.resolve();
  }

  async #run(request: RecordedRequest): Promise<readonly StatementResult[]> {
    this.requests.push(request);
    const answer = this.#answers.length > 0 ? this.#answers.shift() : this.#answer?.(request);
    if (answer === undefined) throw unanswered(request);
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

/** A live query without a server: the test says what arrives and when it ends. */
export class RecordedChannel implements LiveChannel {
  readonly id = Uuid.v7();
  closed = false;
  readonly #listeners: ((notification: LiveNotification) => void)[] = [];
  readonly #endListeners: Parameters<LiveChannel['onEnd']>[0][] = [];
  readonly #resubscribeListeners: (() => void)[] = [];
  #ended = false;

  on(listener: (notification: LiveNotification) => void): void {
    this.#listeners.push(listener);
  }

  onResubscribed(listener: () => void): void {
    this.#resubscribeListeners.push(listener);
  }

  onEnd(listener: Parameters<LiveChannel['onEnd']>[0]): void {
    this.#endListeners.push(listener);
  }

  notify(notification: LiveNotification): void {
    for (const listener of this.#listeners) listener(notification);
  }

  end(reason: 'closed' | 'killed' | 'disconnected', error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const listener of this.#endListeners) listener(reason, error);
  }

  close(): Promise<void> {
    this.closed = true;
    this.end('closed');
    return Promise.resolve();
  }
}

function unanswered({ text }: QueryRequest): ValidationError {
  return new ValidationError({
    what: 'The recording driver has no answer for a request',
    why: `it was asked: ${text}`,
    fix: 'queue one with driver.reply(…), or give { answer: (request) => … }',
  });
}
