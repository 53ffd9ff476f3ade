import type { TableModel } from '../model.js';
import type { KnownCode } from './known-code.js';
import { camel, pascal, pluralName, propertyName } from './names.js';
import { decoratorText, objectText, quoted, type Import } from './source.js';
import type { ClassContext, PropertySource } from './written.js';

/** A class whose columns are written, and nothing else yet. */
export interface ClassDraft {
  readonly table: TableModel;
  readonly context: ClassContext;
  readonly properties: readonly PropertySource[];
}

/** A property without a column: the other side of a link, or the way over an edge. */
export interface SideSource {
  readonly property: string;
  readonly text: string;
  readonly needs: readonly Import[];
}

/** What a table is reached by, before it has a name. */
interface Side {
  readonly holder: string;
  readonly name: string;
  readonly target: string;
  readonly edge?: string;
  /** Of the link that leads here, or of the edge. */
  readonly options: Readonly<Record<string, string>>;
}

/**
 * The sides that the database does not store, by table. Classes that are there already say which of their links have another
 * side, so only links and edges of new classes get one.
 */
export function sidesOf(
  drafts: readonly ClassDraft[],
  { classes }: KnownCode,
): ReadonlyMap<string, readonly SideSource[]> {
  const sides = drafts
    .filter(({ table }) => !classes.has(table.name))
    .flatMap((draft) => [...inversesOf(draft), ...waysOver(draft.table)]);
  return new Map(
    drafts
      .filter(({ table }) => table.definition.view === undefined)
      .map((draft) => {
        const { name } = draft.table;
        const own = sides.filter(({ holder }) => holder === name);
        return [name, written(draft, own, classes.get(name)?.members ?? [])] as const;
      }),
  );
}

/** Where several links of a table lead to another, or one leads to its own, the link is part of the name. */
function inversesOf({ table: { name: table }, properties }: ClassDraft): readonly Side[] {
  const links = properties.flatMap(({ property, leadsTo = [] }) =>
    [...new Set(leadsTo)].map((holder) => ({ holder, property })),
  );
  return links.map(({ holder, property }) => {
    const isOnly = holder !== table && links.filter((each) => each.holder === holder).length === 1;
    const name = `${pluralName(table)}${isOnly ? '' : `By${pascal(property)}`}`;
    return { holder, name, target: table, options: { inverse: quoted(property) } };
  });
}

/** An edge between more than two tables leads to no class alone. */
function waysOver({ name: edge, definition: { kind } }: TableModel): readonly Side[] {
  if (kind.kind !== 'RELATION') return [];
  const [from, ...others] = kind.in ?? [];
  const [to, ...more] = kind.out ?? [];
  if (from === undefined || to === undefined || others.length + more.length > 0) return [];
  const way = (holder: string, target: string, name: string, direction: string): Side => ({
    holder,
    target,
    name,
    edge,
    options: { direction: quoted(direction) },
  });
  return [way(from, to, camel(edge), 'out'), way(to, from, `${camel(edge)}By`, 'in')];
}

function written(
  { context, properties }: ClassDraft,
  sides: readonly Side[],
  members: Iterable<string>,
): readonly SideSource[] {
  const { source, classOf } = context;
  const used = new Set([...members, ...properties.flatMap(({ property, column }) => [property, column])]);
  return sides.flatMap(({ name, target, edge, options }) => {
    const property = propertyName(name, used);
    const { written: text, needs } = source.part(() => {
      const [leads, over] = [classOf(target), edge === undefined ? undefined : classOf(edge)];
      if (leads === undefined || (edge !== undefined && over === undefined)) return undefined;
      const given = objectText({ edge: over && `() => ${over}`, ...options });
      const decorator = decoratorText(source.use('Relation'), `() => ${leads}`, given);
      return `  ${decorator}\n  ${property}!: ${source.useType('Links')}<${[leads, over].filter(Boolean).join(', ')}>;`;
    });
    if (text === undefined) return [];
    used.add(property);
    return [{ property, text, needs }];
  });
}
