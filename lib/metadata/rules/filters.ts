import { isFragment } from '../../surrealql/surql.js';
import { SOFT_DELETE } from '../build-filters.js';
import { classText } from '../class-text.js';
import type { Rule } from './rule.js';

const WRITE = "@Filter({ name: 'tenant', where: (params: { id: string }) => ({ tenant: params.id }) })";

/** A filter has a name to speak of it by, and a where. */
export const checkFilters: Rule = ({ collected, problems }) => {
  const path = `${collected.className}, @Filter`;
  for (const { name, where } of collected.filters as readonly { readonly name: unknown; readonly where: unknown }[]) {
    if (typeof name !== 'string' || name === '') problems.add(path, 'the filter has no name', WRITE);
    if (name === SOFT_DELETE) problems.add(path, `"${SOFT_DELETE}" is the filter that @SoftDelete brings`, WRITE);
    const isWhere = typeof where === 'function' || (typeof where === 'object' && where !== null) || isFragment(where);
    if (!isWhere) problems.add(path, `the where of "${String(name)}" is ${classText(where)}`, WRITE);
  }
};
