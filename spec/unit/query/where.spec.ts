import { ValidationError } from '../../../lib/errors/index.js';
import { buildWhere, where as present } from '../../../lib/query/index.js';
import { printExpression } from '../../../lib/surrealql/printer.js';
import { surql } from '../../../lib/surrealql/surql.js';
import { DateTime, NONE, Point, RecordId, Uuid } from '../../../lib/values/index.js';
import { Article, Person, context, meta } from '../../support/query-world.js';

const text = (where: unknown, target: new () => object = Person): string => {
  const condition = buildWhere(meta(target), where, context);
  return condition === undefined ? '' : printExpression(condition, { literals: true }).text;
};

describe('what a where prints', () => {
  test.each<[unknown, string]>([
    [{}, 'true'],
    [{ name: 'Ann', age: 5 }, "name = 'Ann' AND age = 5"],
    [{ email: 'x' }, "mail = 'x'"],
    [{ email: null }, 'mail = NONE'],
    [{ note: null }, 'note = NULL'],
    [{ email: NONE }, 'mail = NONE'],
    [{ age: { $gt: 1, $lte: 9 } }, 'age > 1 AND age <= 9'],
    [{ score: { $lt: 5 } }, 'score > NULL AND score < 5'],
    [{ age: { $between: [1, 2] } }, 'age >= 1 AND age <= 2'],
    [{ age: { $in: [1, 2] } }, 'age IN [1, 2]'],
    [{ age: { $in: [] } }, 'false'],
    [{ age: { $nin: [] } }, '!(false)'],
    [{ age: { $nin: [1] } }, 'age NOT IN [1]'],
    [{ age: { $ne: 1 } }, 'age != 1'],
    [{ age: { $not: { $gt: 1 } } }, '!(age > 1)'],
    [{ age: { $not: 1 } }, '!(age = 1)'],
    [{ email: { $isNone: false } }, 'mail != NONE'],
    [{ note: { $isNull: true } }, 'note = NULL'],
    [{ $or: [{ age: 1 }, { age: 2, name: 'x' }] }, "age = 1 OR (age = 2 AND name = 'x')"],
    [{ $not: { age: 1, name: 'x' } }, "!(age = 1 AND name = 'x')"],
    [{ name: { $startsWith: 'A' } }, "type::is_string(name) AND string::starts_with(name, 'A')"],
    [{ name: { $iendsWith: 'AB' } }, "type::is_string(name) AND string::ends_with(string::lowercase(name), 'ab')"],
    [{ name: { $like: 'a.%\\%_' } }, "type::is_string(name) AND string::matches(name, '(?s)^a\\\\..*%.$')"],
    [{ name: { $ilike: 'A' } }, "type::is_string(name) AND string::matches(name, '(?si)^A$')"],
    [{ name: { $contains: 'x' } }, "name CONTAINS 'x'"],
    [{ words: { $contains: 'x' } }, "words CONTAINS 'x'"],
    [{ words: { $size: { $gt: 2 } } }, 'array::len(words ?? []) > 2'],
    [{ home: { city: 'x', number: { $gt: 1 } } }, "home.town = 'x' AND home.number > 1"],
    [{ home: { $eq: { street: 's', number: 1, city: 'c' } } }, "home = { number: 1, street: 's', town: 'c' }"],
    [{ extra: { a: { 'b c': 1 } } }, 'extra.a.`b c` = 1'],
    [{ parts: { sku: 's' } }, "array::len((parts ?? [])[WHERE sku = 's']) > 0"],
    [{ parts: { $every: { amount: 1 } } }, '!(array::len((parts ?? [])[WHERE !(amount = 1)]) > 0)'],
    [{ club: 1 }, 'club = club:1'],
    [{ club: { name: 'x' } }, "club.name = 'x'"],
    [{ club: { id: 1 } }, 'club = club:1'],
    [{ club: { id: { $in: [1, 2] } } }, 'club IN [club:1, club:2]'],
    [{ labels: { name: 'x' } }, "array::len((labels ?? [])[WHERE name = 'x']) > 0"],
    [{ labels: { $containsAll: ['a', 'tag:b'] } }, 'labels CONTAINSALL [tag:a, tag:b]'],
    [{ labels: { $size: 2 } }, 'array::len(labels ?? []) = 2'],
    [{ knows: { name: 'x' } }, "array::len(array::distinct(->knows->person)[WHERE name = 'x']) > 0"],
    [{ articles: { $none: { stars: 1 } } }, '!(array::len(<~(article FIELD author)[WHERE stars = 1]) > 0)'],
    [{ club: { id: 3 }, id: 4 }, 'club = club:3 AND id = person:4'],
    [7, 'id = person:7'],
    ['person:7', 'id = person:7'],
    [new RecordId('person', 7), 'id = person:7'],
    [surql`age > ${1}`, 'age > 1'],
    [{ age: surql`1 + ${2}` }, 'age = (1 + 2)'],
    [
      { spot: { $within: { center: new Point([1, 2]), meters: 5 } } },
      'spot != NONE AND geo::distance(spot, (1, 2)) <= 5',
    ],
  ])('%j → %s', (where, wanted) => expect(text(where).replace(/"/g, "'")).toBe(wanted));

  test('a Date stands for its millisecond unless the column holds whole ones', () => {
    const at = new Date(1_000);
    expect(text({ born: at })).toBe("born >= d'1970-01-01T00:00:01Z' AND born < d'1970-01-01T00:00:01.001Z'");
    expect(text({ born: { $gt: at } })).toBe("born >= d'1970-01-01T00:00:01.001Z'");
    expect(text({ born: DateTime.parse('1970-01-01T00:00:01.000000001Z') })).toBe(
      "born = d'1970-01-01T00:00:01.000000001Z'",
    );
    expect(text({ createdAt: at })).toBe("createdAt = d'1970-01-01T00:00:01Z'");
  });

  test('links of an article lead on', () => {
    expect(text({ author: { club: { name: 'x' }, articles: { stars: 1 } } }, Article).replace(/"/g, "'")).toBe(
      "author.club.name = 'x' AND array::len((author<~(article FIELD author) ?? [])[WHERE stars = 1]) > 0",
    );
  });
});

describe('what a where refuses, each with a way out', () => {
  test.each<[string, unknown, RegExp, string]>([
    ['undefined', { age: undefined }, /Person\.age is undefined in a where[^]*where\(\{/, 'undefined'],
    ['nested undefined', { home: { city: undefined } }, /Person\.home\.city is undefined/, 'undefined'],
    ['undefined in an operator', { age: { $gt: undefined } }, /Person\.age\.\$gt is undefined/, 'undefined'],
    ['undefined in a list', { age: { $in: [1, undefined] } }, /is undefined/, 'undefined'],
    ['undefined in $or', { $or: [undefined] }, /Person\.\$or is undefined/, 'undefined'],
    ['undefined through a link', { club: { name: undefined } }, /Person\.club\.name is undefined/, 'undefined'],
    ['undefined of a relation', { knows: { name: undefined } }, /Person\.knows\.name is undefined/, 'undefined'],
    [
      'undefined in an object without a class',
      { extra: { a: undefined } },
      /Person\.extra\.a is undefined/,
      'undefined',
    ],
    ['an unknown field', { nmae: 'x' }, /Person has no field "nmae"\. Did you mean "name"\?/, 'unknown'],
    ['a column instead of its property', { mail: 'x' }, /Person has no field "mail"[^]*email/, 'unknown'],
    [
      'an unknown nested field',
      { home: { stret: 'x' } },
      /Person\.home has no field "stret"\. Did you mean "street"\?/,
      'unknown',
    ],
    [
      'an unknown linked field',
      { club: { nane: 'x' } },
      /Person\.club has no field "nane"\. Did you mean "name"\?/,
      'unknown',
    ],
    [
      'an unknown operator',
      { age: { $gtt: 1 } },
      /\$gtt is no operator for Person\.age\. Did you mean "\$gte?"\?/,
      'operator',
    ],
    ['an unknown operator at the top', { $nor: [] }, /\$nor is no operator[^]*Did you mean "\$or"/, 'operator'],
    ['an operator named like a member of every object', { age: { $constructor: 1 } }, /is no operator/, 'operator'],
    ['text for an int', { age: '5' }, /Person\.age cannot be compared with "5"[^]*int/, 'type'],
    ['a fraction for an int', { age: 1.5 }, /Person\.age cannot be compared with 1\.5/, 'type'],
    ['a number for text', { name: 5 }, /Person\.name cannot be compared with 5[^]*string/, 'type'],
    ['a wrong value in $in', { age: { $in: [1, 'x'] } }, /Person\.age cannot be compared with "x"/, 'type'],
    ['a value outside the enum', { level: 'middle' }, /Person\.level cannot be compared with "middle"[^]*low/, 'type'],
    ['text for a boolean operator', { nick: { $exists: 'yes' } }, /needs true or false/, 'type'],
    ['a single value for $in', { age: { $in: 5 } }, /\$in needs a list/, 'type'],
    ['three bounds', { age: { $between: [1, 2, 3] } }, /needs two bounds/, 'type'],
    ['null as a bound', { age: { $gt: null } }, /cannot be null/, 'type'],
    ['text operators on a number', { age: { $like: '5%' } }, /Person\.age\.\$like cannot match/, 'operator'],
    ['$contains on a number', { age: { $contains: 5 } }, /cannot match/, 'operator'],
    ['a wrong element', { words: { $contains: 5 } }, /Person\.words cannot be compared with 5/, 'type'],
    ['text for $regex', { name: { $regex: '^a' } }, /needs a RegExp/, 'type'],
    ['look-ahead', { name: { $regex: /(?=a)/ } }, /knows no look-ahead/, 'operator'],
    ['an empty $not', { $not: {} }, /Person\.\$not is empty/, 'operator'],
    ['an empty field-level $not', { age: { $not: {} } }, /Person\.age\.\$not is empty/, 'operator'],
    ['an empty condition', { age: {} }, /Person\.age has no condition/, 'operator'],
    ['a list for $not', { $not: [{ age: 1 }] }, /\$not holds a list/, 'type'],
    ['no list for $or', { $or: { age: 1 } }, /\$or needs a list/, 'type'],
    ['an id of another table', { id: 'club:1' }, /"club:1" is no id of Person[^]*table of Club/, 'table'],
    ['an id of another table alone', 'club:1', /"club:1" is no id of Person/, 'table'],
    ['a RecordId of another table', { id: new RecordId('club', 1) }, /club:1 is no id of Person/, 'table'],
    ['a link to another table', { club: new RecordId('person', 1) }, /person:1 is no id of Club/, 'table'],
    ['a link by text of another table', { club: 'person:1' }, /"person:1" is no id of Club/, 'table'],
    ['a key of another type', { id: 'abc' }, /"abc" is no id of Person[^]*int/, 'key'],
    ['a link to a new entity', { club: new (class Club {})() }, /has no id/, 'key'],
    ['a relation as a value', { knows: 7 }, /Person\.knows cannot be compared with 7[^]*\$contains/, 'operator'],
    [
      'an operator that relations do not know',
      { knows: { $gt: 7 } },
      /\$gt is no operator for Person\.knows/,
      'operator',
    ],
    ['null', null, /is null/, 'type'],
    [
      'a circle without a radius',
      { spot: { $within: { center: new Point([1, 2]) } } },
      /needs a geometry or a circle/,
      'type',
    ],
  ])('%s', (_title, where, message, rule) => {
    let caught: unknown;
    try {
      text(where);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(ValidationError);
    const error = caught as ValidationError;
    expect(error.message).toMatch(message);
    expect(error.errors.map((problem) => problem.rule)).toEqual([rule]);
    expect(error.errors[0]?.path).not.toBe('');
  });

  test('text given as uuid must be one', () => {
    expect(text({ key: '018a6680-bef9-701b-9025-e1754f296a0f' })).toBe("key = u'018a6680-bef9-701b-9025-e1754f296a0f'");
    expect(text({ key: Uuid.parse('018a6680-bef9-701b-9025-e1754f296a0f') })).toContain("u'018a6680");
    expect(() => text({ key: 'abc' })).toThrow(ValidationError);
  });
});

describe('where()', () => {
  test('drops keys that are undefined, nested ones too, and what they leave empty', () => {
    const given = {
      name: 'x',
      age: undefined,
      home: { city: undefined, number: 1 },
      club: { name: undefined },
      $or: [{ age: undefined }, { age: 1 }, undefined],
    };
    expect(present(given)).toEqual({ name: 'x', home: { number: 1 }, $or: [{ age: 1 }] });
  });

  test('keeps everything that is a value', () => {
    const id = new RecordId('club', 1);
    const fragment = surql`a`;
    const at = new Date();
    const kept = present({ club: id, age: fragment, born: at, email: null, words: [], extra: {} });
    expect(kept).toEqual({ club: id, age: fragment, born: at, email: null, words: [], extra: {} });
    expect(kept.club).toBe(id);
  });
});
