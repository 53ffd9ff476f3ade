import { and, binary, call, value, type Expression } from '../../surrealql/nodes/index.js';
import { isFragment } from '../../surrealql/surql.js';
import { Geometry, NONE } from '../../values/index.js';
import { describe, refused } from '../query-errors.js';
import type { Target } from '../target.js';
import { operandOf, requireKind, type OperatorBuilder } from './operator.js';

/** Places on the globe. https://surrealdb.com/docs/surrealql/functions/database/geo */
export const geometryOperators: Readonly<Record<string, OperatorBuilder>> = {
  $within: within,
  $intersects: related('INTERSECTS'),
  $outside: related('OUTSIDE'),
};

export function related(operator: 'INTERSECTS' | 'OUTSIDE' | 'INSIDE'): OperatorBuilder {
  return (target, argument, path) => {
    requireKind(target, path, 'geometry');
    return present(
      target,
      binary(target.expression, operator, operandOf(target.element ?? anyGeometry(target), argument, path)),
    );
  };
}

/** A point may well be compared with a polygon: the column's own shape is no condition on the other side. */
function anyGeometry(target: Target): Target {
  return {
    ...target,
    encode: (given) => {
      if (Geometry.isGeometry(given) || isGeoJson(given)) return given;
      throw refused({
        path: target.label,
        what: `${target.label} is compared with ${describe(given)}`,
        why: 'it needs a geometry',
        rule: 'type',
      });
    },
  };
}

function isGeoJson(given: unknown): boolean {
  return typeof given === 'object' && given !== null && typeof (given as { type?: unknown }).type === 'string';
}

function within(target: Target, argument: unknown, path: string): Expression {
  if (isFragment(argument) || Geometry.isGeometry(argument) || isGeoJson(argument))
    return related('INSIDE')(target, argument, path);
  requireKind(target, path, 'geometry');
  const { center, meters } = (argument ?? {}) as { readonly center?: unknown; readonly meters?: unknown };
  if (center === undefined || typeof meters !== 'number' || !(meters >= 0)) {
    throw refused({
      path,
      what: `${path} needs a geometry or a circle`,
      why: `it was given ${describe(argument)}`,
      fix: 'write { $within: { center: new Point([lon, lat]), meters: 5_000 } }',
      rule: 'type',
    });
  }
  const distance = call('geo::distance', target.expression, operandOf(anyGeometry(target), center, path));
  return present(target, binary(distance, '<=', value(meters)));
}

/** The server's geometry functions fail on a row that has none. */
function present(target: Target, condition: Expression): Expression {
  return target.mayLack ? and([binary(target.expression, '!=', value(NONE)), condition]) : condition;
}
