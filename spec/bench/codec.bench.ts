/**
 * The codec against the official client's and cbor-x, on 10,000 mixed rows as SurrealDB sends them.
 * Run: npx ts-node spec/bench/codec.bench.ts
 */
import { addExtension, Decoder, Encoder, Tag } from 'cbor-x';
import {
  CborCodec,
  DateTime as SdkDateTime,
  Decimal as SdkDecimal,
  Duration as SdkDuration,
  RecordId as SdkRecordId,
  Uuid as SdkUuid,
} from 'surrealdb';
import { decode, encode } from '../../lib/driver/codec/index.js';
import { DateTime, Decimal, Duration, RecordId, Uuid, kindOf, randomKey } from '../../lib/values/index.js';

const ROWS = 10_000;
const RUNS = 15;
const WARM_RUNS = 4;

function row(index: number): Record<string, unknown> {
  return {
    active: index % 3 === 0,
    address: { city: `City ${index % 50}`, street: `${index} Main Street`, zip: String(10_000 + (index % 9000)) },
    age: 18 + (index % 60),
    author: new RecordId('user', randomKey()),
    balance: new Decimal(`${index}.25`),
    createdAt: DateTime.fromParts(1_700_000_000 + index, (index * 7919) % 1_000_000_000),
    email: `user${index}@example.com`,
    id: new RecordId('post', index),
    name: `Jürgen Müller ${index}`,
    note: index % 5 === 0 ? null : undefined,
    score: index / 7,
    session: index % 10 === 0 ? Uuid.v7() : undefined,
    spent: index % 10 === 1 ? Duration.fromMilliseconds(index * 1001) : undefined,
    tags: ['alpha', 'beta', `tag${index % 20}`],
    views: index * 1_000_003,
  };
}

/** The same value in the official client's classes. */
function forSdk(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(forSdk);
  if (RecordId.is(value)) return new SdkRecordId(value.table, value.key as string | number);
  if (DateTime.is(value)) return new SdkDateTime([BigInt(value.seconds), BigInt(value.nanoseconds)]);
  if (Uuid.is(value)) return new SdkUuid(value.toString());
  if (Duration.is(value)) return new SdkDuration(value.toString());
  if (kindOf(value) === 'Decimal') return new SdkDecimal(String(value));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, forSdk(member)]));
}

/** What cbor-x needs done before it writes what SurrealDB reads: tags, NONE, and integers over 32 bits as bigints. */
function forCborX(value: unknown): unknown {
  switch (typeof value) {
    case 'undefined':
      return new Tag(null, 6);
    case 'number':
      return Number.isSafeInteger(value) && (value > 0xffffffff || value < -0x80000000) ? BigInt(value) : value;
    case 'object':
      return value === null ? null : objectForCborX(value);
    default:
      return value;
  }
}

function objectForCborX(value: object): unknown {
  if (Array.isArray(value)) return value.map(forCborX);
  if (RecordId.is(value)) return new Tag([value.table, forCborX(value.key)], 8);
  if (DateTime.is(value)) return new Tag([forCborX(value.seconds), value.nanoseconds], 12);
  if (Uuid.is(value)) return new Tag(value.toBytes(), 37);
  if (Duration.is(value)) return new Tag([value.nanoseconds / 1_000_000_000n, value.nanoseconds % 1_000_000_000n], 14);
  if (kindOf(value) === 'Decimal') return new Tag(String(value), 10);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = forCborX((value as Record<string, unknown>)[key]);
  return copy;
}

function registerTags(): void {
  const read = (tag: number, decodeTag: (content: never) => unknown): void =>
    addExtension({ Class: class {}, tag, encode: () => undefined, decode: decodeTag } as never);
  read(6, () => undefined);
  read(8, ([table, key]: [string, string]) => new RecordId(table, key));
  read(10, (text: string) => new Decimal(text));
  read(12, ([seconds, nanoseconds]: [number, number]) => DateTime.fromParts(seconds, nanoseconds));
  read(14, ([seconds, nanoseconds]: [number, number]) => Duration.fromParts(seconds, nanoseconds));
  read(37, (bytes: Uint8Array) => Uuid.fromBytes(bytes));
}

