import {
  Computed,
  Field,
  Id,
  In,
  Index,
  Out,
  type Point,
  Relation,
  type RecordId,
  Table,
  surql,
  type Link,
  type Links,
} from 'reverie-orm';

@Table({ name: 'airport' })
@Index({ fields: ['state'] })
export class Airport {
  @Id({ from: 'iata' }) id!: RecordId<'airport'>;
  @Field('string') iata!: string;
  @Field('string') name!: string;
  @Field('string') city!: string;
  @Field('string') state!: string;
  @Field('string') country!: string;
  @Field('geometry<point>') location!: Point;
  @Computed(surql`string::concat(iata, ' · ', city)`, { type: 'string' }) readonly label!: string;
  @Relation(() => Airport, { edge: () => Route, direction: 'out' }) destinations!: Links<Airport, Route>;
}

@Table({ name: 'route', type: 'relation', in: () => Airport, out: () => Airport, enforced: true })
export class Route {
  @Id() id!: RecordId<'route'>;
  @In() in!: Link<Airport>;
  @Out() out!: Link<Airport>;
  @Field('int') flights!: number;
}
