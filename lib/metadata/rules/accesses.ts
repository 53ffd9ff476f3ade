import { didYouMean } from '../../types/nearest-word.js';
import { isFragment } from '../../surrealql/surql.js';
import { Duration } from '../../values/index.js';
import type { AccessOptions } from '../options.js';
import type { Rule } from './rule.js';

const KNOWN: Readonly<Record<keyof AccessOptions, true>> = {
  name: true,
  type: true,
  signup: true,
  signin: true,
  authenticate: true,
  identifier: true,
  duration: true,
  refresh: true,
  jwt: true,
  for: true,
};

/** An access has a name that no other has, durations that can be read, and a way to know its users. */
export const checkAccesses: Rule = ({ entity, entities, problems }) => {
  const add: Add = (text, write = EXAMPLE) => problems.add(entity.className, text, write);
  const all = entities.flatMap((each) => each.accesses);
  for (const access of entity.accesses) {
    checkName(access, all, add);
    checkScripts(access, add);
    checkKind(access, add);
    if (isDerived(access) && !canDerive(entity, access))
      add(
        `the access "${access.name}" cannot tell how a user is known: it needs an @Encrypted field and the field ${access.identifier ?? 'email'}`,
      );
  }
};

type Add = (text: string, write?: string) => void;

const EXAMPLE = "@Access({ name: 'account', signin: surql`…` })";

function checkName(access: AccessOptions, all: readonly AccessOptions[], add: Add): void {
  const { name } = access;
  if (typeof name !== 'string' || name === '') add('an access needs a name');
  if (all.some((each) => each !== access && each.name === name))
    add(`two accesses are called "${name}"`, "@Access({ name: '…' })");
  for (const option of Object.keys(access)) {
    if (!(option in KNOWN)) add(`@Access has no option "${option}".${didYouMean(option, Object.keys(KNOWN))}`);
  }
}

function checkScripts(access: AccessOptions, add: Add): void {
  for (const key of ['signup', 'signin', 'authenticate'] as const) {
    const given = access[key];
    if (given !== undefined && given !== false && !isFragment(given))
      add(`the ${key} of the access "${access.name}" has to be written with surql`);
  }
}

function checkKind({ name, type = 'record', duration = {}, jwt }: AccessOptions, add: Add): void {
  if (!['record', 'jwt', 'bearer'].includes(type)) add(`"${String(type)}" is no type of access`, "type: 'record'");
  if (type === 'jwt' && jwt === undefined)
    add(`the access "${name}" does not say whose tokens it takes`, "jwt: { algorithm: 'HS512', key: '…' }");
  for (const [key, text] of Object.entries(duration)) {
    if (!isDuration(text)) add(`the duration of the ${key} is no duration: ${JSON.stringify(text)}`, `${key}: '15m'`);
  }
}

function isDerived({ type = 'record', signin, jwt }: AccessOptions): boolean {
  return type === 'record' && signin === undefined && jwt === undefined;
}

function canDerive(entity: Parameters<Rule>[0]['entity'], { identifier = 'email' }: AccessOptions): boolean {
  const secrets = entity.properties.filter((each) => each.kind === 'field' && each.algorithm !== undefined);
  return secrets.length === 1 && entity.byProperty.get(identifier)?.kind === 'field';
}

function isDuration(text: unknown): boolean {
  try {
    return typeof text === 'string' && String(new Duration(text)) !== '';
  } catch {
    return false;
  }
}
