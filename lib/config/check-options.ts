import { ValidationError } from '../errors/index.js';
import { didYouMean } from '../types/index.js';
import type { ReverieOptions } from './reverie-options.js';

/** Typed over the options, so that a new one cannot be forgotten here. */
const KNOWN: Readonly<Record<keyof ReverieOptions, true>> = {
  url: true,
  namespace: true,
  database: true,
  auth: true,
  onSignIn: true,
  timeout: true,
  connect: true,
  reconnect: true,
  ping: true,
  pool: true,
  capabilities: true,
  entities: true,
  definitions: true,
  connections: true,
  subscribers: true,
  sync: true,
  logging: true,
  logger: true,
  slowQuery: true,
  validate: true,
  retry: true,
  cache: true,
  migrations: true,
  seeds: true,
  allowGlobalContext: true,
};

const SYNC_MODES = ['off', 'verify', 'safe', 'force'];

/** What other ORMs and clients call it, and what is written here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  synchronize: "sync: 'safe'",
  host: "url: 'ws://host:8000'",
  port: "url: 'ws://host:8000'",
  username: "auth: { username: '…', password: '…' }",
  user: "auth: { username: '…', password: '…' }",
  password: "auth: { username: '…', password: '…' }",
  pass: "auth: { username: '…', password: '…' }",
  ns: 'namespace',
  db: 'database',
  dbName: 'database',
  type: 'nothing: it is always SurrealDB, and the url says how to reach it',
};

/** Misspelt options would silently do nothing. */
export function checkOptions(options: ReverieOptions): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  refuseUnknown(given);
  if (typeof given['url'] !== 'string')
    throw invalid('url', 'it says where the database is', `url: 'mem://' or url: 'ws://127.0.0.1:8000'`);
  if (!Array.isArray(given['entities']))
    throw invalid('entities', 'it lists the entity classes, or globs', 'entities: [User, Post]');
  const { sync } = options;
  if (sync !== undefined && !SYNC_MODES.includes(sync))
    throw invalid('sync', `${JSON.stringify(sync)} is no mode`, `one of ${SYNC_MODES.join(', ')}`);
}

function refuseUnknown(given: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(KNOWN);
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(KNOWN, name)) continue;
    const list = `the options are ${names.join(', ')}`;
    const habit = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
    if (habit !== undefined) throw invalid(name, 'there is no such option', [`write ${habit}`, list]);
    throw invalid(name, `Reverie.init has no option "${name}".${didYouMean(name, names)}`, list);
  }
}

function invalid(name: string, why: string, fix: string | readonly string[]): ValidationError {
  return new ValidationError({
    what: `The option \`${name}\` of Reverie.init cannot be right`,
    why,
    fix,
    errors: [{ path: name, message: why, rule: 'option' }],
  });
}
