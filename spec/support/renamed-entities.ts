import { Field, Id, Index, Relation, Table } from '../../lib/decorators/index.js';
import type { Link } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';

@Table({ name: 'visitor' })
class Visitor {
  @Id('int') id!: RecordId<'visitor', number>;
  @Field('string') name!: string;
}

@Table({ name: 'stay' })
class VisitorStay {
  @Id('int') id!: RecordId<'stay', number>;
  @Relation(() => Visitor, { onDelete: 'cascade' }) of!: Link<Visitor>;
}

@Table({ name: 'guest', renamedFrom: 'visitor' })
@Index({ name: 'one_name', fields: ['fullName'], unique: true })
class Guest {
  @Id('int') id!: RecordId<'guest', number>;
  @Field('string', { renamedFrom: 'name' }) fullName!: string;
}

@Table({ name: 'stay' })
class GuestStay {
  @Id('int') id!: RecordId<'stay', number>;
  @Relation(() => Guest, { onDelete: 'cascade' }) of!: Link<Guest>;
}

/** A table of 200 records and as many links to it, which gets another name. */
export const VISITORS = [Visitor, VisitorStay] as const;
export const GUESTS = [Guest, GuestStay] as const;
export const STAYS = `FOR $i IN 1..=200 {
  CREATE type::record('visitor', $i) SET name = <string> $i;
  CREATE type::record('stay', $i) SET of = type::record('visitor', $i)
}`;
