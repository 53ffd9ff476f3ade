import type { Expression } from '../surrealql/nodes/index.js';
import type { SurqlFragment } from '../surrealql/surql.js';
import type { SurrealType } from '../types/surreal-type.js';
import type {
  AccessOptions,
  AnalyzerOptions,
  EventOptions,
  HashAlgorithm,
  IndexOptions,
  LifecycleEvent,
  PermissionSet,
  TableOptions,
} from './options.js';

/** The constructor of an entity class; what metadata is keyed by (never the class name). */
export type EntityClass<T extends object = object> = abstract new (...args: never[]) => T;

/**
 * Everything Reverie knows of one entity class: frozen, complete, resolved. Built by discovery from what the decorators staged.
 */
export interface EntityMetadata<T extends object = object> {
  readonly target: EntityClass<T>;
  /** For messages only. */
  readonly className: string;
  /** The table's name in every statement. */
  readonly table: string;
  readonly type: 'normal' | 'relation' | 'any' | 'view';
  readonly schema: 'full' | 'less';
  readonly options: Readonly<TableOptions>;
  readonly id: IdMetadata;
  /** Every mapped property but `id`, base classes' first, in order of declaration. */
  readonly properties: readonly PropertyMetadata[];
  /** By the name of the property in the class. */
  readonly byProperty: ReadonlyMap<string, PropertyMetadata>;
  /** By the name of the column in the table; relations without a column are absent. */
  readonly byColumn: ReadonlyMap<string, PropertyMetadata>;
  readonly indexes: readonly IndexMetadata[];
  readonly events: readonly EventOptions[];
  readonly analyzers: readonly AnalyzerOptions[];
  readonly accesses: readonly AccessOptions[];
  readonly view?: { readonly as: SurqlFragment<unknown> };
  readonly version?: FieldMetadata;
  /** When a record was deleted softly: removing one sets it. */
  readonly softDelete?: FieldMetadata;
  /** Conditions of every read, soft delete's first. */
  readonly filters: readonly FilterMetadata[];
  /** For edges: what `in` and `out` may be. */
  readonly edge?: {
    readonly in: readonly EntityMetadata[];
    readonly out: readonly EntityMetadata[];
    readonly enforced: boolean;
  };
  /** Lifecycle method names of the class, base classes' first. */
  readonly hooks: ReadonlyMap<LifecycleEvent, readonly string[]>;
  /** Where several classes share the table. */
  readonly hierarchy?: HierarchyMetadata;
  /** What reads leave out until it is asked for, in rows of this class and those below it; absent where there is nothing. */
  readonly lazy?: LazyMetadata | undefined;
  /** True for a view and for a class whose rows are never written. */
  readonly readOnly: boolean;
}

/** Fields that are `lazy`. */
export interface LazyMetadata {
  readonly columns: readonly string[];
  /** All the other columns, the id's among them. */
  readonly rest: ReadonlySet<string>;
}

/** How a class stands among those that share its table. */
export interface HierarchyMetadata {
  /** The column that tells of which class a record is. */
  readonly column: string;
  /** What it holds for this class; a base without a value has no records of its own. */
  readonly value?: string | number;
  /** The class that names the table. */
  readonly root: () => EntityMetadata;
  /** The class itself and those below it. */
  readonly members: () => readonly EntityMetadata[];
  /** The class of a row; the root for a value that no class has. */
  readonly classOf: (row: Readonly<Record<string, unknown>>) => EntityMetadata;
  /** What tells rows of these classes from others of the table; none for the root. */
  readonly condition?: Expression;
}

export interface IdMetadata {
  readonly property: 'id';
  /** The declared key type decides how text is read. */
  readonly key: KeyType;
  /** How a key is made before a flush; 'none': the entity must bring one. */
  readonly generate: 'random' | 'uuid' | 'ulid' | 'none' | (() => unknown);
  /** The property that the key is taken from, as in `@Id({ from: 'sku' })`. */
  readonly from?: string;
}

/** `['string', 'int']` is an array key of exactly these parts. */
export type KeyType = 'string' | 'int' | 'uuid' | 'ulid' | 'object' | 'any' | readonly KeyType[];

export type PropertyMetadata =
  FieldMetadata | ComputedMetadata | LinkMetadata | LinksMetadata | EdgesMetadata | InverseMetadata;

interface PropertyBase {
  /** The property's name in the class. */
  readonly property: string;
  /** `User.email`, for messages. */
  readonly path: string;
}

interface ColumnBase extends PropertyBase {
  readonly column: string;
  readonly type: SurrealType;
  readonly permissions?: PermissionSet | 'full' | 'none';
  readonly comment?: string;
  readonly renamedFrom?: string;
  /** Never part of JSON. */
  readonly hidden: boolean;
}

