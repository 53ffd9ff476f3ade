import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { startServer, type RunningServer } from '../../lib/server/index.js';
import { eventually } from './support/eventually.js';

interface Message {
  readonly id?: unknown;
  readonly session?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

/** A client that speaks JSON, as those without CBOR do. */
class JsonSocket {
  readonly #socket: WebSocket;
  readonly frames: { readonly message: Message; readonly isBinary: boolean }[] = [];
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) =>
      this.frames.push({ message: JSON.parse(data.toString()) as Message, isBinary }),
    );
  }

  static async open(url: string): Promise<JsonSocket> {
    const socket = new WebSocket(url, ['json']);
    await new Promise((resolve) => socket.once('open', resolve));
    return new JsonSocket(socket);
  }

  async call(method: string, params: readonly unknown[] = [], extra: object = {}): Promise<Message> {
    const id = `r${(this.#last += 1)}`;
    this.#socket.send(JSON.stringify({ id, method, params, ...extra }));
    return this.#frame(({ id: of }) => of === id);
  }

  /** The first message of that kind. */
  async #frame(isIt: (message: Message) => boolean): Promise<Message> {
    let found: Message | undefined;
    await eventually(() => {
      found = this.frames.find(({ message }) => isIt(message))?.message;
      expect(found).toBeDefined();
    });
    return found as Message;
  }

  notification(action: string): Promise<Message> {
    return this.#frame(({ result }) => (result as { action?: string } | undefined)?.action === action);
  }

  end(): void {
    this.#socket.close();
  }
}

describe('the json subprotocol', () => {
  let server: RunningServer;
  let client: JsonSocket;
  beforeAll(async () => {
    server = await startServer({ user: 'root', pass: 'root' });
    client = await JsonSocket.open(server.wsUrl);
    await client.call('signin', [{ user: 'root', pass: 'root' }]);
    await client.call('use', ['test', 'json']);
  });
  afterAll(async () => {
    client.end();
    await server.close();
  });

  it('has live queries, whose news are text frames', async () => {
    await client.call('query', ['DEFINE TABLE note']);
    const { result: id } = await client.call('live', ['note']);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    await client.call('create', ['note:one', { text: 'hello', at: '2024-01-02T03:04:05Z' }]);
    expect(await client.notification('CREATE')).toEqual({
      result: {
        id,
        action: 'CREATE',
        record: 'note:one',
        result: { id: 'note:one', text: 'hello', at: '2024-01-02T03:04:05Z' },
        session: expect.any(String),
      },
    });
    await client.call('kill', [id]);
    expect(await client.notification('KILLED')).toMatchObject({ result: { id } });
    expect(client.frames.filter(({ isBinary }) => isBinary)).toEqual([]);
  });

  it('has sessions and transactions, whose uuids are text', async () => {
    const session = randomUUID();
    expect(await client.call('attach', [], { session })).toMatchObject({ session });
    expect((await client.call('query', ['RETURN 1'], { session })).error).toMatchObject({ code: -32002 });
    await client.call('signin', [{ user: 'root', pass: 'root' }], { session });
    await client.call('use', ['test', 'elsewhere'], { session });
    const place = await client.call('query', ['RETURN session::db()'], { session });
    expect(place).toMatchObject({ session, result: [{ result: 'elsewhere' }] });

    await client.call('query', ['DEFINE TABLE kept'], { session });
    const { result: txn } = await client.call('begin', [], { session });
    await client.call('create', ['kept:1', { n: 1 }], { session, txn });
    expect(await client.call('select', ['kept'], { session })).toMatchObject({ result: [] });
    await client.call('commit', [txn], { session });
    expect(await client.call('select', ['kept'], { session })).toMatchObject({ result: [{ id: 'kept:1', n: 1 }] });
    expect((await client.call('sessions')).result).toEqual([session]);
    await client.call('detach', [], { session });
    expect((await client.call('query', ['RETURN 1'], { session })).error).toMatchObject({
      message: `Session not found: ${session}`,
    });
  });

  it('answers ping, and what it does not know with an error', async () => {
    expect(await client.call('ping')).toEqual({ id: expect.any(String), result: null });
    expect((await client.call('nonsense')).error).toMatchObject({ code: -32601 });
  });
});
