import { didYouMean } from '../types/nearest-word.js';
import type { PropertyMetadata } from './entity-metadata.js';
import type { Problems } from './problems.js';

/** The column path of a property path such as `address.city` or `tags.*`; an unknown one is reported. */
export function columnPath(
  className: string,
  path: string,
  properties: readonly PropertyMetadata[],
  problems: Problems,
): string {
  if (path === 'id') return path;
  const columns: string[] = [];
  let scope: readonly PropertyMetadata[] | undefined = properties;
  for (const part of path.split('.')) {
    if (part === '*' || scope === undefined) {
      columns.push(part);
      continue;
    }
    const found: PropertyMetadata | undefined = scope.find((each) => each.property === part);
    if (found === undefined || !('column' in found)) {
      const reason =
        found === undefined
          ? `there is no property "${part}".${didYouMean(
              part,
              scope.map((each) => each.property),
            )}`
          : `"${part}" is a relation without a column`;
      problems.add(className, `the index on "${path}" cannot be made: ${reason}`, `@Index({ fields: ['…'] })`);
      return path;
    }
    columns.push(found.column);
    // Below an object without a class anything may stand.
    scope = found.kind === 'field' ? found.embedded?.fields : undefined;
  }
  return columns.join('.');
}
