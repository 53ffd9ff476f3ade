import {
  Field,
  Id,
  In,
  Out,
  RecordId,
  Relation,
  Table,
  surql,
  type EntityManager,
  type Link,
  type Links,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'stop' })
class Stop {
  @Id() id!: RecordId<'stop', string>;
  @Field('string') name!: string;
  @Field('bool', { default: true }) open!: boolean;
  @Relation(() => Stop, { edge: () => Hop, direction: 'out' }) next!: Links<Stop, Hop>;
}

@Table({ name: 'line' })
class Line {
  @Id() id!: RecordId<'line', string>;
  @Field('string') name!: string;
}

@Table({ name: 'hop', type: 'relation', in: () => Stop, out: () => Stop })
class Hop {
  @Id() id!: RecordId<'hop', string>;
  @In() in!: Link<Stop>;
  @Out() out!: Link<Stop>;
  @Field('int') minutes!: number;
}

@Table({ name: 'served', type: 'relation', in: () => Line, out: () => Stop })
class Served {
  @Id() id!: RecordId<'served', string>;
  @In() in!: Link<Line>;
  @Out() out!: Link<Stop>;
}

/** a → b → c → d → e, shortcuts, a circle, parallel edges, and f on its own. */
const HOPS = [
  ['a', 'b', 1],
  ['a', 'b', 9],
  ['b', 'c', 1],
  ['c', 'd', 1],
  ['d', 'e', 1],
  ['a', 'c', 5],
  ['d', 'a', 1],
  ['c', 'c', 1],
  ['e', 'b', 7],
] as const;
const STOPS = ['a', 'b', 'c', 'd', 'e', 'f'];
const stop = (key: string): RecordId<'stop', string> => new RecordId('stop', key);

type Allowed = (hop: readonly [string, string, number]) => boolean;
const all: Allowed = () => true;

/** What a walk of exactly so many hops ends at, by plain set arithmetic. */
function after(from: readonly string[], hops: number, allowed: Allowed = all): string[] {
  if (hops === 0) return [...from];
  const next = new Set(HOPS.filter((hop) => from.includes(hop[0]) && allowed(hop)).map(([, to]) => to));
  return after([...next], hops - 1, allowed);
}

const between = (from: string, min: number, max: number, allowed?: Allowed): string[] =>
  [...new Set(Array.from({ length: max - min + 1 }, (_, more) => after([from], min + more, allowed)).flat())].sort();

/** Every path without a repetition, by plain search. */
function pathsFrom(path: readonly string[], min: number, max: number, allowed: Allowed = all): string[] {
  const hops = path.length - 1;
  const next = new Set(HOPS.filter((hop) => hop[0] === path.at(-1) && allowed(hop)).map(([, to]) => to));
  const further = [...next].filter((to) => !path.includes(to)).map((to) => [...path, to]);
  return [
    ...(hops >= min ? [path.join('')] : []),
    ...(hops < max ? further.flatMap((longer) => pathsFrom(longer, min, max, allowed)) : []),
  ];
}

const keys = (found: readonly { readonly id: RecordId }[]): string[] => found.map(({ id }) => String(id.key));
const texts = (paths: readonly (readonly { readonly id: RecordId }[])[]): string[] =>
  paths.map((path) => keys(path).join('')).sort();

