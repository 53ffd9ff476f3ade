import { ValidationError } from '../../../lib/errors/index.js';
import { buildCount, buildExists, buildFind } from '../../../lib/query/index.js';
import { print } from '../../../lib/surrealql/printer.js';
import { RecordId } from '../../../lib/values/index.js';
import { Article, Club, Person, context, meta } from '../../support/query-world.js';

const text = (target: new () => object, where?: unknown, options = {}): string =>
  print(buildFind(meta(target), where, options, context).statement).text;

test.each<[new () => object, unknown, object, string]>([
  [Club, undefined, {}, 'SELECT * FROM club'],
  [Club, {}, {}, 'SELECT * FROM club'],
  [Club, undefined, { limit: 5 }, 'SELECT * FROM club ORDER BY id LIMIT $p1'],
  [Club, undefined, { limit: 5, offset: 10 }, 'SELECT * FROM club ORDER BY id LIMIT $p1 START $p2'],
  [Club, undefined, { orderBy: { name: 'desc' } }, 'SELECT * FROM club WITH NOINDEX ORDER BY name DESC, id'],
  [Club, { name: 'x' }, {}, 'SELECT * FROM club WITH NOINDEX WHERE name = $p1'],
  [
    Article,
    { stars: 1, hidden: false },
    { limit: 2 },
    'SELECT * FROM article WITH INDEX by_stars WHERE stars = $p1 AND hidden = $p2 ORDER BY id LIMIT $p3',
  ],
  [
    Article,
    { stars: 1 },
    { noIndex: true },
    'SELECT * FROM article WITH NOINDEX WHERE stars = $p1 ORDER BY id'.replace(' ORDER BY id', ''),
  ],
  [
    Article,
    { hidden: true },
    { useIndex: 'mine' },
    'SELECT * FROM article WITH INDEX mine WHERE hidden = $p1 ORDER BY id',
  ],
  [Article, 7, {}, 'SELECT * FROM $p1'],
  [
    Article,
    { id: { $in: [1, 2] } },
    { orderBy: { stars: 'asc' } },
    'SELECT * FROM (SELECT * FROM $p1) ORDER BY stars, id',
  ],
  [Article, { id: 1, hidden: false }, {}, 'SELECT * FROM (SELECT * FROM $p1) WHERE hidden = $p2'],
  [
    Article,
    undefined,
    { orderBy: { author: { name: 'asc' } }, limit: 1 },
    'SELECT * OMIT __order_0 FROM (SELECT *, author.name AS __order_0 FROM article WITH NOINDEX) ORDER BY __order_0, id LIMIT $p1',
  ],
  [
    Article,
    undefined,
    { fetch: { author: true } },
    'SELECT *, author ?? $p1 AS __fetch_author FROM article FETCH __fetch_author',
  ],
  [
    Person,
    { age: 5 },
    {},
    'SELECT * FROM (SELECT VALUE id FROM person WITH INDEX by_age, by_age_name WHERE age = $p1 ORDER BY id)',
  ],
  [
    Person,
    { age: 5 },
    { orderBy: { name: 'asc' }, limit: 2 },
    'SELECT * FROM (SELECT VALUE id FROM (SELECT name, id FROM person WITH INDEX by_age, by_age_name WHERE age = $p1 ORDER BY name, id LIMIT $p2))',
  ],
  [
    Person,
    { age: 5, twice: 10 },
    { limit: 2 },
    'SELECT * FROM (SELECT * FROM (SELECT VALUE id FROM person WITH INDEX by_age, by_age_name WHERE age = $p1)) WHERE twice = $p2 ORDER BY id LIMIT $p3',
  ],
  [Person, { twice: 10 }, {}, 'SELECT * FROM person WITH NOINDEX WHERE twice = $p1'],
  [
    Person,
    { name: 'x' },
    { select: ['age'] },
    'SELECT id, age FROM (SELECT * FROM person WITH NOINDEX WHERE name = $p1)',
  ],
])('%p %j %j', (target, where, options, wanted) => expect(text(target, where, options)).toBe(wanted));

test('counts and existence', () => {
  expect(print(buildCount(meta(Club), undefined, context)).text).toBe(
    'RETURN (SELECT count() AS n FROM club GROUP ALL)[0].n',
  );
  expect(print(buildCount(meta(Article), { stars: 1 }, context)).text).toBe(
    'RETURN (SELECT count() AS n FROM article WITH INDEX by_stars WHERE stars = $p1 GROUP ALL)[0].n',
  );
  expect(print(buildCount(meta(Article), { id: { $in: [1] } }, context)).text).toBe(
    'RETURN (SELECT count() AS n FROM (SELECT * FROM $p1) GROUP ALL)[0].n',
  );
  expect(print(buildExists(meta(Club), { name: 'x' }, context)).text).toBe(
    'RETURN array::len((SELECT VALUE id FROM club WITH NOINDEX WHERE name = $p1 ORDER BY id LIMIT $p2)) > $p3',
  );
});

test('each id is read once', () => {
  const plan = buildFind(meta(Article), { id: { $in: [1, 'article:1', new RecordId('article', 1), 2] } }, {}, context);
  expect(print(plan.statement).bindings).toEqual({ p1: [new RecordId('article', 1), new RecordId('article', 2)] });
});

test('a condition that nothing can meet is known before sending', () => {
  const nothing = (where: unknown): boolean => buildFind(meta(Person), where, {}, context).matchesNothing;
  expect(nothing({ age: { $in: [] } })).toBe(true);
  expect(nothing({ name: 'x', $or: [] })).toBe(true);
  expect(nothing({ $or: [{ age: { $in: [] } }, { $or: [] }] })).toBe(true);
  expect(nothing({ $or: [{ age: { $in: [] } }, { age: 1 }] })).toBe(false);
  expect(nothing({ $not: { $or: [] } })).toBe(false);
  expect(nothing({ $and: [] })).toBe(false);
  expect(nothing(undefined)).toBe(false);
});

test.each<[object, RegExp]>([
  [{ orderBy: { nmae: 'asc' } }, /no field "nmae"\. Did you mean "name"/],
  [{ orderBy: { name: 'up' } }, /'asc' or 'desc'/],
  [{ orderBy: { name: undefined } }, /undefined/],
  [{ orderBy: 'name' }, /needs fields/],
  [{ orderBy: { knows: 'asc' } }, /leads to many records/],
  [{ orderBy: { home: { stret: 'asc' } } }, /Did you mean "street"/],
  [{ limit: -1 }, /limit must be a whole number/],
  [{ limit: 1.5 }, /limit must be a whole number/],
  [{ offset: '3' }, /offset must be a whole number/],
  [{ select: ['nmae'] }, /Did you mean "name"/],
  [{ select: ['knows'] }, /fetch it/],
  [{ fetch: { nmae: true } }, /has no field "nmae"/],
  [{ fetch: { name: true } }, /it is no relation/],
  [{ fetch: true }, /takes an object of relations/],
  [{ fetch: { club: 'yes' } }, /takes an object of relations/],
  [{ fetch: { articles: { where: { stras: 1 } } } }, /Did you mean "stars"/],
  [{ fetch: { articles: { fetch: { autor: true } } } }, /Did you mean "author"/],
])('%j is refused', (options, message) => {
  expect(() => text(Person, undefined, options)).toThrow(message);
  expect(() => text(Person, undefined, options)).toThrow(ValidationError);
});
