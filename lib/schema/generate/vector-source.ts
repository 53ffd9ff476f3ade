import type { SurrealType } from '../../types/surreal-type.js';
import { isRefined } from './field-parts.js';
import { decoratorText, objectText, quoted } from './source.js';
import { withoutNone } from './ts-type.js';
import type { ClassContext, ReadField, Written } from './written.js';

/** `@VectorField` where the column has a vector index. */
export function vectorText(
  { field, type, name }: ReadField<SurrealType>,
  { source, vectors }: ClassContext,
): Written | undefined {
  const column = field.path.at(-1) as string;
  const index = field.path.length === 1 ? vectors.get(column) : undefined;
  if (index === undefined) return undefined;
  const { optional, type: bare } = withoutNone(type);
  const fits = bare.kind === 'array' && bare.items.kind === 'float' && bare.max === undefined;
  if (!fits || isRefined(field) || field.comment !== undefined) return undefined;
  const word = (key: string) => new RegExp(`\\b${key} (\\S+)`).exec(index.variant)?.[1];
  const minkowski = /DIST MINKOWSKI (\S+)/.exec(index.variant)?.[1];
  const options = objectText({
    dimension: word('DIMENSION'),
    distance: minkowski === undefined ? quoted(String(word('DIST')).toLowerCase()) : `{ minkowski: ${minkowski} }`,
    type: quoted(word('TYPE') ?? 'F32'),
    efc: word('EFC'),
    m: word('M'),
    optional: optional ? 'true' : undefined,
    name,
    indexName: index.name === `${column}_hnsw` ? undefined : quoted(index.name),
  });
  return { decorator: decoratorText(source.use('VectorField'), options), type: 'number[]', optional, covers: true };
}
