import Table from 'cli-table3';
import { Field, Id, In, Out, Relation, Reverie, Table as Entity } from '../../dist/esm/index.js';
import { collect, worked } from './times.mjs';

/** Rows in the small database; the large one has ten times as many, and as many children for each. */
const POSTS = 300;
const CHILDREN = 10;
const SHOWN = 20;

class User {}
class Tag {}
class Post {}
class Comment {}
class Liked {}

function declare(entity, table, { id = 'int', ...properties }) {
  Id(id)(entity.prototype, 'id');
  for (const [name, decorate] of Object.entries(properties)) decorate(entity.prototype, name);
  Entity(table)(entity);
}

declare(User, { name: 'user' }, { name: Field('string') });
declare(Tag, { name: 'tag' }, { name: Field('string'), n: Field('int') });
declare(
  Post,
  { name: 'post' },
  {
    title: Field('string'),
    author: Relation(() => User),
    tags: Relation(() => Tag, { many: true }),
    comments: Relation(() => Comment, { inverse: 'post' }),
    likedBy: Relation(() => User, { edge: () => Liked, direction: 'in' }),
  },
);
declare(
  Comment,
  { name: 'comment' },
  {
    text: Field('string'),
    n: Field('int'),
    hidden: Field('bool'),
    post: Relation(() => Post),
    by: Relation(() => User),
  },
);
declare(
  Liked,
  { name: 'liked', type: 'relation', in: () => User, out: () => Post },
  { id: 'string', in: In(), out: Out(), n: Field('int') },
);

const byN = { orderBy: { n: 'desc' } };
const PLANS = [
  ['link', { author: true }],
  ['link, filtered', { author: { where: { name: { $ne: 'nobody' } } } }],
  ['many links', { tags: true }],
  ['many links, filtered, ordered, limited', { tags: { where: { n: { $gte: 0 } }, ...byN, limit: 3 } }],
  ['inverse', { comments: true }],
  ['inverse, filtered', { comments: { where: { hidden: false } } }],
  ['inverse, ordered and limited', { comments: { ...byN, limit: 3 } }],
  ['inverse, filtered, ordered, limited', { comments: { where: { hidden: false }, ...byN, limit: 3 } }],
  ['inverse, counted', { comments: { count: true, limit: 3 } }],
  [
    'inverse, two names',
    {
      comments: [
        { as: 'latest', ...byN, limit: 3 },
        { as: 'secret', where: { hidden: true } },
      ],
    },
  ],
  ['edge', { likedBy: true }],
  ['edge, filtered', { likedBy: { where: { name: { $ne: 'nobody' } } } }],
  [
    'edge, filtered, ordered, limited',
    { likedBy: { where: { name: { $ne: 'nobody' } }, orderBy: { name: 'desc' }, limit: 3 } },
  ],
  ['edge, counted', { likedBy: { count: true, limit: 3 } }],
  [
    'nested: inverse, its link, its comments',
    {
      comments: {
        where: { hidden: false },
        ...byN,
        limit: 3,
        fetch: { by: true, post: { fetch: { comments: { limit: 2 } } } },
      },
    },
  ],
];

/** How much more work the same plan is, for the same rows, over tables ten times larger: in one run. */
export async function measureNested(rounds) {
  const [small, large] = [await open('small', POSTS), await open('large', 10 * POSTS)];
  const rows = [];
  for (const [title, fetch] of PLANS) {
    const read = (orm) => worked(() => orm.em.fork().find(Post, { id: { $in: shown } }, { fetch }));
    await read(small);
    await read(large);
    const pairs = [];
    for (let round = 0; round < rounds; round++) {
      collect();
      const pair =
        round % 2 === 0 ? [await read(small), await read(large)] : [await read(large), await read(small)].reverse();
      pairs.push(pair);
    }
    // The fastest of each: what else the machine does only ever adds.
    const [few, many] = [0, 1].map((side) => Math.min(...pairs.map((pair) => pair[side])));
    rows.push({ title, small: few, large: many, ratio: many / few });
  }
  await small.close();
  await large.close();
  return rows;
}

const shown = Array.from({ length: SHOWN }, (_, at) => at * Math.floor(POSTS / SHOWN));

async function open(database, posts) {
  const entities = [User, Tag, Post, Comment, Liked];
  const orm = await Reverie.init({ url: 'mem://', namespace: 'bench', database, entities });
  const em = orm.em.fork();
  const each = (count, row) => Array.from({ length: count }, (_, n) => row(n));
  await em.insert(
    User,
    each(posts, (n) => ({ id: n, name: `user ${n}` })),
  );
  await em.insert(
    Tag,
    each(posts, (n) => ({ id: n, name: `tag ${n}`, n })),
  );
  const tagsOf = (n) => each(CHILDREN, (k) => `tag:${(n + k) % posts}`);
  await em.insert(
    Post,
    each(posts, (n) => ({ id: n, title: `post ${n}`, author: n, tags: tagsOf(n) })),
  );
  await em.insert(
    Comment,
    each(posts * CHILDREN, (n) => ({ id: n, text: 'x', n, hidden: n % 3 === 0, post: n % posts, by: n % posts })),
  );
  const like = (n) => ({ in: `user:${(n * 7) % posts}`, out: `post:${n % posts}`, n });
  await em.insert(Liked, each(posts * CHILDREN, like));
  return orm;
}

export function printNested(rows) {
  const table = new Table({
    head: [`${SHOWN} rows with what they fetch`, 'CPU ms', 'CPU ms, tables ten times larger', 'ratio'],
    colAligns: ['left', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { title, small, large, ratio } of rows)
    table.push([title, small.toFixed(1), large.toFixed(1), ratio.toFixed(2)]);
  console.log(table.toString());
}
