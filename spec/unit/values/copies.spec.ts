import * as sdk from 'surrealdb';
import { decodeExact, encode } from '../../../lib/driver/codec/index.js';
import * as ours from '../../../lib/values/index.js';

/** A second copy of the package, as when one part of a program loads the ESM build and another the CommonJS one. */
function secondCopy(): typeof ours {
  let copy: typeof ours | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof ours>('../../../lib/values/index.js');
  });
  if (copy === undefined) throw new Error('not loaded');
  return copy;
}

const make = (values: typeof ours): Record<ours.ValueKind, unknown> => ({
  RecordId: new values.RecordId('t', [values.Uuid.parse('018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c')]),
  RecordIdRange: new values.RecordIdRange('t', new values.BoundIncluded(1), undefined),
  Range: new values.Range(new values.BoundExcluded(1), new values.BoundIncluded(2)),
  BoundIncluded: new values.BoundIncluded(1),
  BoundExcluded: new values.BoundExcluded(1),
  Uuid: values.Uuid.parse('018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c'),
  Decimal: new values.Decimal('1.5'),
  Float: new values.Float(1),
  Duration: values.Duration.parse('1h5ns'),
  DateTime: values.DateTime.fromParts(-1, 5),
  Point: new values.Point([1, 2]),
  Line: new values.Line([
    [0, 0],
    [1, 1],
  ]),
  Polygon: new values.Polygon([
    [
      [0, 0],
      [1, 0],
      [1, 1],
    ],
  ]),
  MultiPoint: new values.MultiPoint([[0, 0]]),
  MultiLine: new values.MultiLine([
    [
      [0, 0],
      [1, 1],
    ],
  ]),
  MultiPolygon: new values.MultiPolygon([
    [
      [
        [0, 0],
        [1, 0],
        [1, 1],
      ],
    ],
  ]),
  GeometryCollection: new values.GeometryCollection([new values.Point([1, 2])]),
  FileRef: new values.FileRef('b', 'k'),
  Table: new values.Table('t'),
  NONE: values.NONE,
});

describe('values of a second copy of the package', () => {
  const copy = secondCopy();
  const theirs = make(copy);
  const own = make(ours);

  it('is really another copy', () => {
    expect(copy.RecordId).not.toBe(ours.RecordId);
    expect(copy.NONE).not.toBe(ours.NONE);
  });

  it.each(Object.keys(own) as ours.ValueKind[])('%s', (kind) => {
    expect(ours.kindOf(theirs[kind])).toBe(kind);
    expect(ours.equals(theirs[kind], own[kind])).toBe(true);
    expect(ours.equals(own[kind], theirs[kind])).toBe(true);
    if (kind === 'BoundIncluded' || kind === 'BoundExcluded') return;
    expect(Buffer.from(encode(theirs[kind])).equals(Buffer.from(encode(own[kind])))).toBe(true);
    expect(ours.equals(decodeExact(encode(theirs[kind])), own[kind])).toBe(true);
  });

  it('are told by every static `is`', () => {
    for (const kind of Object.keys(own) as ours.ValueKind[]) {
      if (kind === 'NONE' || kind === 'Decimal') continue;
      const Class = ours[kind] as { is(value: unknown): boolean };
      for (const other of Object.keys(own) as ours.ValueKind[])
        expect([kind, other, Class.is(theirs[other])]).toEqual([kind, other, kind === other]);
      for (const nothing of [null, undefined, 1, 'x', {}, [], () => 1]) expect(Class.is(nothing)).toBe(false);
    }
    expect(ours.isNone(copy.NONE)).toBe(true);
    expect(ours.identityOf(theirs.RecordId as ours.RecordId)).toBe(ours.identityOf(own.RecordId as ours.RecordId));
    expect((own.RecordId as ours.RecordId).equals(theirs.RecordId)).toBe(true);
    expect(ours.Geometry.isGeometry(theirs.Line)).toBe(true);
    expect(new ours.GeometryCollection([theirs.Point as ours.Point]).equals(own.GeometryCollection)).toBe(true);
    expect(new ours.Uuid(theirs.Uuid as ours.Uuid).equals(own.Uuid)).toBe(true);
    expect(new ours.DateTime(theirs.DateTime as ours.DateTime).equals(own.DateTime)).toBe(true);
  });
});

describe('kindOf', () => {
  it('is undefined for plain data and the platform’s own values', () => {
    for (const value of [
      undefined,
      null,
      1,
      'x',
      {},
      [],
      new Date(),
      new Uint8Array(),
      new Set(),
      () => 1,
      { kind: 'Uuid' },
    ])
      expect(ours.kindOf(value)).toBeUndefined();
  });
});

describe('adopt', () => {
  const uuid = '018a6680-7b6b-7cc0-b4c5-1d6e2f3a4b5c';
  it.each<[string, unknown, unknown]>([
    ['RecordId', new sdk.RecordId('t', new sdk.Uuid(uuid)), new ours.RecordId('t', ours.Uuid.parse(uuid))],
    ['StringRecordId', new sdk.StringRecordId('t:1'), new ours.RecordId('t', 1)],
    [
      'RecordIdRange',
      new sdk.RecordIdRange('t', new sdk.BoundIncluded(1), undefined),
      new ours.RecordIdRange('t', new ours.BoundIncluded(1), undefined),
    ],
    [
      'Range',
      new sdk.Range(new sdk.BoundExcluded('a'), undefined),
      new ours.Range(new ours.BoundExcluded('a'), undefined),
    ],
    ['BoundIncluded', new sdk.BoundIncluded(1), new ours.BoundIncluded(1)],
    ['Uuid', new sdk.Uuid(uuid), ours.Uuid.parse(uuid)],
    ['Decimal', new sdk.Decimal('-0.5'), new ours.Decimal('-0.5')],
    ['Duration', new sdk.Duration('1h5ns'), ours.Duration.parse('1h5ns')],
    ['DateTime', new sdk.DateTime([-5n, 7n]), ours.DateTime.fromParts(-5, 7)],
    ['Table', new sdk.Table('t'), new ours.Table('t')],
    ['FileRef', new sdk.FileRef('b', 'k'), new ours.FileRef('b', 'k')],
    ['GeometryPoint', new sdk.GeometryPoint([1, 2]), new ours.Point([1, 2])],
    [
      'GeometryCollection',
      new sdk.GeometryCollection([new sdk.GeometryPoint([1, 2])]),
      new ours.GeometryCollection([new ours.Point([1, 2])]),
    ],
  ])('%s', (_, theirs, expected) => {
    const adopted = ours.adopt(theirs);
    expect(Object.getPrototypeOf(adopted)).toBe(Object.getPrototypeOf(expected));
    expect(adopted).toEqual(expected);
    expect(ours.equals(theirs, expected)).toBe(!(theirs instanceof sdk.StringRecordId));
  });

  it('gives anything else back', () => {
    class Own {
      id = 1;
    }
    for (const value of [1, 'x', null, undefined, {}, [1], new Date(), new Own(), new ours.RecordId('t', 1), new Map()])
      expect(ours.adopt(value)).toBe(value);
  });
});
