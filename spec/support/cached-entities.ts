import {
  Computed,
  Event,
  Field,
  Filter,
  Id,
  In,
  Index,
  Out,
  Relation,
  surql,
  Table,
  View,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';

@Table({ name: 'team' })
export class Team {
  @Id() id!: RecordId<'team', string>;
  @Field('string') name!: string;
  @Relation(() => Player, { inverse: 'team' }) players!: Links<Player>;
}

@Table({ name: 'player' })
@Index({ fields: ['name'] })
@Event({ name: 'noted', when: surql`$event = 'UPDATE'`, then: surql`CREATE journal SET what = 'player'` })
@Filter({ name: 'rich', where: { team: { name: 'Reds' } } })
export class Player {
  @Id() id!: RecordId<'player', string>;
  @Field('string') name!: string;
  @Field('int') goals!: number;
  @Field('datetime') born!: Date;
  @Relation(() => Team, { onDelete: 'cascade' }) team!: Link<Team>;
  @Relation(() => Player, { edge: () => Passes, direction: 'out' }) passes!: Links<Player, Passes>;
  @Computed(surql`team.name`, { type: 'string' }) readonly teamName!: string;
}

@Table({ name: 'passes', type: 'relation', in: () => Player, out: () => Player })
export class Passes {
  @Id() id!: RecordId<'passes', string>;
  @In() in!: Link<Player>;
  @Out() out!: Link<Player>;
  @Field('int') times!: number;
}

@Table({ name: 'journal' })
export class Journal {
  @Id() id!: RecordId<'journal', string>;
  @Field('string') what!: string;
}

/** Nothing else leads here. */
@Table({ name: 'weather-report' })
export class Weather {
  @Id() id!: RecordId<'weather-report', string>;
  @Field('int') degrees!: number;
}

@View({ name: 'counted', as: surql`SELECT degrees, count() AS days FROM \`weather-report\` GROUP BY degrees` })
export class Counted {
  @Id('any') id!: RecordId<'counted'>;
  @Field('int') degrees!: number;
  @Field('int') days!: number;
}

export const cachedEntities = [Team, Player, Passes, Journal, Weather, Counted];
