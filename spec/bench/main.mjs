// The same work through Reverie and through the official client, each on an embedded engine of its own in one process,
// in turns. What counts are the ratios: absolute times are the machine's.
import { createNodeEngines } from '@surrealdb/node';
import Table from 'cli-table3';
import { RecordId, Surreal } from 'surrealdb';
import { Reverie } from '../../dist/esm/index.js';
import { data, Item } from './item.mjs';
import { measureManaged } from './managed.mjs';
import { measureNested, printNested } from './nested.mjs';
import { measureStreams, printStreams } from './streams.mjs';
import { collect, median, timed } from './times.mjs';

const ROWS = 10_000;
const CHANGED = 1_000;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

async function main() {
  const orm = await Reverie.init({ url: 'mem://', namespace: 'bench', database: 'bench', entities: [Item] });
  const client = new Surreal({ engines: createNodeEngines() });
  await client.connect('mem://');
  await client.use({ namespace: 'bench', database: 'bench' });
  await client.query(orm.schema.toSurql());
  const cases = [
    ['find 10,000 rows as managed entities', findAll],
    ['findOne by id', findOne],
    ['1,000 concurrent findOne', findMany],
    [`flush of ${CHANGED.toLocaleString('en')} changed`, flushChanged],
    [`flush of ${ROWS.toLocaleString('en')} new`, flushNew],
  ];
  await seed(orm, client);
  const table = new Table({
    head: ['', 'Reverie ms', 'official client ms', 'ratio'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const [title, run] of cases) {
    const pairs = await measure(() => run({ orm, client }));
    const [ours, theirs] = [0, 1].map((side) => median(pairs.map((pair) => pair[side])));
    table.push([title, ours.toFixed(2), theirs.toFixed(2), median(pairs.map(([a, b]) => a / b)).toFixed(2)]);
  }
  console.log(`${ROUNDS} rounds after a warm-up, medians; Node ${process.version}`);
  console.log(table.toString());
  await orm.close();
  await client.close();
  printManaged(await measureManaged(ROUNDS));
  printNested(await measureNested(ROUNDS));
  printStreams(await measureStreams());
}

function printManaged({ managed, load, flush, percent, bytes }) {
  const table = new Table({ style: { head: [], border: [] }, colAligns: ['left', 'right'] });
  const count = managed.toLocaleString('en');
  table.push(
    [`loading ${count} managed entities, ms`, load.toFixed(0)],
    ['a flush of them that finds no change, ms', flush.toFixed(1)],
    ['… as % of loading them', percent.toFixed(2)],
    ['heap per managed entity, bytes', String(bytes)],
  );
  console.log(table.toString());
}

async function seed(orm, client) {
  const rows = Array.from({ length: ROWS }, (_, i) => ({ id: i, ...data(i) }));
  await orm.em.fork().insert(Item, rows);
  for (let i = 0; i < ROWS; i += 100) {
    await client.query('INSERT INTO item $rows RETURN NONE', {
      rows: rows.slice(i, i + 100).map((row) => ({ ...row, id: new RecordId('item', row.id) })),
    });
  }
}

/** Pairs of times, the order within a pair alternating. */
async function measure(run) {
  const { ours, theirs } = run();
  await ours();
  await theirs();
  const pairs = [];
  for (let round = 0; round < ROUNDS; round++) {
    const order = round % 2 === 0 ? [ours, theirs] : [theirs, ours];
    const times = [];
    for (const side of order) {
      collect();
      times.push(await side());
    }
    pairs.push(round % 2 === 0 ? times : times.reverse());
  }
  return pairs;
}

function findAll({ orm, client }) {
  return {
    ours: () => timed(() => orm.em.fork().find(Item)),
    theirs: () => timed(() => client.query('SELECT * FROM item').collect()),
  };
}

function findOne({ orm, client }) {
  const times = 200;
  const each = async (one) =>
    (await timed(async () => {
      for (let i = 0; i < times; i++) await one(i * 7);
    })) / times;
  return {
    ours: () => each((i) => orm.em.fork().findOne(Item, i)),
    theirs: () => each((i) => client.select(new RecordId('item', i))),
  };
}

function findMany({ orm, client }) {
  const ids = Array.from({ length: 1_000 }, (_, i) => i * 3);
  return {
    ours: () =>
      timed(() => {
        const em = orm.em.fork();
        return Promise.all(ids.map((id) => em.findOne(Item, id)));
      }),
    theirs: () => timed(() => Promise.all(ids.map((id) => client.select(new RecordId('item', id))))),
  };
}

/** With the client there is nothing but one update a record; in one transaction, as a flush is. */
function flushChanged({ orm, client }) {
  let version = 0;
  return {
    async ours() {
      const em = orm.em.fork();
      const items = await em.find(Item, { rank: { $lt: CHANGED } });
      version++;
      for (const item of items) item.score = item.rank + version;
      return timed(() => em.flush());
    },
    async theirs() {
      version++;
      return timed(async () => {
        const transaction = await client.beginTransaction();
        await Promise.all(
          Array.from({ length: CHANGED }, (_, i) =>
            transaction.update(new RecordId('item', i)).merge({ score: i + version }),
          ),
        );
        await transaction.commit();
      });
    },
  };
}

/** The client's own bulk insert, in chunks that the memory engine takes well. */
function flushNew({ orm, client }) {
  let next = ROWS;
  const ids = () => Array.from({ length: ROWS }, () => next++);
  return {
    async ours() {
      const em = orm.em.fork();
      const mine = ids();
      for (const id of mine) em.create(Item, { id, ...data(id) });
      const time = await timed(() => em.flush());
      await remove(client, orm, mine);
      return time;
    },
    async theirs() {
      const mine = ids();
      const rows = mine.map((id) => ({ id: new RecordId('item', id), ...data(id) }));
      const time = await timed(async () => {
        for (let i = 0; i < rows.length; i += 100) await client.insert(rows.slice(i, i + 100));
      });
      await remove(client, orm, mine);
      return time;
    },
  };
}

async function remove(client, orm, ids) {
  await client.query('DELETE item WHERE id.id() >= $first', { first: ids[0] });
  await orm.driver.query('DELETE item WHERE id.id() >= $first', { first: ids[0] });
}

// `npm run bench -- nested` measures the fetches alone, `npm run bench -- streams` the streams.
if (process.argv[2] === 'nested') printNested(await measureNested(ROUNDS));
else if (process.argv[2] === 'streams') printStreams(await measureStreams());
else await main();
