import { thrownText } from '../thrown.js';
import { ConnectionError } from '../../errors/index.js';
import { decode, encodeRequest } from '../codec/index.js';
import type { Settings } from '../connect-options.js';
import { isObject } from '../fault-kind.js';
import type { Flight } from '../flight.js';
import { fly } from '../flight.js';
import { RequestTooLarge } from '../request-too-large.js';
import { faultFrom, RpcFault } from '../rpc-fault.js';
import { Line } from '../transport/line.js';
import type { RpcCall, Send, Transport, TransportHost } from '../transport/transport.js';
import { parseEngineUrl, type Storage } from './engine-url.js';
import { openEngine, type NativeEngine } from './native-engine.js';
import { assertNoPanic } from './panic-guard.js';
import { assertStack } from './stack-guard.js';
import { assertUse } from './use-guard.js';
import { WriteGate } from './write-gate.js';

/** An engine inside this process: the frames of the wire without a wire, and the write gate that its storage needs. */
export class EmbeddedTransport implements Transport {
  readonly kind = 'embedded';
  readonly engine: Storage;
  readonly maxRequestBytes = 2 ** 30;
  readonly #url: string;
  readonly #settings: Settings;
  readonly #host: TransportHost;
  readonly #gate: WriteGate;
  readonly #line = Line.steady(this);
  #open: Promise<NativeEngine> | undefined;
  #listening = false;
  #closed = false;

  constructor(url: string, settings: Settings, host: TransportHost) {
    this.engine = parseEngineUrl(url).storage;
    this.#url = url;
    this.#settings = settings;
    this.#host = host;
    // rocksdb's own conflict detection is sound; the other two lose updates under parallel commits.
    const gated = this.engine !== 'rocksdb' && settings.shields.writeGate !== false;
    this.#gate = gated ? new WriteGate() : WriteGate.open();
  }

  async open(): Promise<void> {
    await this.#opened();
  }

  async pin(): Promise<Line> {
    await this.#opened();
    return this.#line;
  }

  async call(call: RpcCall, flight: Flight): Promise<unknown> {
    return this.#run(await this.#opened(), call, flight);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const engine = await this.#open?.catch(() => undefined);
    await engine?.free();
  }

  #opened(): Promise<NativeEngine> {
    if (this.#closed) throw closedError();
    if (this.#open === undefined) this.#open = this.#start();
    return this.#open;
  }

  async #start(): Promise<NativeEngine> {
    const { connectTimeout, capabilities } = this.#settings;
    const engine = await openEngine(this.#url, {
      openTimeout: connectTimeout,
      ...(capabilities !== undefined && { capabilities }),
    });
    try {
      const send: Send = (method, params, access = 'read') =>
        fly({ timeout: connectTimeout, signal: undefined, name: method }, (flight) =>
          this.#run(engine, { method, params, access }, flight),
        );
      await this.#host.prepare(send);
    } catch (error) {
      await engine.free();
      throw error;
    }
    return engine;
  }

  #run(engine: NativeEngine, call: RpcCall, flight: Flight): Promise<unknown> {
    if (call.method === 'use') assertUse(call.params);
    if (call.method === 'query') assertStack(String(call.params[0]));
    const { method, params, session, txn } = call;
    const request = encodeRequest({
      method,
      params,
      ...(session !== undefined && { session }),
      ...(txn !== undefined && { txn }),
    });
    RequestTooLarge.check(request.length, this.maxRequestBytes);
    // After encoding, which has refused what is circular.
    if (call.method === 'query') assertNoPanic(String(call.params[0]), call.params[1]);
    if (!this.#listening && opensLive(call)) void this.#listen(engine);
    const execute = async () => {
      flight.send();
      return read(await executed(engine, request));
    };
    // Inside an interactive transaction nothing is committed yet: its begin and its commit pass the gate.
    return call.access === 'write' && txn === undefined ? this.#gate.run(execute) : execute();
  }

  /** From the first LIVE on: whoever waits for notifications keeps the process alive until the engine is closed. */
  async #listen(engine: NativeEngine): Promise<void> {
    this.#listening = true;
    const receiver = engine.notifications();
    for (;;) {
      const bytes = await receiver.recv().catch(() => null);
      if (bytes === null) return;
      this.#host.notify(decode(bytes));
    }
  }
}

/** May a call register a live query? Only then is there anything to listen for. */
function opensLive({ method, params }: RpcCall): boolean {
  return method === 'live' || (method === 'query' && /\blive\b/i.test(String(params[0])));
}

/** The engine rejects with a bare Error what it cannot even read, or cannot put into CBOR. */
async function executed(engine: NativeEngine, request: Uint8Array): Promise<Uint8Array> {
  try {
    return await engine.execute(request);
  } catch (error) {
    if (ConnectionError.is(error)) throw error;
    throw new RpcFault({
      message: thrownText(error),
      kind: 'Internal',
      cause: error,
    });
  }
}

/** The engine answers with the bare result, or with `{ error }`. */
function read(bytes: Uint8Array): unknown {
  const answer = decode(bytes);
  if (!isObject(answer)) return answer;
  const error = answer['error'];
  const isFault = isObject(error) && typeof error['message'] === 'string' && typeof error['code'] === 'number';
  if (isFault && Object.keys(answer).length === 1) throw new RpcFault(faultFrom(error));
  return answer;
}

function closedError(): ConnectionError {
  return new ConnectionError({
    what: 'The connection is closed',
    why: 'the call came after close()',
    outcome: 'not-sent',
  });
}
