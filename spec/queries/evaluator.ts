import { RecordId } from '../../lib/index.js';
import type {
  EdgesMetadata,
  EntityMetadata,
  FieldMetadata,
  InverseMetadata,
  LinkMetadata,
  LinksMetadata,
  PropertyMetadata,
} from '../../lib/metadata/entity-metadata.js';
import { admitsNull } from '../../lib/types/admits.js';
import { compareMissing } from '../finds/compare.js';
import { isConditions, isOperator, matches, type Conditions } from '../finds/operators.js';
import { isFragment, SubqueryOf } from './subquery.js';
import type { Row } from './world.js';

/** Of a condition that only the server can judge: expressions and places on the globe. */
export class Unknowable extends Error {}

type Members = Readonly<Record<string, unknown>>;
type Properties = ReadonlyMap<string, PropertyMetadata>;
type ToMany = LinksMetadata | EdgesMetadata | InverseMetadata;

const ONLY_SERVER = new Set(['$within', '$intersects', '$outside']);
const ORDER = ['$gt', '$gte', '$lt', '$lte'];

/** What conditions and orders mean, as a scan of the rows in memory. It knows metadata, and nothing of SurrealQL. */
export class Evaluator {
  readonly #rows: ReadonlyMap<string, ReadonlyMap<string, Row>>;

  constructor(rows: ReadonlyMap<string, ReadonlyMap<string, Row>>) {
    this.#rows = rows;
  }

  /** The rows of an entity that match, by their ids. @throws Unknowable */
  find(meta: EntityMetadata, where: Conditions): Row[] {
    const rows = this.#shown(meta).filter((row) => this.#meets(where, row, meta.byProperty, meta));
    return rows.sort((a, b) => compareMissing(a.id, b.id));
  }

  /** Sorted by these keys, then by the id. */
  sort(meta: EntityMetadata, rows: readonly Row[], orderBy: object = {}): Row[] {
    const keys = [orderBy].flat().flatMap((each) => leavesOf(each));
    return [...rows].sort((a, b) => {
      for (const { path, descending } of keys) {
        const order = compareMissing(this.valueAt(meta, a, path), this.valueAt(meta, b, path));
        if (order !== 0) return descending ? -order : order;
      }
      return compareMissing(a.id, b.id);
    });
  }

  /** What stands at a path. */
  valueAt(meta: EntityMetadata, row: Row | undefined, [name = '', ...rest]: readonly string[]): unknown {
    if (row === undefined || name === 'id') return row?.id;
    const property = meta.byProperty.get(name) as FieldMetadata | LinkMetadata;
    const value = row[property.column];
    if (rest.length === 0) return value;
    if (property.kind === 'link') {
      const target = property.target();
      return this.valueAt(target, this.#row(value), rest);
    }
    return memberAt(property, value as Members | undefined, rest);
  }

  #shown(meta: EntityMetadata): Row[] {
    return [...(this.#rows.get(meta.table)?.values() ?? [])].filter((row) => this.#isShown(meta, row));
  }

  #isShown({ softDelete, hierarchy }: EntityMetadata, row: Row): boolean {
    if (softDelete !== undefined && row[softDelete.column] !== undefined) return false;
    return hierarchy === undefined || hierarchy.members().includes(hierarchy.classOf(row));
  }

  #row(id: unknown): Row | undefined {
    return RecordId.is(id) ? this.#rows.get(id.table)?.get(String(id)) : undefined;
  }

