import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { ask } from '../../data/requests.js';
import { ReverieError } from '../../errors/index.js';
import type { Reverie } from '../../orm.js';
import { array, call, subquery } from '../../surrealql/nodes/expressions.js';
import { info, returnStatement } from '../../surrealql/nodes/statements.js';
import type { CommandContext } from '../command.js';
import { counted } from '../counted.js';
import { openMigrator } from '../open-migrator.js';
import { failed, looked, ok, skipped, type Finding } from './finding.js';

const AFTER_CONNECTION = ['server', 'clock', 'schema', 'migrations', 'indexes'] as const;
/** Milliseconds by which clocks may differ unnoticed, and from which on tokens are refused. */
const CLOCK_NOTED = 2_000;
const CLOCK_BAD = 30_000;

/** What can be told with a configuration. */
export async function checkDatabase(context: CommandContext): Promise<readonly Finding[]> {
  let orm: Reverie;
  const began = performance.now();
  try {
    orm = await context.orm();
  } catch (error) {
    const check = isSignIn(error) ? 'sign-in' : 'connection';
    return [failed(check, error), ...skipped(AFTER_CONNECTION, 'there is no connection')];
  }
  const took = performance.now() - began;
  const { namespace = '', database = '' } = orm.driver;
  return [
    ok('connection', `${namespace}/${database} in ${took.toFixed(0)} ms`),
    checkServer(orm),
    await looked('clock', () => checkClock(orm)),
    await looked('schema', () => checkSchema(orm)),
    await looked('migrations', () => checkMigrations(context, orm)),
    await looked('indexes', () => checkIndexes(orm)),
  ];
}

const isSignIn = (error: unknown): boolean => ReverieError.is(error) && error.code === 'AUTHENTICATION';

function checkServer({ driver }: Reverie): Finding {
  const { version, transport, engine, live, interactiveTransactions } = driver.capabilities;
  const lacks = [...(live ? [] : ['live queries']), ...(interactiveTransactions ? [] : ['interactive transactions'])];
  const where = transport === 'embedded' ? `embedded, ${engine}` : transport;
  const detail = `SurrealDB ${version}, ${where}${lacks.length > 0 ? `; no ${lacks.join(' and no ')}` : ''}`;
  return lacks.length === 0
    ? ok('server', detail)
    : { check: 'server', state: 'note', detail, fix: 'connect by ws:// for them' };
}

async function checkClock({ driver }: Reverie): Promise<Finding> {
  const before = Date.now();
  const server = (await ask(driver, [returnStatement(call('time::now'))])) as Date;
  const skew = Math.round(server.getTime() - (before + Date.now()) / 2);
  const size = Math.abs(skew);
  const detail = `the server's is ${size} ms ${skew < 0 ? 'behind' : 'ahead'}`;
  if (size < CLOCK_NOTED) return ok('clock', detail);
  return {
    check: 'clock',
    state: size < CLOCK_BAD ? 'note' : 'failed',
    detail,
    fix: 'let NTP set both clocks: tokens and leases go by them',
  };
}

async function checkSchema({ schema }: Reverie): Promise<Finding> {
  const { steps, isEmpty } = await schema.plan();
  if (isEmpty) return ok('schema', 'the database is what the entities say');
  const detail = `${counted(steps.length, 'step')} from what the entities say`;
  return { check: 'schema', state: 'differs', detail, fix: 'reverie schema:plan shows them' };
}

/** Over the connection that is open: a folder lets no second one in. */
async function checkMigrations(context: CommandContext, orm: Reverie): Promise<Finding> {
  const { options, root } = await context.config();
  if (!existsSync(resolve(root, options.migrations?.dir ?? 'migrations'))) return ok('migrations', 'none');
  const all = await (await openMigrator(context, orm)).status();
  const open = all.filter(({ state }) => state !== 'applied');
  if (open.length === 0) return ok('migrations', `${all.length} applied`);
  const detail = open.map(({ name, state }) => `${name} ${state}`).join(', ');
  const changed = open.some(({ state }) => state !== 'pending');
  return {
    check: 'migrations',
    state: 'differs',
    detail,
    fix: changed ? 'reverie migration:check' : 'reverie migration:up',
  };
}

interface Building {
  readonly building?: { readonly status?: string; readonly error?: string };
}

async function checkIndexes({ driver }: Reverie): Promise<Finding> {
  const names = await indexNames(driver);
  const infos = names.map(([table, index]) => subquery(info({ table, index })));
  const states = (names.length === 0 ? [] : await ask(driver, [returnStatement(array(infos))])) as readonly Building[];
  const unready = states.flatMap(({ building }, at) =>
    building?.status === undefined || building.status === 'ready'
      ? []
      : [`${names[at]?.join('.')}: ${building.error ?? building.status}`],
  );
  if (unready.length === 0) return ok('indexes', `${names.length} ready`);
  return {
    check: 'indexes',
    state: 'differs',
    detail: unready.join(', '),
    fix: 'wait for what is building; rebuild what failed',
  };
}

async function indexNames(driver: Reverie['driver']): Promise<readonly (readonly [string, string])[]> {
  const { tables } = (await ask(driver, [info('database')])) as { readonly tables: Readonly<Record<string, string>> };
  const names = Object.keys(tables);
  if (names.length === 0) return [];
  const infos = (await ask(driver, [
    returnStatement(array(names.map((table) => subquery(info({ table }))))),
  ])) as readonly { readonly indexes: Readonly<Record<string, string>> }[];
  return infos.flatMap(({ indexes }, at) => Object.keys(indexes).map((index) => [names[at] as string, index] as const));
}