/** A stored value: scalar, object, array, embedded object, vector. */
export interface FieldMetadata extends ColumnBase {
  readonly kind: 'field';
  readonly role:
    'plain' | 'createdAt' | 'updatedAt' | 'version' | 'vector' | 'encrypted' | 'softDelete' | 'discriminator';
  /** May be given to create only (`READONLY`). */
  readonly immutable: boolean;
  /** The server produces it: never sent. */
  readonly serverProduced: boolean;
  /** Admits NONE. */
  readonly optional: boolean;
  /** Admits NULL. */
  readonly nullable: boolean;
  readonly default?: unknown;
  readonly defaultAlways: boolean;
  readonly value?: SurqlFragment<unknown>;
  readonly assert?: SurqlFragment<unknown>;
  readonly flexible: boolean;
  readonly generate?: 'uuid' | 'ulid' | (() => unknown);
  readonly codec?: FieldCodec;
  readonly embedded?: EmbeddedMetadata;
  /** The embedded class stands in an array. */
  readonly embeddedMany: boolean;
  readonly enumValues?: readonly (string | number)[];
  readonly lazy: boolean;
  readonly precision?: number;
  readonly scale?: number;
  readonly vector?: VectorMetadata;
  /** Of a secret: how the server hashes it. Rows that are read never hold it. */
  readonly algorithm?: HashAlgorithm;
  readonly concurrencyCheck: boolean;
}

/** `COMPUTED` (or, stored, `VALUE`): read only. */
export interface ComputedMetadata extends ColumnBase {
  readonly kind: 'computed';
  readonly expression: SurqlFragment<unknown>;
  readonly stored: boolean;
}

interface LinkBase extends ColumnBase {
  readonly target: () => EntityMetadata;
  readonly targets: () => readonly EntityMetadata[];
  readonly optional: boolean;
  readonly onDelete: 'reject' | 'cascade' | 'ignore' | 'unset' | SurqlFragment<unknown>;
  /** Emits REFERENCE; false for the ends of an edge. */
  readonly reference: boolean;
  readonly owns: boolean;
}

/** `record<target>`; `end` marks the `in` and `out` of an edge. */
export interface LinkMetadata extends LinkBase {
  readonly kind: 'link';
  readonly end?: 'in' | 'out';
}

/** `array<record<target>>`. */
export interface LinksMetadata extends LinkBase {
  readonly kind: 'links';
  /** Order and doubles count. */
  readonly list: boolean;
}

/** Records at the other end of an edge table; no column. */
export interface EdgesMetadata extends PropertyBase {
  readonly kind: 'edges';
  readonly edge: () => EntityMetadata;
  readonly target: () => EntityMetadata;
  readonly direction: 'in' | 'out' | 'both';
  readonly owns: boolean;
  readonly hidden: boolean;
}

/** The other side of a link; no column. */
export interface InverseMetadata extends PropertyBase {
  readonly kind: 'inverse';
  readonly target: () => EntityMetadata;
  /** The property of the target that points back. */
  readonly inverse: () => LinkMetadata | LinksMetadata;
  readonly owns: boolean;
  readonly hidden: boolean;
}

/** A class inside an object field. */
export interface EmbeddedMetadata {
  readonly target: EntityClass;
  readonly className: string;
  readonly fields: readonly (FieldMetadata | LinkMetadata | LinksMetadata)[];
}

/** A condition that rows must meet to be found and fetched. */
export interface FilterMetadata {
  readonly name: string;
  /** Either where, or what makes one of the parameters that a fork or a read has given. */
  readonly where: object | ((params: never) => object | undefined);
  /** Holds unless it is switched off. */
  readonly default: boolean;
}

export interface VectorMetadata {
  readonly dimension: number;
  readonly distance:
    | 'euclidean'
    | 'cosine'
    | 'manhattan'
    | 'chebyshev'
    | 'hamming'
    | 'jaccard'
    | 'pearson'
    | { readonly minkowski: number };
  readonly type: 'F64' | 'F32' | 'I64' | 'I32' | 'I16';
  readonly efc?: number;
  readonly m?: number;
  /** Of DISKANN: how many neighbours a vector keeps, how widely they are looked for, how far they are spread. */
  readonly degree?: number;
  readonly buildWidth?: number;
  readonly alpha?: number;
  /** True is `'hnsw'`, in memory; `'diskann'` is kept on the disk. False: no index, brute force only. */
  readonly index: boolean | 'hnsw' | 'diskann';
  /** What the index is called; default `column_hnsw`. */
  readonly indexName?: string;
}

export interface IndexMetadata extends Omit<IndexOptions, 'fields' | 'name'> {
  readonly name: string;
  /** Column paths. */
  readonly columns: readonly string[];
  readonly vector?: VectorMetadata;
}

/** Values of a field on their way between row and instance; `decode(encode(x))` must equal x. */
export interface FieldCodec<Db = unknown, App = unknown> {
  decode(value: Db): App;
  encode(value: App): Db;
  equals?(a: App, b: App): boolean;
}

/** All entities of one ORM: frozen. */
export interface MetadataRegistry {
  readonly entities: readonly EntityMetadata[];
  /** Of classes that carry nothing else. */
  readonly analyzers: readonly AnalyzerOptions[];
  /** Throws a MetadataError that says how to register the class. */
  get<T extends object>(target: EntityClass<T>): EntityMetadata<T>;
  find(target: unknown): EntityMetadata | undefined;
  byTable(table: string): EntityMetadata | undefined;
  /** Of all filters of all entities. */
  readonly filterNames: ReadonlySet<string>;
  /** Reads of some entity leave rows out: there are filters, or classes that share a table. */
  readonly hasConditions: boolean;
}
