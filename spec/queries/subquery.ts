import fc from 'fast-check';
import { surql } from '../../lib/index.js';
import type { EntityMetadata } from '../../lib/metadata/entity-metadata.js';
import { isConditions, type Conditions } from '../finds/operators.js';
import type { Verbs } from './world.js';

/** A query within a condition: the values that a property of the matching records has. */
export class SubqueryOf {
  readonly meta: EntityMetadata;
  readonly where: Conditions;
  readonly path: string;

  constructor(meta: EntityMetadata, where: Conditions, path: string) {
    this.meta = meta;
    this.where = where;
    this.path = path;
  }

  [fc.toStringMethod](): string {
    return `subquery(${this.meta.className}, ${fc.stringify(this.where)}, ${this.path})`;
  }
}

/** Conditions in which subqueries are those of this EntityManager. */
export function asked(given: unknown, em: Verbs): unknown {
  if (given instanceof SubqueryOf) {
    const { meta, where, path } = given;
    return em['select']?.(meta.target)['where']?.(asked(where, em))['value']?.(path);
  }
  if (Array.isArray(given)) return given.map((each) => asked(each, em));
  if (!isConditions(given) || isFragment(given) || Object.getOwnPropertySymbols(given).length > 0) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, asked(value, em)]));
}

const SAMPLE = surql`1`;
export const isFragment = (given: object): boolean => (given as { kind?: unknown }).kind === SAMPLE.kind;
