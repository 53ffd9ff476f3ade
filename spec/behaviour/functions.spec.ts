import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Analyzer,
  CapabilityError,
  connect,
  Field,
  field,
  FileRef,
  fn,
  FullText,
  Id,
  RecordId,
  surql,
  Table,
  ValidationError,
  VectorField,
  type EntityManager,
  type SurqlFragment,
} from '../../lib/index.js';
import { SIGNATURES } from '../../lib/functions/families/index.js';
import { equals } from '../../lib/values/index.js';
import { backend as backendOf, backends } from '../support/backends.js';
import { functionExamples } from '../support/function-examples.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

type Tree = { readonly [part: string]: Tree } & ((...args: readonly unknown[]) => SurqlFragment);

const at = (name: string): Tree => name.split('::').reduce((tree, part) => tree[part] as Tree, fn as unknown as Tree);
const call = (name: string, ...args: readonly unknown[]): SurqlFragment =>
  SIGNATURES[name] === 'constant' ? (at(name) as unknown as SurqlFragment) : at(name)(...args);
const EXAMPLES = functionExamples(call);
/** Slow on purpose, and the engine's alone: what carries the answer makes no difference to them. */
const SLOW = /^crypto::(argon2|bcrypt|pbkdf2|scrypt)::/;

@Table({ name: 'note' })
@Analyzer({ name: 'simple', tokenizers: ['blank'], filters: ['lowercase'] })
@FullText({ fields: ['body'], analyzer: 'simple', bm25: true, highlights: true })
class Note {
  @Id('int') id!: RecordId<'note'>;
  @Field('string') body!: string;
  @VectorField({ dimension: 2, distance: 'euclidean', type: 'F64' }) place!: number[];
}

/** Functions that need more than their arguments: each has a case of its own below. */
const ELSEWHERE = [
  /^file::/,
  /^http::/,
  /^search::(analyze|highlight|offsets|score)$/,
  /^sequence::/,
  /^type::fields?$/,
  /^record::exists$/,
  /^vector::distance::knn$/,
];
const LATER = Object.entries(SIGNATURES).flatMap(([name, signature]) => {
  const since = typeof signature === 'string' ? undefined : signature[2];
  return since === undefined || since === '3.0.2' ? [] : [[name, since] as const];
});

it('every function of the list has an example, or a case of its own, or a version that this engine has not', () => {
  const known = new Set([...EXAMPLES.map(([name]) => name), ...LATER.map(([name]) => name)]);
  const left = Object.keys(SIGNATURES).filter((name) => !known.has(name) && !ELSEWHERE.some((one) => one.test(name)));
  expect(left).toEqual([]);
});

describe.each(backends)('functions on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Note] });
    em = test.orm.em.fork();
    em.create(Note, { id: 1, body: 'the quick fox', place: [1, 0] });
    em.create(Note, { id: 2, body: 'a slow fox', place: [3, 4] });
    await em.flush();
  });
  afterAll(() => test.close());

  const examples = EXAMPLES.filter(([name]) => backend.name === 'embedded' || !SLOW.test(name));
  it.each(examples)('%s %#', async (name, args, gives) => {
    const value = await em.run(call(name, ...args));
    const holds = typeof gives === 'function' ? (gives as (given: unknown) => boolean)(value) : equals(value, gives);
    expect(holds ? gives : value).toEqual(gives);
  });

  it.each(LATER)('%s came with %s: refused before anything is sent', async (name, since) => {
    test.clear();
    const [least] = SIGNATURES[name] as readonly [number, number];
    const calling = em.run(call(name, ...Array.from({ length: least }, () => 1)));
    await expect(calling).rejects.toBeInstanceOf(CapabilityError);
    await expect(calling).rejects.toThrow(since);
    expect(test.sent()).toEqual([]);
  });

  it('record::exists, type::field and type::fields of a row', async () => {
    expect(await em.run(fn.record.exists(new RecordId('note', 1)))).toBe(true);
    const [rows] = await em.query(surql`SELECT ${fn.type.field('body')} AS body FROM ${Note} ORDER BY body`);
    expect(rows).toEqual([{ body: 'a slow fox' }, { body: 'the quick fox' }]);
    const [all] = await em.query(surql`SELECT ${fn.type.fields(['body', 'place'])} FROM ${Note} WHERE id = note:1`);
    expect(all).toEqual([{ body: 'the quick fox', place: [1, 0] }]);
  });

  it('search:: of a full-text query', async () => {
    expect(await em.run(fn.search.analyze('simple', 'The Fox'))).toEqual(['the', 'fox']);
    const [rows] = await em.query<[{ score: number; mark: string; at: object }[]]>(
      surql`SELECT ${fn.search.score(0)} AS score, ${fn.search.highlight('[', ']', 0)} AS mark, ${fn.search.offsets(0)} AS at
        FROM ${Note} WHERE body @0@ ${'quick'}`,
    );
    expect(rows).toEqual([
      { score: expect.any(Number) as number, mark: 'the [quick] fox', at: { 0: [{ s: 4, e: 9 }] } },
    ]);
  });

  it('vector::distance::knn of a nearest search', async () => {
    const [rows] = await em.query(
      surql`SELECT VALUE ${fn.vector.distance.knn()} FROM ${Note} WHERE place <|2, 40|> ${[0, 0]}`,
    );
    expect([...(rows as number[])].sort()).toEqual([1, 5]);
  });

  it('sequence::nextval counts on', async () => {
    await em.query(surql`DEFINE SEQUENCE number START 5`);
    expect(await em.run(fn.sequence.nextval('number'))).toBe(5);
    expect(await em.run(fn.sequence.nextval('number'))).toBe(6);
  });

  it('what the server has switched off is a capability error', async () => {
    await expect(em.run(fn.http.get('http://127.0.0.1:1/'))).rejects.toBeInstanceOf(CapabilityError);
    await expect(em.run(fn.file.exists(new FileRef('b', '/a')))).rejects.toBeInstanceOf(CapabilityError);
  });

  it('closures in closures keep their parameters apart', async () => {
    const grid = fn.array.map([1, 2], (row) => fn.array.map([10, 20], (column) => surql`${row} * ${column}`));
    expect(await em.run(grid)).toEqual([
      [10, 20],
      [20, 40],
    ]);
  });

  it('a constant, an expression within another, and surql among the arguments', async () => {
    expect(await em.run(fn.math.round(fn.math.pi))).toBe(3);
    expect(await em.run(fn.math.max([fn.math.sqrt(16), surql`1 + 1`, 3]))).toBe(4);
    expect(await em.run(surql`${fn.string.len('abc')} + ${1}`)).toBe(4);
  });

  it('hostile texts are data', async () => {
    const hostile = "'); DELETE note; -- ` $p1";
    expect(await em.run(fn.string.uppercase(hostile))).toBe(hostile.toUpperCase());
    expect(await em.count(Note)).toBe(2);
  });

  it('a bare connection runs functions at once', async () => {
    const store = await backend.open();
    const db = await connect(store.url, { namespace: 't', database: 't', ...(store.auth && { auth: store.auth }) });
    expect(await db.fn.math.sqrt(16)).toBe(4);
    expect(await db.fn.string.semver.inc.major('1.2.3')).toBe('2.0.0');
    expect(await db.fn.math.pi).toBeCloseTo(Math.PI);
    await expect(db.fn.encoding.json.encode({})).rejects.toBeInstanceOf(CapabilityError);
    await db.close();
    await store.close();
  });
});

