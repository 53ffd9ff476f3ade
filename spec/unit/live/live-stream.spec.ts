import { LiveStream, type LiveSource, type LiveStreamOptions } from '../../../lib/live/index.js';
import type { LiveChange } from '../../../lib/subscribers/index.js';
import { RecordId } from '../../../lib/values/index.js';

interface Item {
  readonly n: number;
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

function change(n: number, action: 'create' | 'update' | 'delete' | 'leave' = 'create'): LiveChange<Item> {
  return { action, id: new RecordId('item', n), entity: { n }, changedFields: undefined };
}

function open(options: LiveStreamOptions = {}) {
  const box: { source?: LiveSource<Item> } = {};
  let stops = 0;
  const reported: unknown[] = [];
  const stream = new LiveStream<Item>(
    (given) => {
      box.source = given;
      return () => void stops++;
    },
    { report: (error) => reported.push(error), ...options },
  );
  const source = box.source as LiveSource<Item>;
  return {
    stream,
    source,
    reported,
    push: (...numbers: number[]) => numbers.forEach((n) => source.push(change(n))),
    stops: () => stops,
  };
}

async function numbers(stream: LiveStream<Item>): Promise<(number | undefined)[]> {
  const all: (number | undefined)[] = [];
  for await (const each of stream) all.push(each.entity?.n);
  return all;
}

describe('as an async iterator', () => {
  it('gives what came before the first reader, and what comes while it waits, in order', async () => {
    const { stream, source, push } = open();
    push(1, 2);
    const all = numbers(stream);
    await tick();
    push(3);
    await tick();
    push(4, 5);
    source.end();
    expect(await all).toEqual([1, 2, 3, 4, 5]);
  });

  it('answers several pending reads in order', async () => {
    const { stream, source, push } = open();
    const reads = [stream.next(), stream.next(), stream.next()];
    push(1, 2);
    source.end();
    expect(await Promise.all(reads)).toEqual([
      { done: false, value: change(1) },
      { done: false, value: change(2) },
      { done: true, value: undefined },
    ]);
  });

  it('is closed by leaving the loop', async () => {
    const { stream, push, stops } = open();
    push(1, 2, 3);
    for await (const each of stream) if (each.entity?.n === 2) break;
    expect(stops()).toBe(1);
    expect(stream.closed).toBe(true);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('delivers what waits before the error, and the error once', async () => {
    const { stream, source, push, stops } = open();
    const error = new Error('killed');
    push(1);
    source.end(error);
    push(2);
    expect(stream.closed).toBe(true);
    expect(stops()).toBe(1);
    expect(await stream.next()).toMatchObject({ value: { entity: { n: 1 } } });
    await expect(stream.next()).rejects.toBe(error);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('rejects the first pending read with the error and finishes the others', async () => {
    const { stream, source } = open();
    const error = new Error('gone');
    const first = stream.next().catch((thrown: unknown) => thrown);
    const second = stream.next();
    source.end(error);
    expect(await first).toBe(error);
    expect(await second).toEqual({ done: true, value: undefined });
  });

  it('drops what waits on close, stops the source once, and finishes readers', async () => {
    const { stream, push, stops } = open();
    push(1, 2);
    await Promise.all([stream.close(), stream.close()]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    const other = open();
    const read = other.stream.next();
    await other.stream.close();
    expect(await read).toEqual({ done: true, value: undefined });
    expect([stops(), other.stops()]).toEqual([1, 1]);
  });

  it('waits in close for the source to stop, and says when that fails', async () => {
    const error = new Error('KILL refused');
    const stream = new LiveStream<Item>(() => async () => {
      await tick();
      throw error;
    });
    await expect(stream.close()).rejects.toBe(error);
  });

  it('is disposed of by await using', async () => {
    const { stream, stops } = open();
    await stream[Symbol.asyncDispose]();
    expect(stops()).toBe(1);
  });

  it('stands a source that ends while it is being connected', async () => {
    let stops = 0;
    const stream = new LiveStream<Item>((source) => {
      source.push(change(1));
      source.end(new Error('at once'));
      return () => void stops++;
    });
    expect(await stream.next()).toMatchObject({ value: { entity: { n: 1 } } });
    await expect(stream.next()).rejects.toThrow('at once');
    expect(stops).toBe(1);
  });
});

describe('with callbacks', () => {
  it('sorts events by action and calls close in the end', async () => {
    const { stream, source } = open();
    const log: string[] = [];
    stream
      .on('create', ({ entity }) => log.push(`create ${entity.n}`))
      .on('update', ({ entity }) => log.push(`update ${entity.n}`))
      .on('leave', ({ entity }) => log.push(`leave ${entity.n}`))
      .on('close', () => log.push('close'));
    source.push(change(1));
    source.push(change(1, 'update'));
    source.push(change(1, 'leave'));
    source.push(change(1, 'delete'));
    await stream.close();
    expect(log).toEqual(['create 1', 'update 1', 'leave 1', 'close']);
  });

  it('replays what came before the first callback to all callbacks of that moment, then the end', async () => {
    const { stream, source, push } = open();
    const log: string[] = [];
    const error = new Error('gone');
    push(1, 2);
    stream.on('delete', () => log.push('delete'));
    stream.on('create', ({ entity }) => log.push(`a${entity.n}`));
    stream.on('create', ({ entity }) => log.push(`b${entity.n}`));
    stream.on('error', (thrown) => log.push(String(thrown)));
    push(3);
    source.end(error);
    expect(log).toEqual([]);
    await tick();
    expect(log).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3', 'Error: gone']);
  });

  it('keeps nothing for a reader that is not there', async () => {
    const { stream, push } = open({ buffer: 2 });
    let count = 0;
    stream.on('create', () => void count++);
    push(1, 2, 3, 4, 5);
    expect(count).toBe(5);
    expect(stream.closed).toBe(false);
  });

  it('feeds callbacks and a loop alike', async () => {
    const { stream, source, push } = open();
    const called: number[] = [];
    const all = numbers(stream);
    stream.on('create', ({ entity }) => called.push(entity.n));
    push(1, 2);
    source.end();
    expect(await all).toEqual([1, 2]);
    expect(called).toEqual([1, 2]);
  });

  it('removes a callback', () => {
    const { stream, push } = open();
    const called: number[] = [];
    const listener = ({ entity }: { entity: Item }) => called.push(entity.n);
    stream.on('create', listener);
    push(1);
    stream.off('create', listener);
    push(2);
    expect(called).toEqual([1]);
  });

  it('survives callbacks that throw or reject, and reports them', async () => {
    const { stream, push, reported } = open();
    const [a, b] = [new Error('a'), new Error('b')];
    const called: number[] = [];
    stream.on('create', () => {
      throw a;
    });
    stream.on('create', () => Promise.reject(b));
    stream.on('create', ({ entity }) => called.push(entity.n));
    push(1, 2);
    await tick();
    expect(called).toEqual([1, 2]);
    expect(reported).toEqual([a, a, b, b]);
  });

  it('tells a late listener of the end', async () => {
    const { stream, source } = open();
    const error = new Error('gone');
    source.end(error);
    const log: unknown[] = [];
    stream.on('error', (thrown) => log.push(thrown)).on('close', () => log.push('close'));
    await tick();
    expect(log).toEqual([error, 'close']);
  });

  it('reports an error that nobody listens for', () => {
    const { stream, source, reported } = open();
    const error = new Error('gone');
    stream.on('create', () => undefined);
    source.end(error);
    expect(reported).toEqual([error]);
  });

  it('reports no error that a listener, an observer or a loop hears', async () => {
    const error = new Error('gone');
    for (const hear of [
      (stream: LiveStream<Item>) => void stream.on('error', () => undefined).on('create', () => undefined),
      (stream: LiveStream<Item>) => void stream.subscribe({ error: () => undefined }),
      (stream: LiveStream<Item>) => void stream.next().catch(() => undefined),
    ]) {
      const { stream, source, reported } = open();
      hear(stream);
      source.end(error);
      expect(reported).toEqual([]);
    }
  });
});

describe('as an observable', () => {
  it('hands events, then completes', async () => {
    const { stream, push } = open();
    const log: unknown[] = [];
    const subscription = stream.subscribe({
      next: ({ entity }) => log.push(entity?.n),
      complete: () => log.push('done'),
    });
    push(1);
    expect(subscription.closed).toBe(false);
    await stream.close();
    expect(log).toEqual([1, 'done']);
    expect(subscription.closed).toBe(true);
  });

  it('hands the error instead of completing', () => {
    const { stream, source } = open();
    const log: unknown[] = [];
    const error = new Error('gone');
    stream.subscribe({ error: (thrown) => log.push(thrown), complete: () => log.push('done') });
    source.end(error);
    expect(log).toEqual([error]);
  });

  it('takes a function alone and replays to it', async () => {
    const { stream, push } = open();
    const log: unknown[] = [];
    push(1);
    stream.subscribe(({ entity }) => log.push(entity?.n));
    push(2);
    await tick();
    expect(log).toEqual([1, 2]);
  });

  it('closes the stream with the last observer, unless somebody else reads', async () => {
    const alone = open();
    const first = alone.stream.subscribe(() => undefined);
    const second = alone.stream.subscribe(() => undefined);
    first.unsubscribe();
    expect(alone.stream.closed).toBe(false);
    second.unsubscribe();
    second.unsubscribe();
    expect(alone.stream.closed).toBe(true);
    expect(alone.stops()).toBe(1);
    const shared = open();
    shared.stream.on('update', () => undefined);
    shared.stream.subscribe(() => undefined).unsubscribe();
    expect(shared.stream.closed).toBe(false);
  });

  it('finishes an observer that comes after the end', async () => {
    const { stream } = open();
    await stream.close();
    const log: unknown[] = [];
    stream.subscribe({ complete: () => log.push('done') });
    await tick();
    expect(log).toEqual(['done']);
  });

  it('is found under the key that RxJS looks for, with and without Symbol.observable', () => {
    const holder = Symbol as { observable?: symbol };
    expect(holder.observable).toBeUndefined();
    const { stream } = open();
    expect((stream as unknown as Record<string, () => unknown>)['@@observable']?.()).toBe(stream);
    holder.observable = Symbol('observable');
    try {
      const other = open().stream;
      expect((other as unknown as Record<symbol, () => unknown>)[holder.observable]?.()).toBe(other);
    } finally {
      delete holder.observable;
    }
  });
});

describe('overflow', () => {
  it('ends the stream with an error after the events that wait', async () => {
    const { stream, push, stops } = open({ buffer: 3 });
    push(1, 2, 3, 4, 5);
    expect(stops()).toBe(1);
    for (const n of [1, 2, 3]) expect(await stream.next()).toMatchObject({ value: { entity: { n } } });
    await expect(stream.next()).rejects.toMatchObject({
      code: 'LIVE',
      reason: 'overflow',
      message: expect.stringContaining('3 events wait'),
    });
  });

  it('lets the waiting events give way to one resync where asked to', async () => {
    const { stream, push, stops } = open({ buffer: 3, overflow: 'resync' });
    push(1, 2, 3, 4, 5, 6);
    expect(stops()).toBe(0);
    expect(await stream.next()).toMatchObject({ value: { action: 'resync', entity: undefined } });
    expect(await stream.next()).toMatchObject({ value: { entity: { n: 5 } } });
    push(7);
    expect(await stream.next()).toMatchObject({ value: { entity: { n: 6 } } });
    expect(await stream.next()).toMatchObject({ value: { entity: { n: 7 } } });
  });

  it('holds 10,000 events by default, and takes them out in linear time', async () => {
    const { stream, push } = open();
    for (let n = 0; n < 10_000; n++) push(n);
    expect(stream.closed).toBe(false);
    for (let n = 0; n < 10_000; n++) expect((await stream.next()).value?.entity?.n).toBe(n);
    for (let n = 0; n <= 10_000; n++) push(n);
    expect(stream.closed).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a buffer of %p', (buffer) => {
    expect(() => open({ buffer })).toThrow(/cannot have the option { buffer/);
  });
});

describe('a signal', () => {
  it('closes the stream', async () => {
    const controller = new AbortController();
    const { stream, push, stops } = open({ signal: controller.signal });
    push(1);
    controller.abort();
    expect(stops()).toBe(1);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('is let go of when the stream ends', async () => {
    const controller = new AbortController();
    const removed = jest.spyOn(controller.signal, 'removeEventListener');
    await open({ signal: controller.signal }).stream.close();
    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });

  it('that is aborted already closes at once', () => {
    const { stream, stops } = open({ signal: AbortSignal.abort() });
    expect(stream.closed).toBe(true);
    expect(stops()).toBe(1);
  });
});
