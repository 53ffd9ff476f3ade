import { Reverie } from '../../../lib/index.js';
import { GUESTS } from '../../support/renamed-entities.js';
import { KITCHEN } from '../../support/schema-entities.js';

/** What is synced, by the name that the process is given. */
const SCHEMAS = { kitchen: KITCHEN, guests: GUESTS } as const;

/** A process that boots: it connects, says so, and syncs when it is told to. Prints how many steps it has applied. */
async function main(url: string, database: string, schema: keyof typeof SCHEMAS): Promise<void> {
  const orm = await Reverie.init({
    url,
    namespace: 'together',
    database,
    auth: { username: 'root', password: 'root' },
    entities: [...SCHEMAS[schema]],
    sync: 'off',
  });
  process.stdout.write('ready\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  const { steps } = await orm.schema.sync();
  process.stdout.write(`applied ${steps.length}\n`);
  await orm.close();
  process.stdin.destroy();
}

const [url, database, schema] = process.argv.slice(2);
main(String(url), String(database), schema as keyof typeof SCHEMAS).catch((error: unknown) => {
  process.stdout.write(`${String(error)}\n`);
  process.exitCode = 1;
});
