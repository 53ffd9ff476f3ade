import type { FieldModel, IndexModel } from '../model.js';
import type { Import, Source } from './source.js';

/** Where a generated class stands: its source, the classes of other tables, and what has no words here. */
export interface ClassContext {
  readonly source: Source;
  /** Embedded classes are named after it. */
  readonly className: string;
  readonly classOf: (table: string) => string | undefined;
  /** The vector index over a column. */
  readonly vectors: ReadonlyMap<string, IndexModel>;
  /** The column that says when a record was deleted. */
  readonly softDelete: string | undefined;
  readonly remainder: string[];
  /** A name for an embedded class that nothing else in the file has. */
  readonly embeddedName: (wanted: string) => string;
}

/** A field, its type read, and the column's name where the property has another. */
export interface ReadField<Type> {
  readonly field: FieldModel;
  readonly type: Type;
  /** As TypeScript. */
  readonly name: string | undefined;
}

/** How a field is written. */
export interface Written {
  readonly decorator: string;
  readonly type: string;
  readonly optional: boolean;
  /** Says what stands below the field, too. */
  readonly covers: boolean;
  /** What the server makes, nobody else. */
  readonly isFixed?: boolean;
  /** The tables that a link leads to. */
  readonly leadsTo?: readonly string[];
  readonly embedded?: EmbeddedSource;
}

/** A property of a generated class. */
export interface PropertySource {
  readonly column: string;
  readonly property: string;
  readonly text: string;
  /** The column's type, as the server prints it. */
  readonly type: string;
  /** What its text has to import. */
  readonly needs: readonly Import[];
  readonly embedded?: EmbeddedSource;
  /** The tables that a link leads to. */
  readonly leadsTo?: readonly string[];
}

/** A class for the objects that a property holds. */
export interface EmbeddedSource {
  readonly className: string;
  readonly properties: readonly PropertySource[];
}

/** The embedded classes of some properties, inner ones first. */
export function embeddedTexts(properties: readonly PropertySource[]): readonly string[] {
  return properties.flatMap(({ embedded }) =>
    embedded === undefined ? [] : [...embeddedTexts(embedded.properties), embeddedText(embedded)],
  );
}

function embeddedText({ className, properties }: EmbeddedSource): string {
  return `export class ${className} {\n${properties.map(({ text }) => text).join('\n')}\n}`;
}
