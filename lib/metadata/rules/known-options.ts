import { didYouMean } from '../../types/nearest-word.js';
import type {
  ComputedOptions,
  EncryptedOptions,
  FieldOptions,
  FilterOptions,
  IdOptions,
  IndexOptions,
  RelationOptions,
  TableOptions,
  TimestampOptions,
  VectorOptions,
  VersionOptions,
} from '../options.js';
import type { MainDeclaration } from '../collect.js';
import type { Problems } from '../problems.js';
import type { Rule } from './rule.js';

/** Typed over the options, so that a new one cannot be forgotten here. */
type Names<O> = Readonly<Record<keyof O, true>>;

const TABLE: Names<TableOptions> = {
  name: true,
  type: true,
  schema: true,
  in: true,
  out: true,
  enforced: true,
  changefeed: true,
  permissions: true,
  drop: true,
  comment: true,
  connection: true,
  sync: true,
  renamedFrom: true,
  discriminator: true,
  value: true,
  schemaValidator: true,
};
const FIELD: Names<FieldOptions> = {
  type: true,
  name: true,
  enum: true,
  default: true,
  defaultAlways: true,
  value: true,
  assert: true,
  readonly: true,
  flexible: true,
  permissions: true,
  comment: true,
  hidden: true,
  lazy: true,
  unique: true,
  generate: true,
  codec: true,
  renamedFrom: true,
  precision: true,
  scale: true,
  optional: true,
};
const ID: Names<IdOptions> = { type: true, generate: true, from: true };
const RELATION: Names<RelationOptions> = {
  name: true,
  many: true,
  list: true,
  optional: true,
  onDelete: true,
  owns: true,
  edge: true,
  direction: true,
  inverse: true,
  hidden: true,
  comment: true,
  permissions: true,
  renamedFrom: true,
};
const TIMESTAMP: Names<TimestampOptions> = { precision: true, name: true, hidden: true, comment: true, codec: true };
const VERSION: Names<VersionOptions> = { type: true, name: true, hidden: true, comment: true };
const ENCRYPTED: Names<EncryptedOptions> = { name: true, optional: true, permissions: true, comment: true };
const FILTER: Names<FilterOptions> = { name: true, where: true, default: true };
const COMPUTED: Names<ComputedOptions> = { type: true, stored: true, name: true, hidden: true, comment: true };
const VECTOR: Names<VectorOptions> = {
  dimension: true,
  distance: true,
  type: true,
  efc: true,
  m: true,
  degree: true,
  buildWidth: true,
  alpha: true,
  index: true,
  indexName: true,
  optional: true,
  name: true,
  hidden: true,
};
const INDEX: Names<IndexOptions> = {
  name: true,
  fields: true,
  unique: true,
  count: true,
  where: true,
  nullsDistinct: true,
  concurrently: true,
  defer: true,
  fulltext: true,
  comment: true,
};

const BY_KIND: Readonly<Partial<Record<MainDeclaration['kind'], Readonly<Record<string, true>>>>> = {
  id: ID,
  field: FIELD,
  relation: RELATION,
  createdAt: TIMESTAMP,
  updatedAt: TIMESTAMP,
  version: VERSION,
  encrypted: ENCRYPTED,
  computed: COMPUTED,
  vector: VECTOR,
};

/** What other ORMs call it, and what is written here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  nullable: "@Field('option<string>'), or optional: true; null as a value of its own: 'string | null'",
  cascade: "nothing for new targets, which are stored with their owner; onDelete: 'cascade' for removals",
  eager: '{ fetch: { … } } where it is read',
};

/** The compiler refuses unknown options; plain JavaScript and casts come here, where they would silently do nothing. */
export const checkKnownOptions: Rule = ({ collected, problems }) => {
  const { className, table, properties, indexes, filters } = collected;
  if (table !== undefined) refuseUnknown(className, table, TABLE, problems);
  for (const index of indexes) refuseUnknown(`${className}, @Index`, index, INDEX, problems);
  for (const filter of filters) refuseUnknown(`${className}, @Filter`, filter, FILTER, problems);
  for (const { path, declaration } of properties) {
    const known = BY_KIND[declaration.kind];
    if (known !== undefined && 'options' in declaration) refuseUnknown(path, declaration.options, known, problems);
  }
};

function refuseUnknown(path: string, options: object, known: Readonly<Record<string, true>>, problems: Problems): void {
  const names = Object.keys(known);
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(known, name)) continue;
    const write = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name] : undefined;
    problems.add(
      path,
      `there is no option "${name}".${didYouMean(name, names)}${write === undefined ? ` The options are ${names.join(', ')}` : ''}`,
      write,
    );
  }
}