  #meets(where: Conditions, row: Members | undefined, properties: Properties, meta?: EntityMetadata): boolean {
    return Object.entries(where).every(([key, condition]) => {
      const inner = (term: unknown): boolean => {
        if (isConditions(term) && isFragment(term)) throw new Unknowable();
        return this.#meets(term as Conditions, row, properties, meta);
      };
      if (key === '$and') return (condition as unknown[]).every(inner);
      if (key === '$or') return (condition as unknown[]).some(inner);
      if (key === '$not') return !inner(condition);
      const property = properties.get(key);
      if (property !== undefined) return this.#meetsProperty(row, property, condition);
      return this.#matches(row?.['id'], referred(condition, [meta as EntityMetadata]), false);
    });
  }

  #meetsProperty(row: Members | undefined, property: PropertyMetadata, condition: unknown): boolean {
    switch (property.kind) {
      case 'computed':
        return this.#matches(row?.[property.column], condition, false);
      case 'field':
        return this.#meetsField(row?.[property.column], property, condition);
      case 'link':
        return this.#meetsLink(row?.[property.column], property, condition);
      default:
        return this.#meetsMany(row, property, condition as Conditions);
    }
  }

  #meetsField(value: unknown, field: FieldMetadata, condition: unknown): boolean {
    const { embedded, embeddedMany, type } = field;
    if (embedded !== undefined && isConditions(condition)) {
      const properties = new Map(embedded.fields.map((each) => [each.property, each]));
      const meets = (each: unknown, where: Conditions) => this.#meets(where, each as Members, properties);
      if (embeddedMany) return this.#quantified((value ?? []) as readonly unknown[], condition, meets);
      const { own, operators } = split(condition);
      return meets(value, own) && this.#matches(value, operators, false);
    }
    if (isConditions(condition) && !Object.keys(condition).every(isOperator))
      return Object.entries(condition).every(([name, given]) =>
        this.#matches((value as Members | undefined)?.[name], given, false),
      );
    return this.#matches(value, condition, admitsNull(type));
  }

  #meetsLink(value: unknown, link: LinkMetadata, condition: unknown): boolean {
    const targets = link.targets();
    if (!isConditions(condition) || Object.keys(condition).every(isOperator)) {
      if (targets.length > 1 && ORDER.some((name) => name in Object(condition))) throw new Unknowable();
      return this.#matches(value, referred(condition, targets), admitsNull(link.type));
    }
    const target = targets[0] as EntityMetadata;
    const row = this.#row(value);
    if (row !== undefined && !this.#isShown(target, row)) return false;
    // Of a record that is not there its id is known: it is the link.
    return this.#meets(condition, row ?? { id: value }, target.byProperty, target);
  }

  #meetsMany(row: Members | undefined, property: ToMany, condition: Conditions): boolean {
    const target = property.kind === 'links' ? (property.targets()[0] as EntityMetadata) : property.target();
    const members = row?.['id'] === undefined ? [] : this.#related(row, property, target);
    const meets = (each: unknown, where: Conditions) => this.#meets(where, each as Row, target.byProperty, target);
    const ids = members.map(({ id }) => id);
    return this.#quantified(members, condition, meets, (name, given) =>
      this.#matches(ids, { [name]: referred(given, [target]) }, false),
    );
  }

  #related(row: Members, property: ToMany, target: EntityMetadata): Row[] {
    const found = this.#idsOf(row, property);
    const isList = property.kind === 'links' && property.list;
    const rows = (isList ? found.map(String) : [...new Set(found.map(String))]).flatMap(
      (id) => this.#rows.get(target.table)?.get(id) ?? [],
    );
    return rows.filter((each) => this.#isShown(target, each));
  }

  #idsOf(row: Members, property: ToMany): readonly unknown[] {
    if (property.kind === 'links') return (row[property.column] ?? []) as readonly unknown[];
    const id = row['id'] as RecordId;
    if (property.kind === 'inverse') {
      const back = property.inverse();
      return this.#shown(property.target())
        .filter((each) => [each[back.column] ?? []].flat().some((link) => id.equals(link as RecordId)))
        .map((each) => each.id);
    }
    const edges = this.#shown(property.edge());
    const along = (from: string, to: string) =>
      edges.filter((edge) => id.equals(edge[from] as RecordId)).map((edge) => edge[to]);
    const ways = { out: () => along('in', 'out'), in: () => along('out', 'in') };
    return property.direction === 'both' ? [...ways.out(), ...ways.in()] : ways[property.direction]();
  }

  #quantified(
    members: readonly unknown[],
    conditions: Conditions,
    meets: (member: unknown, where: Conditions) => boolean,
    other: (name: string, given: unknown) => boolean = (name) => {
      throw new Error(`The evaluator does not know ${name} of many`);
    },
  ): boolean {
    const { own, operators } = split(conditions);
    const some = (where: unknown) => members.some((each) => meets(each, where as Conditions));
    if (Object.keys(own).length > 0 && !some(own)) return false;
    return Object.entries(operators).every(([name, given]) => {
      if (name === '$some') return some(given);
      if (name === '$none') return !some(given);
      if (name === '$every') return members.every((each) => meets(each, given as Conditions));
      if (name === '$size') return this.#matches(members.length, given, false);
      if (name === '$exists') return members.length > 0 === given;
      return other(name, given);
    });
  }

  #matches(value: unknown, condition: unknown, nullable: boolean): boolean {
    if (
      isConditions(condition) &&
      (isFragment(condition) || Object.keys(condition).some((key) => ONLY_SERVER.has(key)))
    )
      throw new Unknowable();
    if (isPlace(value) || isPlace(condition)) throw new Unknowable();
    const valuesOf = (given: unknown) => (given instanceof SubqueryOf ? this.#valuesOf(given) : []);
    return matches(value, condition, { nullable, valuesOf });
  }

  #valuesOf({ meta, where, path }: SubqueryOf): unknown[] {
    return this.find(meta, where).flatMap((row) => this.valueAt(meta, row, path.split('.')) ?? []);
  }
}

const isPlace = (value: unknown): boolean => typeof value === 'object' && value !== null && 'coordinates' in value;

function split(condition: Conditions): { own: Conditions; operators: Conditions } {
  const pick = (test: (key: string) => boolean) =>
    Object.fromEntries(Object.entries(condition).filter(([key]) => test(key)));
  return { own: pick((key) => !isOperator(key)), operators: pick(isOperator) };
}

/** References in every form as record ids. */
function referred(given: unknown, targets: readonly EntityMetadata[]): unknown {
  if (given === null || typeof given === 'boolean' || given instanceof SubqueryOf || RecordId.is(given)) return given;
  if (Array.isArray(given)) return given.map((each) => referred(each, targets));
  if (isConditions(given))
    return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, referred(each, targets)]));
  const table = targets.find((target) => typeof given === 'string' && given.startsWith(tableText(target)));
  if (table !== undefined) return RecordId.parse(given as string);
  return new RecordId((targets[0] as EntityMetadata).table, given as string);
}

const tableText = ({ table }: EntityMetadata): string => String(new RecordId(table, 'x')).slice(0, -1);

function memberAt(field: FieldMetadata, value: Members | undefined, [name = '', ...rest]: readonly string[]): unknown {
  const inner = field.embedded?.fields.find(({ property }) => property === name);
  const member = value?.[inner?.column ?? name];
  return rest.length === 0 || inner === undefined ? member : memberAt(inner as FieldMetadata, member as Members, rest);
}

function leavesOf(order: object, above: readonly string[] = []): { path: readonly string[]; descending: boolean }[] {
  return Object.entries(order).flatMap(([name, way]: [string, unknown]) =>
    typeof way === 'string'
      ? [{ path: [...above, name], descending: way === 'desc' }]
      : leavesOf(way as object, [...above, name]),
  );
}
