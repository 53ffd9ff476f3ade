import Table from 'cli-table3';
import { Reverie } from '../../dist/esm/index.js';
import { data, Item } from './item.mjs';
import { collect, worked } from './times.mjs';

const FEW = 10_000;
const MANY = 100_000;

const STREAMS = [
  ['by the id', {}, {}],
  ['by the id, downwards', {}, { orderBy: { id: 'desc' } }],
  ['all but 10 match', { rank: { $gte: 10 } }, {}],
  ['one of ten matches', { labels: { $contains: 'l3' }, rank: { $gte: 0 } }, {}],
  ['filtered, downwards', { active: true }, { orderBy: { id: 'desc' } }],
];

/** What a row of a stream costs in a table of 10,000 rows and in one of 100,000: that it is the same. */
export async function measureStreams() {
  const few = await openItems(FEW);
  const many = await openItems(MANY);
  const results = [];
  for (const [title, where, options] of STREAMS) {
    const [small, large] = [[], []];
    // The first round warms up.
    for (let round = 0; round < 3; round++) {
      small.push(await perRow(few, where, options));
      large.push(await perRow(many, where, options));
    }
    results.push({ title, small: Math.min(...small.slice(1)), large: Math.min(...large.slice(1)) });
  }
  await Promise.all([few.close(), many.close()]);
  return results;
}

export function printStreams(results) {
  const table = new Table({
    head: [
      'em.stream, µs of work a row',
      `${FEW.toLocaleString('en')} rows`,
      `${MANY.toLocaleString('en')} rows`,
      'ratio',
    ],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { title, small, large } of results)
    table.push([title, small.toFixed(1), large.toFixed(1), (large / small).toFixed(2)]);
  console.log(table.toString());
}

async function openItems(count) {
  const orm = await Reverie.init({ url: 'mem://', namespace: 'bench', database: 'bench', entities: [Item] });
  const em = orm.em.fork();
  for (let start = 0; start < count; start += 5_000)
    await em.insert(
      Item,
      Array.from({ length: 5_000 }, (_, at) => ({ id: start + at, ...data(start + at) })),
    );
  return orm;
}

async function perRow(orm, where, options) {
  let rows = 0;
  collect();
  const time = await worked(async () => {
    for await (const item of orm.em.fork().stream(Item, where, options)) rows += item === undefined ? 0 : 1;
  });
  return (time * 1000) / rows;
}
