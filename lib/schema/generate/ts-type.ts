import type { GeometryShape, SurrealType } from '../../types/surreal-type.js';
import { quoted, type Source } from './source.js';

const SCALARS: Readonly<Record<string, string>> = {
  any: 'unknown',
  none: 'undefined',
  null: 'null',
  bool: 'boolean',
  bytes: 'Uint8Array',
  datetime: 'Date',
  float: 'number',
  int: 'number',
  number: 'number',
  object: 'Record<string, unknown>',
  string: 'string',
  regex: 'RegExp',
  function: 'unknown',
};
const VALUES: Readonly<Record<string, string>> = {
  decimal: 'Decimal',
  duration: 'Duration',
  uuid: 'Uuid',
  range: 'Range',
  file: 'FileRef',
};
const SHAPES: Readonly<Record<GeometryShape, string>> = {
  point: 'Point',
  line: 'Line',
  polygon: 'Polygon',
  multipoint: 'MultiPoint',
  multiline: 'MultiLine',
  multipolygon: 'MultiPolygon',
  collection: 'GeometryCollection',
};

/** The TypeScript type of a property that holds values of a SurrealQL type. */
export function tsType(type: SurrealType, source: Source): string {
  switch (type.kind) {
    case 'union':
      return [...new Set(type.members.map((member) => tsType(member, source)))].join(' | ');
    case 'record': {
      const names = type.tables.map(quoted).join(' | ');
      return `${source.useType('RecordId')}${names === '' ? '' : `<${names}>`}`;
    }
    case 'geometry':
      return type.shapes.length === 0
        ? source.useType('Geometry')
        : type.shapes.map((shape) => source.useType(SHAPES[shape])).join(' | ');
    case 'array':
      return listOf(tsType(type.items, source));
    case 'set':
      return `Set<${tsType(type.items, source)}>`;
    case 'tuple':
      return `[${type.items.map((item) => tsType(item, source)).join(', ')}]`;
    case 'shape':
      return `{ ${Object.entries(type.fields)
        .map(([name, field]) => `${quoted(name)}: ${tsType(field, source)}`)
        .join('; ')} }`;
    case 'literal':
      return typeof type.value === 'string' ? quoted(type.value) : String(type.value);
    case 'table':
      return 'string';
    default:
      return SCALARS[type.kind] ?? source.useType(VALUES[type.kind] as string);
  }
}

function listOf(item: string): string {
  return /[|{ ]/.test(item) ? `(${item})[]` : `${item}[]`;
}

/** Whether a value may be absent, and the type without that. */
export function withoutNone(type: SurrealType): { readonly optional: boolean; readonly type: SurrealType } {
  if (type.kind !== 'union') return { optional: type.kind === 'none', type };
  const members = type.members.filter((member) => member.kind !== 'none');
  const [only] = members;
  const optional = members.length < type.members.length;
  if (only !== undefined && members.length === 1) return { optional, type: only };
  return { optional, type: { kind: 'union', members } };
}
