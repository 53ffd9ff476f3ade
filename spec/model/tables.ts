import type { EntityClass } from '../../lib/index.js';
import { Knows, Label, Person, Team } from './entities.js';

export type TableName = 'team' | 'label' | 'person' | 'knows';

/** What the model has to know of a table. */
export interface TableModel {
  readonly name: TableName;
  readonly entity: EntityClass;
  /** Everything that an instance shows but collections. */
  readonly shown: readonly string[];
  /** Properties that a flush compares and sends. */
  readonly written: readonly string[];
  /** A flush takes what it has sent for the row, and sees nothing of what others have changed meanwhile. */
  readonly echoes: boolean;
  readonly collections: readonly CollectionName[];
}

export type CollectionName = 'labels' | 'friends' | 'knownBy' | 'members';

export const TABLES: Readonly<Record<TableName, TableModel>> = {
  team: {
    name: 'team',
    entity: Team as EntityClass,
    shown: ['name', 'motto', 'version'],
    written: ['name', 'motto'],
    echoes: true,
    collections: ['members'],
  },
  label: {
    name: 'label',
    entity: Label as EntityClass,
    shown: ['text', 'rank'],
    written: ['text', 'rank'],
    echoes: true,
    collections: [],
  },
  person: {
    name: 'person',
    entity: Person as EntityClass,
    shown: ['name', 'age', 'code', 'born', 'nicknames', 'groups', 'settings', 'address', 'team', 'shout'],
    written: ['name', 'age', 'code', 'born', 'nicknames', 'groups', 'settings', 'address', 'team'],
    echoes: false,
    collections: ['labels', 'friends', 'knownBy'],
  },
  knows: {
    name: 'knows',
    entity: Knows as EntityClass,
    shown: ['in', 'out', 'weight'],
    written: ['weight'],
    echoes: true,
    collections: [],
  },
};

/** Columns of the record itself. */
export function columnsOf(table: TableModel): readonly string[] {
  return table.name === 'person' ? [...table.shown, 'labels'] : table.shown;
}
