import { Reverie } from '../../dist/esm/index.js';
import { data, Item } from './item.mjs';
import { collect, median, timed } from './times.mjs';

const MANAGED = 100_000;
const FLUSHES = 5;

/** What it costs to have many managed entities: how a flush that finds no change compares with loading them, and their memory. */
export async function measureManaged(rounds) {
  const orm = await Reverie.init({ url: 'mem://', namespace: 'bench', database: 'managed', entities: [Item] });
  await orm.em.fork().insert(
    Item,
    Array.from({ length: MANAGED }, (_, i) => ({ id: i, ...data(i) })),
  );
  const bytes = await heapPerEntity(orm);
  const pairs = [];
  for (let round = 0; round < rounds; round++) pairs.push(await loadAndFlush(orm));
  await orm.close();
  return {
    managed: MANAGED,
    load: median(pairs.map(([load]) => load)),
    flush: median(pairs.map(([, flush]) => flush)),
    percent: median(pairs.map(([load, flush]) => (100 * flush) / load)),
    bytes,
  };
}

/** Entity, tracked state, and the row that changes are found against. */
async function heapPerEntity(orm) {
  await orm.em.fork().find(Item, { rank: { $lt: 100 } });
  collect();
  const before = process.memoryUsage().heapUsed;
  const em = orm.em.fork();
  const items = await em.find(Item);
  collect();
  return Math.round((process.memoryUsage().heapUsed - before) / items.length);
}

/** No garbage is collected by force in between: that would throw away compiled code too. */
async function loadAndFlush(orm) {
  const em = orm.em.fork();
  const load = await timed(() => em.find(Item));
  const flushes = [];
  for (let i = 0; i < FLUSHES; i++) flushes.push(await timed(() => em.flush()));
  return [load, median(flushes)];
}
