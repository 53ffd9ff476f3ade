import type { EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import { serverTime } from '../metadata/server-time.js';
import { array, binary, call, path, value, type Assignment, type Expression } from '../surrealql/nodes/index.js';
import { Duration } from '../values/index.js';

const MILLISECOND = new Duration('1ms');

/** The version after this one: the next number, or the time, in whole milliseconds and never the same twice. */
export function nextVersion({ type }: FieldMetadata, current: Expression): Expression {
  if (type.kind !== 'datetime') return binary(current, '+', value(1));
  return call('time::max', array([serverTime('ms'), binary(current, '+', value(MILLISECOND))]));
}

/** Every write raises the version that optimistic locks compare. */
export function raisedVersion({ version }: EntityMetadata): Assignment[] {
  if (version === undefined) return [];
  const target = path(version.column);
  return version.type.kind === 'datetime'
    ? [{ target, operator: '=', value: nextVersion(version, target) }]
    : [{ target, operator: '+=', value: value(1) }];
}
