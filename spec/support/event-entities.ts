import { Field, Id, Table } from '../../lib/decorators/index.js';
import { discover } from '../../lib/metadata/index.js';
import type { EntityMetadata, LifecycleEvent, MetadataRegistry } from '../../lib/metadata/index.js';
import { stage } from '../../lib/metadata/staging.js';
import type { FlushChange } from '../../lib/subscribers/index.js';
import { RecordId } from '../../lib/values/index.js';

export abstract class Being {
  @Id() id!: RecordId;
}

@Table({ name: 'user' })
export class User extends Being {
  @Field('string') name!: string;
}

@Table({ name: 'admin' })
export class Admin extends User {
  @Field('int') level!: number;
}

@Table({ name: 'order' })
export class Order extends Being {
  @Field('int') total!: number;
}

export function eventRegistry(): MetadataRegistry {
  return discover([User, Admin, Order]);
}

/** What a lifecycle decorator stages. */
export function hook(target: object, event: LifecycleEvent, method: string): void {
  stage(target).hooks.push({ event, method });
}

export function changeOf(
  meta: EntityMetadata,
  action: FlushChange['action'],
  entity: object,
  changes: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>> = {},
): FlushChange {
  return {
    action,
    meta,
    state: { entity },
    id: new RecordId(meta.table, 'x'),
    changes: new Map(Object.entries(changes)),
  };
}