describe.each(backends)('walks of many hops on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Stop, Hop, Line, Served] });
    const setup = test.orm.em.fork();
    await setup.insert(
      Stop,
      STOPS.map((id) => ({ id, name: id.toUpperCase(), open: id !== 'd' })),
    );
    await setup.insert(Line, { id: 'one', name: 'One' });
    await setup.insert(
      Hop,
      HOPS.map(([from, to, minutes]) => ({ in: from, out: to, minutes })),
    );
    await setup.insert(Served, { in: 'one', out: 'a' });
  });
  afterAll(() => test.close());
  beforeEach(() => {
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(async () => {
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  const hops = (from: string) => em.traverse(stop(from)).out(Hop).to(Stop);

  describe('repeat', () => {
    it.each([
      ['a', 1, 1],
      ['a', 1, 2],
      ['a', 2, 2],
      ['a', 2, 4],
      ['a', 0, 1],
      ['b', 1, 9],
      ['f', 1, 3],
      ['f', 0, 3],
      ['c', 40, 41],
    ])('from %s, %d to %d times: the union of those depths, in one request', async (from, min, max) => {
      const walk = hops(from).repeat(min, max);
      expect(keys(await walk.list()).sort()).toEqual(between(from, min, max));
      expect(test.sent()).toHaveLength(1);
      expect((await walk.ids()).map(({ key }) => key).sort()).toEqual(between(from, min, max));
      expect(await walk.count()).toBe(between(from, min, max).length);
    });

    it('is as many steps written out', async () => {
      const twice = await hops('a').out(Hop).to(Stop).list();
      expect(await hops('a').repeat(2, 2).list()).toEqual(expect.arrayContaining(twice));
    });

    it('with conditions on every edge and every record on the way', async () => {
      const short: Allowed = ([, , minutes]) => minutes < 5;
      const walk = em
        .traverse(stop('a'))
        .out(Hop, { minutes: { $lt: 5 } })
        .to(Stop)
        .repeat(1, 5);
      expect(keys(await walk.list()).sort()).toEqual(between('a', 1, 5, short));
      const open = em.traverse(stop('a')).out(Hop).to(Stop, { open: true }).repeat(1, 5);
      expect(keys(await open.list()).sort()).toEqual(between('a', 1, 5, ([, to]) => to !== 'd'));
    });

    it('against the edges, either way, and between other steps', async () => {
      expect(keys(await em.traverse(stop('c')).in(Hop).to(Stop).repeat(1, 2).list()).sort()).toEqual([
        'a',
        'b',
        'c',
        'd',
        'e',
      ]);
      expect(keys(await em.traverse(stop('e')).both(Hop).to(Stop).repeat(1, 1).list()).sort()).toEqual(['b', 'd']);
      const line = em.traverse('line:one').out(Served).to(Stop).out(Hop).to(Stop).repeat(1, 2);
      expect(keys(await line.list({ orderBy: { name: 'desc' }, limit: 2 }))).toEqual(['d', 'c']);
      expect(keys(await line.in(Hop, { minutes: 9 }).to(Stop).list())).toEqual(['a']);
    });

    it('cannot be asked of what does not lead back, nor with other numbers', async () => {
      const served = em.traverse(new RecordId('line', 'one')).out(Served).to(Stop);
      expect(() => served.repeat(1, 2)).toThrow(/Served does not start at Stop/);
      const open = em.traverse(stop('a')).out(Hop).repeat(1, 2);
      await expect(open.list()).rejects.toThrow(/take \.to\(Target\) after/);
      expect(keys(await open.to(Stop).list())).toEqual(keys(await hops('a').repeat(1, 2).list()));
      expect(() => hops('a').repeat(1, 2).repeat(1, 2)).toThrow(/follows a step over edges/);
      for (const [min, max] of [
        [2, 1],
        [-1, 1],
        [0, 0],
        [1.5, 2],
        [1, Infinity],
        [1, 101],
      ] as const)
        expect(() => hops('a').repeat(min, max)).toThrow(/cannot be right/);
    });
  });

  describe('paths', () => {
    it.each([
      ['a', 1, 3],
      ['a', 2, 2],
      ['a', 0, 2],
      ['e', 1, 9],
      ['f', 1, 2],
    ])('from %s over %d to %d hops: each once, from the start, without a circle', async (from, min, max) => {
      const paths = await hops(from).repeat(min, max).paths();
      expect(texts(paths)).toEqual(pathsFrom([from], min, max).sort());
      expect(paths.every((path) => path[0]?.id.key === from && path.every((each) => each instanceof Stop))).toBe(true);
      expect(test.sent().length).toBeLessThanOrEqual(2);
    });

    it('of single steps, with conditions, of managed entities', async () => {
      const c = await em.findOneOrFail(Stop, 'c');
      const paths: Stop[][] = await hops('a').out(Hop, { minutes: 1 }).to(Stop).paths();
      expect(texts(paths)).toEqual(['abc', 'acd']);
      expect(
        paths
          .flat()
          .filter((each) => each.id.key === 'c')
          .every((each) => each === c),
      ).toBe(true);
      const short = em
        .traverse(stop('a'))
        .out(Hop, { minutes: { $lt: 5 } })
        .to(Stop, { open: true })
        .repeat(1, 4);
      expect(texts(await short.paths())).toEqual(pathsFrom(['a'], 1, 4, ([, to, n]) => n < 5 && to !== 'd').sort());
      expect(await hops('a').repeat(1, 5).paths({ limit: 2 })).toHaveLength(2);
      const mixed = await em.traverse('line:one').out(Served).to(Stop).both(Hop).to(Stop).paths();
      expect(texts(mixed as Stop[][])).toEqual(['oneab', 'oneac', 'onead']);
      await expect(em.traverse(stop('a')).out(Hop).paths()).rejects.toThrow(/over records/);
    });
  });

  describe('shortestPathTo', () => {
    it.each([
      ['a', 'e', 'acde'],
      ['a', 'b', 'ab'],
      ['b', 'a', 'bcda'],
      ['e', 'a', 'ebcda'],
      ['a', 'a', 'a'],
      ['a', 'f', undefined],
      ['f', 'a', undefined],
    ])('from %s to %s: %s', async (from, to, expected) => {
      const path: Stop[] | null = await hops(from).shortestPathTo(stop(to));
      expect(path === null ? undefined : keys(path).join('')).toBe(expected);
      expect(test.sent().length).toBeLessThanOrEqual(2);
    });

    it('with conditions, within bounds, against the edges, to whatever names the record', async () => {
      const e = await em.findOneOrFail(Stop, 'e');
      const text = async (path: Promise<Stop[] | null>) => keys((await path) ?? []).join('');
      expect(await text(em.traverse(stop('a')).out(Hop, { minutes: 1 }).to(Stop).shortestPathTo(e))).toBe('abcde');
      expect(await text(em.traverse(stop('a')).out(Hop).to(Stop, { open: true }).shortestPathTo(e))).toBe('');
      expect(await text(hops('a').repeat(1, 2).shortestPathTo('e'))).toBe('');
      expect(await text(hops('a').repeat(1, 3).shortestPathTo('stop:e'))).toBe('acde');
      expect(await text(em.traverse(e).in(Hop).to(Stop).shortestPathTo('a'))).toBe('edca');
      expect(await text(em.traverse(e).both(Hop).to(Stop).shortestPathTo('a'))).toMatch(/^e[bd]a$/);
      await expect(hops('a').shortestPathTo(new RecordId('line', 'one') as never)).rejects.toThrow(/line:one/);
      await expect(hops('a').out(Hop).to(Stop).shortestPathTo('e')).rejects.toThrow(/one step/);
      await expect(hops('a').repeat(2, 3).shortestPathTo('e')).rejects.toThrow(/one step/);
      const served = em.traverse(new RecordId('line', 'one')).out(Served).to(Stop);
      await expect(served.shortestPathTo('e')).rejects.toThrow(/Served does not start at Stop/);
    });

    it('is found over more hops than one request takes', async () => {
      const chain = Array.from({ length: 40 }, (_, at) => `x${at}`);
      await em.insert(
        Stop,
        chain.map((id) => ({ id, name: id, open: true })),
      );
      await em.insert(
        Hop,
        chain.slice(1).map((id, at) => ({ id, in: chain[at], out: id, minutes: 1 })),
      );
      test.clear();
      expect(keys((await hops('x0').shortestPathTo('x39')) ?? [])).toEqual(chain);
      expect(test.sent()).toHaveLength(8);
      expect(await hops('x39').shortestPathTo('x0')).toBeNull();
      await em.query(surql`DELETE stop WHERE string::starts_with(name, 'x')`);
    });
  });

  it('in a deferred transaction what is queued is an error', async () => {
    await em.transaction(async (tx) => {
      await tx.relate('f', Hop, 'a', { minutes: 1 }, { onConflict: 'ignore' });
      const walk = tx.traverse(stop('f')).out(Hop).to(Stop);
      await expect(walk.repeat(1, 2).list()).rejects.toThrow(/interactive/);
      await expect(walk.paths()).rejects.toThrow(/interactive/);
      await expect(walk.shortestPathTo('a')).rejects.toThrow(/interactive/);
      await tx.unrelate('f', Hop, 'a');
    });
  });

  if (backend.stateful)
    it('in an interactive transaction they go over its own edges', async () => {
      const block = em.transaction(
        async (tx) => {
          await tx.relate('f', Hop, 'a', { minutes: 1 });
          const walk = tx.traverse(stop('f')).out(Hop).to(Stop);
          expect(keys(await walk.repeat(1, 2).list()).sort()).toEqual(['a', 'b', 'c']);
          expect(texts(await walk.repeat(2, 2).paths())).toEqual(['fab', 'fac']);
          expect(keys((await walk.shortestPathTo('e')) ?? []).join('')).toBe('facde');
          throw new Error('no');
        },
        { mode: 'interactive' },
      );
      await expect(block).rejects.toThrow('no');
    });
});
