import { LiveManager, LiveStream, type LiveOpener, type LiveSource } from '../../../lib/live/index.js';
import type { LiveChange } from '../../../lib/subscribers/index.js';
import { RecordId } from '../../../lib/values/index.js';

class Item {
  n = 0;
}

const tick = () => new Promise((resolve) => setImmediate(resolve));
const change = (n: number, action: 'create' | 'update' | 'delete' = 'create'): LiveChange<Item> => ({
  action,
  id: new RecordId('item', n),
  entity: { n },
  changedFields: undefined,
});

function world() {
  const sources: LiveSource<Item>[] = [];
  let stops = 0;
  const em: LiveOpener = {
    live: () =>
      Promise.resolve(
        new LiveStream<Item>((source) => {
          sources.push(source);
          return () => void (stops += 1);
        }),
      ),
  };
  const errors: unknown[][] = [];
  const manager = new LiveManager(em, { onError: (...told) => void errors.push(told) });
  return { manager, sources, errors, stops: () => stops };
}

it('hands events to the handler of their stream, one after the other', async () => {
  const { manager, sources } = world();
  const log: string[] = [];
  const gates: (() => void)[] = [];
  await manager.watch(Item, {}, async ({ entity }) => {
    log.push(`begin ${entity?.n}`);
    await new Promise<void>((resolve) => gates.push(resolve));
    log.push(`end ${entity?.n}`);
  });
  await manager.watch(Item, {}, { delete: ({ entity }) => void log.push(`delete ${entity?.n}`) });
  sources[0]?.push(change(1));
  sources[0]?.push(change(2));
  sources[1]?.push(change(3));
  sources[1]?.push(change(4, 'delete'));
  await tick();
  expect(log).toEqual(['begin 1', 'delete 4']);
  gates[0]?.();
  await tick();
  expect(log).toEqual(['begin 1', 'delete 4', 'end 1', 'begin 2']);
  gates[1]?.();
  await manager.close();
});

it('tells of a handler that fails, with the event, and goes on', async () => {
  const { manager, sources, errors } = world();
  const seen: number[] = [];
  const stream = await manager.watch(Item, {}, ({ entity }) => {
    seen.push(entity?.n ?? -1);
    if (entity?.n === 1) throw new Error('no');
  });
  sources[0]?.push(change(1));
  sources[0]?.push(change(2));
  await tick();
  expect(seen).toEqual([1, 2]);
  expect(errors).toEqual([[new Error('no'), stream, change(1)]]);
  await manager.close();
});

it('forgets a stream that ends, and tells why', async () => {
  const { manager, sources, errors } = world();
  const stream = await manager.watch(Item, {}, () => undefined);
  expect(manager.streams).toEqual([stream]);
  sources[0]?.end(new Error('killed'));
  await tick();
  expect(manager.size).toBe(0);
  expect(errors).toEqual([[new Error('killed'), stream, undefined]]);
});

it('closes one or all, and waits for handlers that run', async () => {
  const { manager, sources, stops } = world();
  let open: () => void = () => undefined;
  let done = false;
  const one = await manager.watch(Item, {}, async () => {
    await new Promise<void>((resolve) => (open = resolve));
    done = true;
  });
  await manager.watch(Item, {}, () => undefined);
  await manager.watch(Item, {}, () => undefined);
  sources[0]?.push(change(1));
  await tick();
  const stopping = manager.stop(one);
  await tick();
  expect(done).toBe(false);
  open();
  await stopping;
  expect(done).toBe(true);
  expect([manager.size, stops()]).toEqual([2, 1]);
  await manager.close();
  await manager.close();
  expect([manager.size, stops()]).toEqual([0, 3]);
});
