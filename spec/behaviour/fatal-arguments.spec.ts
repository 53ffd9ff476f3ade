import { connect, type Connection } from '../../lib/driver/connect.js';
import { panicOf } from '../../lib/driver/embedded/panic-guard.js';
import { ValidationError } from '../../lib/errors/index.js';
import { backends, type OpenBackend } from '../support/backends.js';
import { runChild } from '../support/run-child.js';

const PLACE = { namespace: 'test', database: 'fatal' };
const NESTED = `'a:' + '['.repeat(100_000) + ']'.repeat(100_000)`;

/** SurrealQL and its bindings, as TypeScript, that end the process of an engine nobody guards. */
const FATAL: readonly (readonly [text: string, bindings: string])[] = [
  ['RETURN time::format(time::now(), "%")', '{}'],
  ['RETURN time::now().format("%Y %Q")', '{}'],
  ['RETURN time::format(time::now(), $format)', `{ format: '%-A' }`],
  ['SELECT * FROM [1] TIMEOUT 584554049253y', '{}'],
  ['SELECT * FROM [1] TIMEOUT $long', `{ long: Duration.parse('584554049253y') }`],
  ['RETURN rand::float(0, Infinity)', '{}'],
  ['RETURN rand::float($low, 1)', '{ low: NaN }'],
  ['RETURN math::fixed(1.5, 65_536)', '{}'],
  ['RETURN math::fixed(1.5, $places)', '{ places: 1e9 }'],
  ['RETURN rand::id(-1)', '{}'],
  ['RETURN rand::string($length)', '{ length: -1 }'],
  ['RETURN search::rrf([[{ id: 1 }]], 1e18)', '{}'],
  ['RETURN search::linear([[{ id: 1, score: 1 }]], [1], $limit, "minmax")', '{ limit: 2n ** 62n }'],
  ['RETURN <record> $text', `{ text: ${NESTED} }`],
  ['RETURN type::record($data.id)', `{ data: { id: ${NESTED} } }`],
];

const CALL = (text: string, bindings: string): string => `['${text}', ${bindings}] as const`;

describe('an argument that makes the engine panic', () => {
  it.each(FATAL)('would end the process: %s', async (text, bindings) => {
    const child = await runChild(`
      import { openEngine } from 'lib/driver/embedded/native-engine.js';
      import { encode } from 'lib/driver/codec/index.js';
      import { Duration } from 'lib/values/index.js';
      async function main() {
        process.env.RUST_MIN_STACK = String(2 * 1024 * 1024);
        const engine = await openEngine('mem://');
        await engine.execute(encode({ method: 'use', params: ['a', 'a'] }));
        await engine.execute(encode({ method: 'query', params: ${CALL(text, bindings)} }));
        console.log('survived');
      }`);
    expect(child).toMatchObject({ code: null, signal: expect.stringMatching(/^SIG(ABRT|SEGV)$/), output: '' });
  });

  it('is refused before it is sent, and by the local server', async () => {
    const child = await runChild(`
      import { connect } from 'lib/driver/connect.js';
      import { startServer } from 'lib/server/index.js';
      import { Duration } from 'lib/values/index.js';
      async function main() {
        const auth = { username: 'root', password: 'root' };
        const server = await startServer({ user: 'root', pass: 'root' });
        for (const url of ['mem://', server.wsUrl, server.httpUrl]) {
          const db = await connect(url, { namespace: 'a', database: 'a', auth });
          const codes = [];
          for (const [text, bindings] of [${FATAL.map(([text, bindings]) => CALL(text, bindings)).join(', ')}])
            codes.push(await db.query(text, bindings).then(() => 'answered', (error) => error.code));
          console.log([...new Set(codes)].join(), codes.length, (await db.query('RETURN 1'))[0]);
          await db.close();
        }
        await server.close();
      }`);
    const { length } = FATAL;
    expect(child).toMatchObject({ code: 0, late: false });
    expect(child.output.trim().split('\n')).toEqual([
      `VALIDATION ${length} 1`,
      `QUERY ${length} 1`,
      `QUERY ${length} 1`,
    ]);
  });

  it('is told in words that help', async () => {
    const db = await connect('mem://');
    const error: unknown = await db.query('RETURN time::format(time::now(), "%Y-%Q")').catch((e: unknown) => e);
    await db.close();
    expect(error).toBeInstanceOf(ValidationError);
    expect(String(error)).toContain('time::format does not know %Q');
  });
});

describe.each(backends)('arguments that the engine can stand on $name', ({ open }) => {
  let store: OpenBackend;
  let db: Connection;

  beforeAll(async () => {
    store = await open();
    db = await connect(store.url, { ...PLACE, ...(store.auth && { auth: store.auth }) });
  });
  afterAll(async () => {
    await db.close();
    await store.close();
  });

  it('pass: every format there is', async () => {
    const format =
      '%A%B%C%D%F%G%H%I%M%P%R%S%T%U%V%W%X%Y%Z%a%b%c%d%e%f%g%h%j%k%l%m%n%p%q%r%s%t%u%v%w%x%y%z%+%%%.f%.3f%.6f%.9f%3f%6f%9f' +
      '%:z%::z%:::z%-d%_d%0d%-H%-j%-s%_k text 100%%';
    const [bound, written, member] = await db.query(
      `RETURN time::format($at, $format); RETURN time::format($at, '${format}'); RETURN $at.format("%Y-%m-%d")`,
      { at: new Date(0), format },
    );
    expect(bound).toBe(written);
    expect(bound).toContain('Thursday');
    expect(member).toBe('1970-01-01');
  });

  it('pass: deadlines, bounds and texts of usual size, and what only looks like a call', async () => {
    const [rows, , id, text] = await db.query(
      `SELECT * FROM [1] TIMEOUT 100y; RETURN rand::float(-5, $high) < 1001; RETURN type::record($id);
       RETURN "time::format(x, '%Q') TIMEOUT 584554049253y"`,
      { high: 1000, id: 'a:[[[1]]]' },
    );
    expect([rows, String(id), text]).toEqual([[1], 'a:[[[1]]]', expect.stringContaining('%Q')]);
  });
});

describe('a statement that mentions none of them', () => {
  it('is not looked into', () => {
    const untouched = new Proxy({}, { ownKeys: () => fail(), get: () => fail() });
    expect(panicOf('SELECT * FROM user WHERE format = $x AND record_of = 1', untouched)).toBeUndefined();
    expect(() => panicOf('RETURN type::record($x)', untouched)).toThrow('looked at');
  });
});

function fail(): never {
  throw new Error('looked at');
}
