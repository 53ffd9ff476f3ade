import type { Capabilities } from '../../lib/driver/capabilities.js';
import type { Driver, LiveChannel, LiveNotification, LiveRequest } from '../../lib/driver/driver.js';
import { RecordId, Uuid } from '../../lib/values/index.js';

type EndReason = 'closed' | 'killed' | 'disconnected';

/** One live query of the fake driver: the test plays the server. */
export class FakeChannel implements LiveChannel {
  readonly id = Uuid.v7();
  closed = 0;
  #listener: (notification: LiveNotification) => void = () => undefined;
  #onEnd: (reason: EndReason, error?: Error) => void = () => undefined;
  #onResubscribed: () => void = () => undefined;

  on(listener: (notification: LiveNotification) => void): void {
    this.#listener = listener;
  }

  onResubscribed(listener: () => void): void {
    this.#onResubscribed = listener;
  }

  onEnd(listener: (reason: EndReason, error?: Error) => void): void {
    this.#onEnd = listener;
  }

  async close(): Promise<void> {
    this.closed += 1;
    this.#onEnd('closed');
  }

  send(action: LiveNotification['action'], key: string, columns: object = {}): void {
    const record = new RecordId('user', key);
    this.#listener({ action, record, result: { id: record, ...columns } });
  }

  sendRaw(notification: LiveNotification): void {
    this.#listener(notification);
  }

  resubscribe(): void {
    this.#onResubscribed();
  }

  end(reason: EndReason, error?: Error): void {
    this.#onEnd(reason, error);
  }
}

export class FakeLiveDriver implements Pick<Driver, 'capabilities' | 'live'> {
  readonly requests: LiveRequest[] = [];
  readonly channels: FakeChannel[] = [];
  readonly capabilities: Capabilities;
  refuse: ((request: LiveRequest) => Error | undefined) | undefined;

  constructor(live = true) {
    this.capabilities = {
      transport: live ? 'embedded' : 'http',
      version: '3.0.2',
      engine: 'mem',
      live,
      interactiveTransactions: live,
      sessions: live,
      isAtLeast: () => true,
      insertChunk: 100,
      maxRequestBytes: 2 ** 20,
    };
  }

  async live(request: LiveRequest): Promise<LiveChannel> {
    this.requests.push(request);
    const refusal = this.refuse?.(request);
    if (refusal !== undefined) throw refusal;
    const channel = new FakeChannel();
    this.channels.push(channel);
    return channel;
  }

  get channel(): FakeChannel {
    const [first] = this.channels;
    if (first === undefined) throw new Error('no live query was opened');
    return first;
  }
}
