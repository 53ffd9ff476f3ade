import { runChild } from '../support/run-child.js';

describe('a listener that throws', () => {
  it('is reported, and neither ends the connection nor keeps the news from others', async () => {
    const child = await runChild(`
      import { connect } from 'lib/driver/connect.js';
      import { startServer } from 'lib/server/index.js';
      async function main() {
        const reported = [];
        process.on('uncaughtException', (error) => reported.push(error.message));
        const server = await startServer({ user: 'root', pass: 'root' });
        for (const url of ['mem://', server.wsUrl]) {
          const db = await connect(url, { namespace: 'a', database: 'a', auth: { username: 'root', password: 'root' } });
          await db.query('DEFINE TABLE news');
          const broken = await db.live('LIVE SELECT * FROM news');
          const other = await db.live('LIVE SELECT * FROM news');
          let heard = 0;
          const all = new Promise((resolve) => {
            broken.on(() => { throw new Error('broken'); });
            broken.on(() => (heard += 1) === 6 && resolve());
            other.on(() => (heard += 1) === 6 && resolve());
          });
          broken.onEnd(() => { throw new Error('broken end'); });
          for (let at = 0; at < 3; at += 1) await db.create('news', { at });
          await all;
          console.log(heard, (await db.query('RETURN 1'))[0]);
          await db.close();
          await new Promise((resolve) => setTimeout(resolve, 10));
          console.log(reported.splice(0).join());
        }
        await server.close();
      }`);
    const each = '6 1\nbroken,broken,broken,broken end\n';
    expect(child).toMatchObject({ code: 0, late: false, output: each + each });
  });
});
