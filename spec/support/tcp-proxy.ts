import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

type Direction = 'up' | 'down';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Stands between a client and a server, and does to their connections what networks do. */
export class TcpProxy {
  /** Where connections lead; may change while the proxy runs. */
  target: number;
  /** New connections are cut at once. */
  refuses = false;
  /** Everything that is sent vanishes, and nobody is told: a half-open connection. */
  blackHole = false;
  /** Bytes a write; 0 for as they come. */
  fragment = 0;
  /** Called with each piece before it is handed on; `false` swallows it. */
  inspect: (direction: Direction, bytes: Buffer) => boolean | void = () => undefined;
  /** Connections taken so far. */
  accepted = 0;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();

  private constructor(target: number) {
    this.target = target;
    this.#server = createServer((client) => this.#take(client));
  }

  static async start(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#pairs.size;
  }

  /** Resets every connection. */
  cut(): void {
    for (const { client, server } of [...this.#pairs]) {
      client.destroy();
      server.destroy();
    }
  }

  /** Resets the connection that was taken so many connections after the oldest that is open. */
  cutOne(at = 0): void {
    const { client, server } = [...this.#pairs][at] as Pair;
    client.destroy();
    server.destroy();
  }

  /** Takes nothing further from either side until `resume`: the network is slow, the connection lives. */
  stall(): void {
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  resume(): void {
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(client: Socket): void {
    this.accepted += 1;
    client.on('error', () => undefined);
    if (this.refuses) return void client.destroy();
    const server = connect(this.target, '127.0.0.1');
    const pair = { client, server };
    this.#pairs.add(pair);
    server.on('error', () => undefined);
    client.setNoDelay(true);
    server.setNoDelay(true);
    for (const [from, to, direction] of [
      [client, server, 'up'],
      [server, client, 'down'],
    ] as const) {
      from.on('data', (bytes: Buffer) => this.#hand(to, direction, bytes));
      from.on('close', () => {
        to.destroy();
        this.#pairs.delete(pair);
      });
    }
  }

  #hand(to: Socket, direction: Direction, bytes: Buffer): void {
    if (this.blackHole || this.inspect(direction, bytes) === false) return;
    if (this.fragment === 0) return void to.write(bytes);
    for (let at = 0; at < bytes.length; at += this.fragment) to.write(bytes.subarray(at, at + this.fragment));
  }
}