/** Runs the contestants in turn, so that a busy machine slows all of them alike. */
function compare(title: string, contestants: Readonly<Record<string, () => unknown>>): void {
  const entries = Object.entries(contestants);
  const times = new Map(entries.map(([name]) => [name, [] as number[]]));
  for (let run = -WARM_RUNS; run < RUNS; run++) {
    for (const [name, work] of entries) {
      const start = performance.now();
      work();
      if (run >= 0) times.get(name)?.push(performance.now() - start);
    }
  }
  console.log(`\n${title}`);
  for (const [name, taken] of times) {
    const sorted = taken.sort((a, b) => a - b);
    console.log(`  ${name.padEnd(40)} median ${shown(sorted[RUNS >> 1])} ms   best ${shown(sorted[0])} ms`);
  }
}

function shown(time: number | undefined): string {
  return (time === undefined ? '' : time.toFixed(1)).padStart(8);
}

function times(count: number, work: () => unknown): () => void {
  return () => {
    for (let index = 0; index < count; index++) work();
  };
}

registerTags();
const sdk = new CborCodec({});
const peer = new Encoder({ useRecords: false, variableMapSize: true, mapsAsObjects: true, tagUint8Array: false });
const peerDecoder = new Decoder({ useRecords: false, mapsAsObjects: true });

const rows = Array.from({ length: ROWS }, (_, index) => row(index));
const sdkRows = forSdk(rows);
const walked = forCborX(rows);
const bytes = encode(rows);
console.log(`${ROWS} rows, ${(bytes.length / 1e6).toFixed(2)} MB`);
compare('decode the rows', {
  Reverie: () => decode(bytes),
  'official client': () => sdk.decode(bytes),
  'cbor-x into the same value classes': () => peerDecoder.decode(bytes),
});
compare('encode the rows', {
  Reverie: () => encode(rows),
  'official client': () => sdk.encode(sdkRows),
  'cbor-x after the walk that makes it right': () => peer.encode(forCborX(rows)),
  'cbor-x without that walk': () => peer.encode(walked),
});

const wide = encode(
  Array.from({ length: ROWS / 2 }, (_, index) =>
    Object.fromEntries(
      Array.from({ length: 30 }, (__, column) => [
        `column_${column}`,
        column % 2 === 0 ? index * column : `text ${index}`,
      ]),
    ),
  ),
);
compare(`decode ${ROWS / 2} rows of 30 columns`, {
  Reverie: () => decode(wide),
  'official client': () => sdk.decode(wide),
  'cbor-x': () => peerDecoder.decode(wide),
});

const query = {
  id: 7,
  method: 'query',
  params: ['SELECT * FROM user WHERE id = $id', { id: new RecordId('user', 'tobie') }],
};
const sdkQuery = { ...query, params: [query.params[0], { id: new SdkRecordId('user', 'tobie') }] };
const queryBytes = encode(query);
compare('encode 1000 small requests', {
  Reverie: times(1000, () => encode(query)),
  'official client': times(1000, () => sdk.encode(sdkQuery)),
  'cbor-x after the walk that makes it right': times(1000, () => peer.encode(forCborX(query))),
});
compare('decode 1000 small messages', {
  Reverie: times(1000, () => decode(queryBytes)),
  'official client': times(1000, () => sdk.decode(queryBytes)),
  'cbor-x into the same value classes': times(1000, () => peerDecoder.decode(queryBytes)),
});

const vectors = Array.from({ length: 200 }, (_, index) => new Float32Array(1536).fill(index / 3));
const lists = vectors.map((vector) => Array.from(vector));
const vectorBytes = encode(vectors);
compare('encode 200 vectors of 1536 floats', {
  'Reverie, Float32Array': () => encode(vectors),
  'Reverie, number[]': () => encode(lists),
  'cbor-x, number[]': () => peer.encode(lists),
});
compare('decode 200 vectors of 1536 floats', {
  Reverie: () => decode(vectorBytes),
  'cbor-x': () => peerDecoder.decode(vectorBytes),
});
