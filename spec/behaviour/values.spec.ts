import fc from '../support/property';
import * as sdk from 'surrealdb';
import { decode, encode } from '../../lib/driver/codec/index.js';
import { loadAddon, type AddonEngine } from '../../lib/driver/embedded/addon.js';
import { elementsOf, walkMap } from '../../lib/server/cbor-walk.js';
import {
  BoundExcluded,
  BoundIncluded,
  DateTime,
  Decimal,
  Duration,
  FileRef,
  GeometryCollection,
  Line,
  MultiLine,
  MultiPoint,
  MultiPolygon,
  NONE,
  Point,
  Polygon,
  Range,
  RecordId,
  RecordIdRange,
  Table,
  Uuid,
  equals,
  identityOf,
  randomKey,
  ulid,
} from '../../lib/values/index.js';
import { keys, recordIds, values } from '../support/value-arbitraries.js';

const client = new sdk.CborCodec({});
let engine: AddonEngine;

beforeAll(async () => {
  engine = await loadAddon().SurrealNodeEngine.connect('mem://', { capabilities: { experimental: true } });
  await engine.execute(encode({ method: 'use', params: ['values', 'values'] }));
});

afterAll(() => engine.free());

/** The bytes of each statement's result, as the server wrote them. */
async function resultBytes(text: string, bindings: object = {}): Promise<Uint8Array[]> {
  const answer = new Uint8Array(await engine.execute(encode({ method: 'query', params: [text, bindings] })));
  const statements = elementsOf(answer, 0);
  if (statements === undefined) throw new Error(JSON.stringify(decode(answer)));
  return statements.map((start) => {
    const members = new Map<string, Uint8Array>();
    walkMap(answer, start, (key, from, to) => members.set(key, answer.subarray(from, to)));
    const result = members.get('result') as Uint8Array;
    if (decode(members.get('status') as Uint8Array) !== 'OK') throw new Error(String(decode(result)));
    return result;
  });
}

async function query(text: string, bindings: object = {}): Promise<unknown[]> {
  return (await resultBytes(text, bindings)).map(decode);
}

const UUID = '018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c';
const SQUARE = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
  [0, 0],
] as const;
const SQUARE_TEXT = '[[0,0],[4,0],[4,4],[0,4],[0,0]]';