describe('functions that reach outside', () => {
  it('file:: in a bucket', async () => {
    const test = await openOrm(backendOf('embedded'), { entities: [], capabilities: { experimental: ['files'] } });
    const em = test.orm.em.fork();
    await em.query(surql`DEFINE BUCKET shelf BACKEND "memory"`);
    const [one, two, three] = ['/one', '/two', '/three'].map((key) => new FileRef('shelf', key)) as [
      FileRef,
      FileRef,
      FileRef,
    ];
    await em.run(fn.file.put(one, 'hi'));
    await em.run(fn.file.put_if_not_exists(one, 'other'));
    await em.run(fn.file.copy(one, two));
    await em.run(fn.file.copy_if_not_exists(one, two));
    await em.run(fn.file.rename(two, '/three'));
    expect(Buffer.from((await em.run(fn.file.get(three))) as Uint8Array).toString()).toBe('hi');
    expect(await em.run(fn.file.head(one))).toMatchObject({ size: 2, updated: expect.any(Date) as Date });
    expect(await em.run(fn.file.list('shelf'))).toHaveLength(2);
    expect([await em.run(fn.file.bucket(one)), await em.run(fn.file.key(one))]).toEqual(['shelf', '/one']);
    await em.run(fn.file.delete(one));
    await em.run(fn.file.rename_if_not_exists(three, '/four'));
    expect([await em.run(fn.file.exists(one)), await em.run(fn.file.exists(three))]).toEqual([false, false]);
    await test.close();
  });

  it('http:: where the network is allowed', async () => {
    const heard: string[] = [];
    const server: Server = createServer((request, response) => {
      heard.push(`${request.method} ${request.headers['x-name'] as string}`);
      response.setHeader('content-type', 'application/json').end(request.method === 'HEAD' ? undefined : '{"ok":true}');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const test = await openOrm(backendOf('embedded'), { entities: [], capabilities: { networkTargets: true } });
    const em = test.orm.em.fork();
    const headers = { 'x-name': 'ann' };
    await em.run(fn.http.head(url, headers));
    expect(await em.run(fn.http.get(url, headers))).toEqual({ ok: true });
    for (const send of [fn.http.post, fn.http.put, fn.http.patch] as const)
      expect(await em.run(send(url, { a: 1 }, headers))).toEqual({ ok: true });
    expect(await em.run(fn.http.delete(url, headers))).toEqual({ ok: true });
    expect(heard).toEqual(['HEAD', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => `${method} ann`));
    await test.close();
    await new Promise((closed) => server.close(closed));
  });
});

describe('functions that are called wrongly', () => {
  const wrong = fn as unknown as {
    readonly math: { sqrt(...args: unknown[]): unknown };
    readonly array: { map(...args: unknown[]): unknown };
  };
  it.each([
    ['too few arguments', () => wrong.math.sqrt(), 'math::sqrt takes 1 argument, it was given 0'],
    ['too many', () => wrong.math.sqrt(1, 2), 'it was given 2'],
    ['undefined between', () => wrong.array.map(undefined, 1), 'Argument 1 of array::map is undefined'],
    ['an asynchronous closure', () => wrong.array.map([1], async () => 1), 'is asynchronous'],
    ['a closure without a result', () => wrong.array.map([1], () => undefined), 'returns nothing'],
  ])('%s', (_name, make, message) => {
    expect(make).toThrow(ValidationError);
    expect(make).toThrow(message);
  });

  it('a property that there is not is told with the nearest name', async () => {
    const test = await openOrm(backendOf('embedded'), { entities: [Note] });
    const em = test.orm.em.fork();
    const wrongField = field(Note, 'boddy' as 'body');
    await expect(em.find(Note, fn.string.contains(wrongField, 'fox'))).rejects.toThrow('body');
    await test.close();
  });
});
