import fc from '../support/property';
import { createRemoteEngines, RecordId as OfficialRecordId, Surreal } from 'surrealdb';
import WebSocket from 'ws';
import { connect, type Connection } from '../../lib/driver/connect.js';
import { equals, RecordId } from '../../lib/values/index.js';
import { backends, type OpenBackend } from '../support/backends.js';
import { values } from '../support/value-arbitraries.js';

const PLACE = { namespace: 'test', database: 'trips' };
const RUNS = 40;

/** Every type of value, many to a list. Members named `__proto__` are not among them, see `value-arbitraries.ts`. */
const lists = fc.array(values, { minLength: 10, maxLength: 40 });

/** What a record can hold: the server stores no member of an object that is NONE, so such an object comes back without it. */
const stored = fc.array(
  values.filter((value) => !hasAbsentMember(value)),
  { minLength: 10, maxLength: 40 },
);

function hasAbsentMember(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasAbsentMember);
  if (RecordId.is(value)) return hasAbsentMember(value.key);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some((member) => member === undefined || hasAbsentMember(member));
}

/** Tells the first value that came back as another, so that a failure names it. */
function expectSame(read: unknown, sent: readonly unknown[]): void {
  const list = read as readonly unknown[];
  sent.forEach((value, at) => expect({ at, value, same: equals(list[at], value) }).toEqual({ at, value, same: true }));
  expect(list).toHaveLength(sent.length);
}

describe.each(backends)('every type of value on $name', ({ name, open }) => {
  let store: OpenBackend;
  let db: Connection;
  let official: Surreal | undefined;

  beforeAll(async () => {
    store = await open();
    db = await connect(store.url, { ...PLACE, ...(store.auth && { auth: store.auth }) });
    await db.query('DEFINE TABLE trip SCHEMALESS');
    if (store.auth !== undefined) official = await officialClient(store.url, store.auth);
  });
  afterAll(async () => {
    await official?.close();
    await db.close();
    await store.close();
  });

  it('comes back from a parameter as it was sent', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (list) => {
        const [read] = await db.query('RETURN $list', { list });
        expectSame(read, list);
      }),
      { numRuns: RUNS },
    );
  });

  it('is read from a record as it was stored, by the official client too', async () => {
    let trips = 0;
    await fc.assert(
      fc.asyncProperty(stored, async (list) => {
        const key = (trips += 1);
        await db.create(new RecordId('trip', key), { list });
        const row = await db.select<{ list: unknown }, RecordId>(new RecordId('trip', key));
        expectSame(row?.list, list);
        if (official === undefined) return;
        const theirs: unknown = await official.select(new OfficialRecordId('trip', key));
        expectSame((theirs as { readonly list: unknown }).list, list);
      }),
      { numRuns: RUNS },
    );
    expect(official === undefined).toBe(name === 'embedded');
  });
});

async function officialClient(
  url: string,
  auth: { readonly username: string; readonly password: string },
): Promise<Surreal> {
  const websocketImpl = WebSocket as unknown as typeof globalThis.WebSocket;
  const client = new Surreal({ engines: createRemoteEngines(), websocketImpl });
  await client.connect(url, { ...PLACE, authentication: auth, reconnect: false });
  return client;
}