/** SurrealQL text and the value it means. */
const KINDS: readonly (readonly [text: string, value: unknown])[] = [
  ['NONE', undefined],
  ['NONE', NONE],
  ['NULL', null],
  ['true', true],
  ['0', 0],
  ['-1', -1],
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  ['9007199254740992', 9007199254740992n],
  ['9223372036854775807', 9223372036854775807n],
  ['-9223372036854775808', -9223372036854775808n],
  ['1.5f', 1.5],
  ['0.1f', 0.1],
  ['-0f', -0],
  ['1e21f', 1e21],
  ['5e-324f', 5e-324],
  ['1.7976931348623157e308f', Number.MAX_VALUE],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['1.5dec', new Decimal('1.50')],
  ['79228162514264337593543950335dec', new Decimal('79228162514264337593543950335')],
  ['-0.0000000000000000000000000001dec', new Decimal('-1e-28')],
  ['""', ''],
  ['"Jürgen 😀 \\n \\u{0}"', 'Jürgen 😀 \n \0'],
  ['b"00FF"', new Uint8Array([0, 255])],
  ['b""', new ArrayBuffer(0)],
  ['[1, NONE, [NULL]]', [1, undefined, [null]]],
  ['{1, 2, "a",}', new Set([1, 2, 'a'])],
  ['{,}', new Set()],
  ['{ a: 1, b: { c: NONE } }', { b: { c: undefined }, a: 1 }],
  ['{ "__proto__": 1 }', JSON.parse('{"__proto__":1}')],
  ['[{ a: { "__proto__": { b: 2 } } }]', JSON.parse('[{"a":{"__proto__":{"b":2}}}]')],
  ['t:{ "__proto__": [1] }', new RecordId('t', JSON.parse('{"__proto__":[1]}') as Record<string, number[]>)],
  ['{}', {}],
  ['{ a: 1 }', new Map([['a', 1]])],
  ['d"2024-01-02T03:04:05.123456789Z"', DateTime.parse('2024-01-02T03:04:05.123456789Z')],
  ['d"1969-12-31T23:59:59.999Z"', new Date(-1)],
  ['d"-262143-01-01T00:00:00Z"', DateTime.parse('-262143-01-01T00:00:00Z')],
  ['d"+262142-12-31T23:59:59.999999999Z"', DateTime.parse('+262142-12-31T23:59:59.999999999Z')],
  ['1y2w3d4h5m6s7ms8us9ns', Duration.parse('1y2w3d4h5m6s7ms8us9ns')],
  ['0ns', new Duration(0n)],
  [`u"${UUID}"`, Uuid.parse(UUID)],
  ['type::table("my table")', new Table('my table')],
  ['t:1', new RecordId('t', 1)],
  ['t:`1`', new RecordId('t', '1')],
  ['t:9223372036854775807', new RecordId('t', 9223372036854775807n)],
  [`t:u"${UUID}"`, new RecordId('t', Uuid.parse(UUID))],
  ['t:[1, NONE, d"1970-01-01T00:00:00Z"]', new RecordId('t', [1, undefined, new Date(0)])],
  ['t:{ b: [u:1], a: NULL }', new RecordId('t', { a: null, b: [new RecordId('u', 1)] })],
  ['`a b`:`c⟩\\`\\\\d`', new RecordId('a b', 'c⟩`\\d')],
  ['t:1..=5', new RecordIdRange('t', new BoundIncluded(1), new BoundIncluded(5))],
  ['t:..', new RecordIdRange('t', undefined, undefined)],
  ['1>..5', new Range(new BoundExcluded(1), new BoundExcluded(5))],
  ['..="b"', new Range(undefined, new BoundIncluded('b'))],
  ['f"bucket:/dir/key.txt"', new FileRef('bucket', 'dir/key.txt')],
  ['(1.5, -2)', new Point([1.5, -2])],
  [
    '{ type: "LineString", coordinates: [[1,2],[3,4]] }',
    new Line([
      [1, 2],
      [3, 4],
    ]),
  ],
  [`{ type: "Polygon", coordinates: [${SQUARE_TEXT}] }`, new Polygon([SQUARE])],
  [`{ type: "Polygon", coordinates: [${SQUARE_TEXT}] }`, new Polygon([SQUARE.slice(0, 4)])],
  [
    '{ type: "MultiPoint", coordinates: [[1,2],[3,4]] }',
    new MultiPoint([
      [1, 2],
      [3, 4],
    ]),
  ],
  [
    '{ type: "MultiLineString", coordinates: [[[1,2],[3,4]]] }',
    new MultiLine([
      [
        [1, 2],
        [3, 4],
      ],
    ]),
  ],
  [`{ type: "MultiPolygon", coordinates: [[${SQUARE_TEXT}]] }`, new MultiPolygon([[SQUARE]])],
  [
    '{ type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [1, 2] }, { type: "LineString", coordinates: [[1,2],[3,4]] }] }',
    new GeometryCollection([
      new Point([1, 2]),
      new Line([
        [1, 2],
        [3, 4],
      ]),
    ]),
  ],
];

