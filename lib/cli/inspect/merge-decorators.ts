import type ts from 'typescript';
import { indexName } from '../../metadata/build-indexes.js';
import type { DecoratorSource, EntitySource } from '../../schema/index.js';
import type { CodeClass, CodeColumn, CodeDecorator } from './code-class.js';
import type { MergeContext } from './merge-context.js';
import { indentAt } from './text-edits.js';

/** Adds decorators of a class, and tells of indexes and events that it has beyond the database. */
export function mergeDecorators(
  entity: EntitySource,
  classes: readonly CodeClass[],
  target: CodeClass,
  { folder, editsOf, report, placed }: MergeContext,
): void {
  const own = classes.flatMap(declarations).filter(({ decorator }) => !ANYWHERE.has(decorator));
  const elsewhere = folder.allClasses.flatMap(declarations).filter(({ decorator }) => ANYWHERE.has(decorator));
  const known = new Set([...own, ...elsewhere].map(({ key }) => key));
  const { file, declaration } = target;
  const at = (declaration?.node ?? target.node).getStart();
  for (const each of entity.decorators) {
    if (!MERGED.has(each.decorator) || known.has(keyOf(each))) continue;
    editsOf(file).insert(at, `${each.text}\n${indentAt(file.text, at)}`, each.needs);
    report.add(file.path, `@${each.decorator} ${each.name}`);
  }
  const stored = new Set(entity.decorators.map(keyOf));
  for (const each of own) if (!stored.has(each.key)) report.removed.push(() => told(each, placed));
}

/** Analyzers and accesses that no class of the database has any more. */
export function noteLostDecorators(entities: readonly EntitySource[], { folder, report, placed }: MergeContext): void {
  const stored = new Set(entities.flatMap(({ decorators }) => decorators.map(keyOf)));
  for (const each of folder.allClasses.flatMap(declarations)) {
    if (ANYWHERE.has(each.decorator) && !stored.has(each.key)) report.removed.push(() => told(each, placed));
  }
}

const told = ({ decorator, name, owner, node }: Declared, placed: MergeContext['placed']): string =>
  `@${decorator} ${name} of ${owner.name} (${placed(owner.file, node)})`;

/** These belong to the database: any class may declare them. */
const ANYWHERE: ReadonlySet<string> = new Set(['Analyzer', 'Access']);
const MERGED: ReadonlySet<string> = new Set(['Index', 'FullText', 'Event', ...ANYWHERE]);

/** A full-text index is an index among others. */
const keyOf = ({ decorator, name }: Pick<DecoratorSource, 'name'> & { readonly decorator: string }): string =>
  `${decorator === 'FullText' || decorator === 'Unique' ? 'Index' : decorator} ${name}`;

interface Declared {
  readonly decorator: string;
  readonly name: string;
  readonly key: string;
  readonly owner: CodeClass;
  readonly node: ts.Node;
}

/** What a class declares beside its columns, indexes by the names that they get. */
function declarations(owner: CodeClass): readonly Declared[] {
  const { columns } = owner;
  const columnOf = new Map(columns.map(({ property, column }) => [property, column]));
  const own = owner.decorators.flatMap((each) => {
    if (!MERGED.has(each.name)) return [];
    const name = owner.textIn(each, 'name') ?? defaultName(each, owner, columnOf);
    return [{ decorator: each.name, name, node: each.node }];
  });
  const unique = columns.flatMap(({ isUnique, column, member }) => {
    if (!isUnique) return [];
    const name = uniqueName(owner, member) ?? indexName([column], 'unique');
    return [{ decorator: 'Unique', name, node: member }];
  });
  return [...own, ...unique].map((each) => ({ ...each, owner, key: keyOf(each) }));
}

function uniqueName(owner: CodeClass, member: CodeColumn['member']): string | undefined {
  const decorator = owner.decoratorsOf(member).find(({ name }) => name === 'Unique');
  return decorator && owner.textIn(decorator, 'name');
}

function defaultName(decorator: CodeDecorator, owner: CodeClass, columnOf: ReadonlyMap<string, string>): string {
  const fields = owner.listIn(decorator, 'fields') ?? [];
  const kind =
    decorator.name === 'FullText'
      ? 'fulltext'
      : owner.isOn(decorator, 'count')
        ? 'count'
        : owner.isOn(decorator, 'unique')
          ? 'unique'
          : 'index';
  return indexName(
    fields.map((field) => columnOf.get(field) ?? field),
    kind,
  );
}
