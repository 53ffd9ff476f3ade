import { connect } from '../../lib/driver/connect.js';
import { ValidationError } from '../../lib/errors/index.js';
import { runChild } from '../support/run-child.js';

const HELPERS = `
  const chain = (count, term = 'false', operator = ' OR ') => 'RETURN ' + Array(count).fill(term).join(operator);
  const codeOf = (work) => work.then(() => 'answered', (error) => error.code);
  const PLACE = { namespace: 'a', database: 'a' };`;

/** One operator of any kind takes as much stack as another: that of 700 is all that a thread usually has. */
const FATAL = [
  'chain(2_000)',
  "chain(2_000, '1', ' + ')",
  "'RETURN ' + '!'.repeat(2_000) + 'true'",
  "'RETURN ' + '<int>'.repeat(2_000) + '1'",
  "'RETURN a:1' + '->b->c'.repeat(2_000)",
  "'RETURN ' + Array(6).fill(0).reduce((inner) => '(' + inner + ' OR ' + Array(400).fill('false').join(' OR ') + ')', 'false')",
];

describe('an expression of thousands of operators', () => {
  it.each(FATAL)('would end the process: %s', async (text) => {
    const child = await runChild(`
      import { openEngine } from 'lib/driver/embedded/native-engine.js';
      import { encode } from 'lib/driver/codec/index.js';
      ${HELPERS}
      async function main() {
        process.env.RUST_MIN_STACK = String(2 * 1024 * 1024);
        const engine = await openEngine('mem://');
        await engine.execute(encode({ method: 'use', params: ['a', 'a'] }));
        await engine.execute(encode({ method: 'query', params: [${text}] }));
        console.log('survived');
      }`);
    expect(child).toMatchObject({ signal: 'SIGSEGV', output: '' });
  });

  it('is answered, and what is deeper still is refused', async () => {
    const child = await runChild(`
      import { connect } from 'lib/driver/connect.js';
      ${HELPERS}
      async function main() {
        const db = await connect('mem://', PLACE);
        const fatal = [${FATAL.join(', ')}];
        console.log((await Promise.all(fatal.map((text) => codeOf(db.query(text))))).join());
        console.log((await db.query(chain(5_000)))[0]);
        console.log(await codeOf(db.query(chain(100_000))), await codeOf(db.query('RETURN ' + '!'.repeat(100_000) + 'true')));
        console.log((await db.query('RETURN 1'))[0]);
        await db.close();
      }`);
    expect(child).toMatchObject({ code: 0, late: false });
    // A negation too many, and a cast, is the engine's own limit.
    expect(child.output.trim().split('\n')).toEqual([
      'answered,answered,QUERY,QUERY,answered,answered',
      'false',
      'VALIDATION VALIDATION',
      '1',
    ]);
  });

  it('is refused where the threads of the engine have no more than the usual stack', async () => {
    const refusing = (before: string, wrap = (body: string) => body) => `
      import { connect } from 'lib/driver/connect.js';
      import { loadAddon } from 'lib/driver/embedded/addon.js';
      import { isMainThread, Worker } from 'node:worker_threads';
      ${HELPERS}
      async function main() {
        ${before}
        ${wrap(`
          const db = await connect('mem://', PLACE);
          const fatal = [${FATAL.join(', ')}];
          console.log((await Promise.all(fatal.map((text) => codeOf(db.query(text))))).join());
          console.log((await db.query(chain(400)))[0]);
          await db.close();`)}
      }`;
    const expected = `${Array(FATAL.length).fill('VALIDATION').join()}\nfalse`;
    // Somebody else has loaded the engine, and it runs.
    const late = await runChild(
      refusing(`
        const file = process.cwd() + '/node_modules/@surrealdb/node/dist';
        const { createRequire } = process.getBuiltinModule('module');
        const name = process.getBuiltinModule('fs').readdirSync(file).find((each) => {
          try { createRequire(file)(file + '/' + each); return each.endsWith('.node'); } catch { return false; }
        });
        await createRequire(file)(file + '/' + name).SurrealNodeEngine.connect('mem://', {});`),
    );
    expect({ ...late, output: late.output.trim() }).toMatchObject({ code: 0, late: false, output: expected });
    const worker = await runChild(
      refusing(
        '',
        (body) => `
        if (isMainThread) await new Promise((resolve) => new Worker(process.argv[1]).once('exit', resolve));
        else { ${body} }`,
      ),
    );
    expect({ ...worker, output: worker.output.trim() }).toMatchObject({ code: 0, late: false, output: expected });
  });

  it('does not end a server either', async () => {
    const child = await runChild(`
      import { connect } from 'lib/driver/connect.js';
      import { startServer } from 'lib/server/index.js';
      ${HELPERS}
      async function main() {
        const auth = { username: 'root', password: 'root' };
        const server = await startServer({ user: 'root', pass: 'root' });
        for (const url of [server.wsUrl, server.httpUrl]) {
          const db = await connect(url, { ...PLACE, auth });
          console.log((await db.query(chain(2_000)))[0], await codeOf(db.query(chain(100_000))), (await db.query('RETURN 1'))[0]);
          await db.close();
        }
        const headers = { authorization: 'Basic ' + btoa('root:root'), 'surreal-ns': 'a', 'surreal-db': 'a' };
        const sql = await fetch(server.httpUrl + '/sql', { method: 'POST', headers, body: chain(100_000) });
        console.log(sql.status, (await sql.text()).includes('too deep'));
        await server.close();
      }`);
    expect(child).toMatchObject({ code: 0, late: false, output: 'false QUERY 1\nfalse QUERY 1\n400 true\n' });
  });

  it('is told in words that help', async () => {
    const db = await connect('mem://');
    const error: unknown = await db
      .query(`RETURN ${Array(6_000).fill('$a = 1').join(' OR ')}`)
      .catch((failure: unknown) => failure);
    await db.close();
    expect(error).toBeInstanceOf(ValidationError);
    expect(String(error)).toContain('5999 operators, and 5000 is as many as fit');
    expect(String(error)).toContain('WHERE id IN $ids');
  });
});