describe('every kind of value', () => {
  it.each(KINDS)('%s', async (text, value) => {
    const [fromText, bound] = await resultBytes(`RETURN ${text}; RETURN $value`, { value });
    if (fromText === undefined || bound === undefined) throw new Error('no result');
    // What we send is to the server the same value that the text means, to the last bit.
    expect(Buffer.from(bound).toString('hex')).toBe(Buffer.from(fromText).toString('hex'));
    const read = decode(fromText);
    expect(equals(read, value instanceof Map ? Object.fromEntries(value) : value)).toBe(true);
    expect(Object.is(read, -0)).toBe(Object.is(value, -0));
    // And what we read is what the official client reads.
    // It reads a member named __proto__ as the prototype.
    if (!text.includes('__proto__')) expect(equals(read, client.decode(fromText))).toBe(true);
  });

  it('any value at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 20, maxLength: 60 }), async (list) => {
        const [bytes] = await resultBytes('RETURN $list', { list });
        const read = decode(bytes as Uint8Array) as unknown[];
        list.forEach((value, index) =>
          expect({ value, same: equals(read[index], value) }).toEqual({ value, same: true }),
        );
        expect(equals(client.decode(bytes as Uint8Array), read)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('whole numbers of a float array stay floats, others are ints', async () => {
    const [kinds] = await query(
      'RETURN [$floats[0].is_float(), $doubles[0].is_float(), $ints[0].is_int(), $list[0].is_int(), $big[0].is_int()]',
      {
        floats: new Float32Array([1]),
        doubles: new Float64Array([1]),
        ints: new Int16Array([1]),
        list: [1],
        big: [2n ** 60n],
      },
    );
    expect(kinds).toEqual([true, true, true, true, true]);
    expect((await query('RETURN $v', { v: new Float32Array([0.1, 1, -0]) }))[0]).toEqual([
      ...new Float32Array([0.1, 1, -0]),
    ]);
  });
});

describe('stored and read again', () => {
  it('all kinds in one record', async () => {
    const content = Object.fromEntries(
      KINDS.map(([, value], index) => [`f${index}`, value instanceof Map ? 'a Map' : value]),
    );
    const id = new RecordId('kept', ['a', 1]);
    await query('CREATE $id CONTENT $content', { id, content });
    const [read] = await query('SELECT * FROM ONLY $id', { id });
    // NONE inside an object is not stored.
    expect(equals(read, { ...content, id }, { absentIsMissing: true })).toBe(true);
    // And sent back as it was read, it changes nothing.
    const [same] = await query('UPDATE ONLY $id CONTENT $read RETURN VALUE $before = $after', { id, read });
    expect(same).toBe(true);
  });

  it('NONE and undefined remove a field, null stays', async () => {
    await query('CREATE fields:1 CONTENT { a: 1, b: 2, c: 3 }');
    const [read] = await query('UPDATE ONLY fields:1 MERGE $change', { change: { a: undefined, b: NONE, c: null } });
    expect(read).toEqual({ id: new RecordId('fields', 1), c: null });
  });

  it('a projection of a missing field keeps its key', async () => {
    await query('CREATE fields:2');
    const [read] = await query('SELECT a FROM ONLY fields:2');
    expect(Object.keys(read as object)).toEqual(['a']);
  });
});

describe('record ids', () => {
  it('print their keys as the server does', async () => {
    // The server prints sets in its own order, and collections of points in a way that it cannot read.
    const hasSet = (key: unknown): boolean =>
      ['d838', 'd85e'].some((tag) => Buffer.from(encode(key)).includes(Buffer.from(tag, 'hex')));
    const ids = fc
      .sample(keys, 500)
      .filter((key) => !hasSet(key))
      .map((key) => new RecordId('t', key));
    expect(ids.length).toBeGreaterThan(250);
    const [texts] = await query('RETURN $ids.map(|$id| <string> $id)', { ids });
    ids.forEach((id, index) => expect(id.toString()).toBe((texts as string[])[index]));
  });

  it('are read by the server from their text, whatever table and key', async () => {
    for (const id of fc.sample(recordIds, 400)) {
      const text = id.toString();
      const [[same, round]] = (await query(`RETURN [$id == ${text}, <string> $id]`, { id })) as [[boolean, string]];
      expect({ text, same }).toEqual({ text, same: true });
      expect({ round, same: RecordId.parse(round).equals(id) }).toEqual({ round, same: true });
    }
  });

  it('with every word of SurrealQL as table and as key', async () => {
    const words =
      `access after algorithm all alter analyze and api array as asc assert at auth begin between bm25 break bucket by bytes cancel changefeed columns comment commit
      contains continue count create database datetime default define delete desc diff drop else end event everything explain false fetch field fields file for from full function
      geometry graphql group hnsw id if in index infinity info insert inside into is kill knn let limit live log mapper merge model module NaN nan Infinity namespace noindex none not null on
      only option or order out overwrite parallel param passhash password patch permissions point rand range read rebuild record references relate relation remove replace return roles
      root schedule schemafull schemaless scope search select sequence session set show signin signup since sleep split start structure table tb tempfiles then throw timeout to token
      transaction true type unique unset update upsert use user value values version view when where with ws`.split(
        /\s+/,
      );
    for (const word of words) {
      for (const table of [word, word.toUpperCase()]) {
        const id = new RecordId(table, word);
        const [same, list] = await query(`RETURN $id == ${id}; RETURN [${id}, { a: ${id} }]`, { id });
        expect({ table, same }).toEqual({ table, same: true });
        expect(list).toEqual([id, { a: id }]);
      }
    }
  });

  it('have one identity for one record', async () => {
    const ids = [
      new RecordId('i', 1),
      new RecordId('i', 1n),
      new RecordId('i', '1'),
      new RecordId('i', [1]),
      new RecordId('i', [1n]),
      new RecordId('i', { a: 1, b: 2 }),
      new RecordId('i', { b: 2, a: 1 }),
    ];
    const [distinct] = await query('RETURN array::distinct($ids)', { ids });
    expect((distinct as RecordId[]).map(identityOf).sort()).toEqual([...new Set(ids.map(identityOf))].sort());
  });

  it('made here look like those the server makes', async () => {
    const [made] = await query('RETURN [rand::id(), rand::ulid(), rand::uuid()]');
    const [key, time, uuid] = made as [string, string, Uuid];
    expect([key.length, time.length, String(uuid).length]).toEqual([
      randomKey().length,
      ulid().length,
      String(Uuid.v7()).length,
    ]);
    expect(key).toMatch(/^[0-9a-z]+$/);
    const [age] = await query('RETURN [time::from_ulid($ulid), time::from_uuid($uuid)]', {
      ulid: ulid(),
      uuid: Uuid.v7(),
    });
    for (const at of age as DateTime[]) expect(Math.abs(at.getTime() - Date.now())).toBeLessThan(5000);
  });
});

describe('limits', () => {
  it('a decimal that is refused here is refused or rounded there', async () => {
    await expect(query('RETURN 79228162514264337593543950336dec')).rejects.toThrow();
    const [rounded] = await query(
      'RETURN 0.00000000000000000000000000005dec == 0.00000000000000000000000000005dec + 0dec',
    );
    expect(rounded).toBe(true);
  });

  it('data as deep as is sent is taken, and comes back', async () => {
    const deep = Array.from({ length: 116 }).reduce<unknown>((inner) => [inner], 1);
    const [read] = await query('RETURN $deep', { deep });
    expect(read).toEqual(deep);
  });

  it('durations print as the server prints them', async () => {
    const durations = ['1y', '52w', '365d', '1w', '7d', '90m', '1500ms', '1001us', '1ns', '0ns', '1h1ns', '10000y'].map(
      (text) => Duration.parse(text),
    );
    const [texts] = await query('RETURN $durations.map(|$d| <string> $d)', { durations });
    expect(texts).toEqual(durations.map(String));
  });

  it('datetimes are read as the server reads them', async () => {
    for (const text of [
      '2024-01-02T03:04:05Z',
      '2024-01-02T03:04:05.1234567Z',
      '2024-02-29T23:59:59+02:30',
      '0000-01-01T00:00:00Z',
      '1600-02-29T00:00:00Z',
      '9999-12-31T23:59:59.999999999Z',
      '2024-06-01',
    ]) {
      expect((await query(`RETURN d"${text}" == $at`, { at: DateTime.parse(text) }))[0]).toBe(true);
    }
  });
});
