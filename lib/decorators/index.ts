export { Access } from './access.js';
export { Analyzer } from './analyzer.js';
export { Computed } from './computed.js';
export { ConcurrencyCheck } from './concurrency-check.js';
export { defineTable, type TableDefinition } from './define-table.js';
export { In, Out } from './edge-ends.js';
export { Encrypted } from './encrypted.js';
export { Event } from './event.js';
export { Field, type FieldOptionsOf } from './field.js';
export { Filter } from './filter.js';
export { FullText, type FullTextOptions } from './full-text.js';
export { Hidden } from './hidden.js';
export { Id } from './id.js';
export { Index } from './index-decorator.js';
export {
  AfterCreate,
  AfterDelete,
  AfterSave,
  AfterUpdate,
  BeforeCreate,
  BeforeDelete,
  BeforeSave,
  BeforeUpdate,
  OnLoad,
} from './lifecycle.js';
export { Relation } from './relation.js';
export { SoftDelete } from './soft-delete.js';
export { Subscriber } from './subscriber.js';
export { Table } from './table.js';
export { CreatedAt, UpdatedAt } from './timestamps.js';
export { Unique } from './unique.js';
export { VectorField } from './vector-field.js';
export { Version } from './version.js';
export { View, type ViewOptions } from './view.js';
