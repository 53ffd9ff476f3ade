import type { Box } from '../types/type-of.js';
import type { LinkTo } from '../types/relations.js';
import { stageProperty } from './context.js';
import type { PropertyDecoration } from './signatures.js';

type EndBox = Box<LinkTo<object>>;

/** The record that an edge starts at; the class says of which table with `@Table({ type: 'relation', in })`. */
export function In(): PropertyDecoration<EndBox> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'In', (property) => ({ kind: 'end', property, end: 'in' }));
}

/** The record that an edge leads to; the class says of which table with `@Table({ type: 'relation', out })`. */
export function Out(): PropertyDecoration<EndBox> {
  return (...args: readonly unknown[]) =>
    stageProperty(args, 'Out', (property) => ({ kind: 'end', property, end: 'out' }));
}
