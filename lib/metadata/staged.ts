import type { SurqlFragment } from '../surrealql/surql.js';
import type { EntityClass } from './entity-metadata.js';
import type {
  AccessOptions,
  AnalyzerOptions,
  ComputedOptions,
  EncryptedOptions,
  EventOptions,
  FieldOptions,
  FilterOptions,
  HashAlgorithm,
  IdOptions,
  IndexOptions,
  LifecycleEvent,
  RelationOptions,
  SoftDeleteOptions,
  TableOptions,
  TimestampOptions,
  VectorOptions,
  VersionOptions,
} from './options.js';

/** What the decorators of one class said, unchecked and in order; discovery makes metadata of it. */
export interface StagedClass {
  table?: TableOptions;
  view?: { readonly as: SurqlFragment<unknown> };
  /** No argument means every entity. */
  subscriber?: readonly EntityClass[];
  readonly declarations: StagedDeclaration[];
  readonly indexes: IndexOptions[];
  readonly events: EventOptions[];
  readonly analyzers: AnalyzerOptions[];
  readonly accesses: AccessOptions[];
  readonly filters: FilterOptions<never>[];
  readonly hooks: StagedHook[];
  /** What a decorator saw to be wrong where it stood; reported with all other problems. */
  readonly problems: StagedProblem[];
}

export interface StagedProblem {
  /** The member it stands on; none for the class. */
  readonly member?: string;
  readonly text: string;
}

export interface StagedHook {
  readonly event: LifecycleEvent;
  readonly method: string;
}

/** A class or several, not yet resolved. */
export type LazyTargets = () => EntityClass | readonly EntityClass[];

/** One property as its decorator declared it. */
export type StagedDeclaration =
  | { readonly kind: 'id'; readonly property: string; readonly options: IdOptions }
  | {
      readonly kind: 'field';
      readonly property: string;
      readonly options: FieldOptions;
      /** An embedded class, or a list that holds one. */
      readonly embedded?: () => unknown;
    }
  | {
      readonly kind: 'computed';
      readonly property: string;
      readonly expression: SurqlFragment<unknown>;
      readonly options: ComputedOptions;
    }
  | {
      readonly kind: 'relation';
      readonly property: string;
      readonly target: LazyTargets;
      readonly options: RelationOptions;
    }
  | { readonly kind: 'end'; readonly property: string; readonly end: 'in' | 'out' }
  | { readonly kind: 'vector'; readonly property: string; readonly options: VectorOptions }
  | { readonly kind: 'createdAt' | 'updatedAt'; readonly property: string; readonly options: TimestampOptions }
  | {
      readonly kind: 'encrypted';
      readonly property: string;
      readonly algorithm: HashAlgorithm;
      readonly options: EncryptedOptions;
    }
  | { readonly kind: 'version'; readonly property: string; readonly options: VersionOptions }
  | { readonly kind: 'unique'; readonly property: string; readonly name?: string }
  | { readonly kind: 'hidden'; readonly property: string }
  | { readonly kind: 'concurrencyCheck'; readonly property: string }
  | { readonly kind: 'softDelete'; readonly property: string; readonly options: SoftDeleteOptions };

export type StagedKind = StagedDeclaration['kind'];
