import { Reverie } from '../../../lib/index.js';
import { KITCHEN } from '../../support/schema-entities.js';

/** A process that boots: it connects, says so, and syncs when it is told to. Prints how many steps it has applied. */
async function main(url: string, database: string): Promise<void> {
  const orm = await Reverie.init({
    url,
    namespace: 'together',
    database,
    auth: { username: 'root', password: 'root' },
    entities: [...KITCHEN],
    sync: 'off',
  });
  process.stdout.write('ready\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const { steps } = await orm.schema.sync();
  process.stdout.write(`applied ${steps.length}\n`);
  await orm.close();
  process.stdin.destroy();
}

const [url, database] = process.argv.slice(2);
main(String(url), String(database)).catch((error: unknown) => {
  process.stdout.write(`${String(error)}\n`);
  process.exitCode = 1;
});
