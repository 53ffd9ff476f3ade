import {
  Computed,
  CreatedAt,
  Field,
  Id,
  In,
  Index,
  Out,
  Relation,
  Table,
  UpdatedAt,
  VectorField,
  Version,
} from '../../../lib/decorators/index.js';
import { discover } from '../../../lib/metadata/index.js';
import type { Link, Links } from '../../../lib/types/index.js';
import type { RecordId } from '../../../lib/values/index.js';
import { printType } from '../../../lib/types/print-type.js';
import { surql } from '../../../lib/surrealql/surql.js';

class Address {
  @Field() city!: string;
  @Field('option<string>', { name: 'zip_code' }) zip?: string;
}
@Table({ name: 'team' })
class Team {
  @Id() id!: RecordId;
  @Field() name!: string;
  @Relation(() => User, { inverse: 'team' }) members!: Links<User>;
}
@Table({ name: 'user' })
@Index({ fields: ['address.zip', 'age'] })
@Index({ fields: ['email'], unique: true })
class User {
  @Id() id!: RecordId;
  @Field() name!: string;
  @Field() age!: number;
  @Field('option<string>') email?: string;
  @Field(() => Address) address!: Address;
  @Field(() => [Address]) others!: Address[];
  @Relation(() => Team, { onDelete: 'unset' }) team?: Link<Team>;
  @Relation(() => Team, { many: true }) teams!: Links<Team>;
  @Relation(() => User, { edge: () => Follows }) following!: Links<User, Follows>;
  @Computed(surql`string::uppercase(name)`) readonly shout!: string;
  @VectorField({ dimension: 3 }) embedding!: number[];
  @CreatedAt() readonly createdAt!: Date;
  @UpdatedAt({ precision: 'ns' }) readonly updatedAt!: Date;
  @Version() readonly version!: number;
}
@Table({ name: 'follows', type: 'relation', in: () => User, out: () => User, enforced: true })
class Follows {
  @Id() id!: RecordId;
  @In() in!: Link<User>;
  @Out() out!: Link<User>;
  @Field('datetime') since!: Date;
}

describe('discover', () => {
  const registry = discover([User, Team, Follows]);
  const user = registry.get(User);

  test('tables, by class and by table', () => {
    expect(registry.entities.map((each) => each.table)).toEqual(['user', 'team', 'follows']);
    expect(registry.byTable('team')).toBe(registry.get(Team));
    expect(registry.find(class {})).toBeUndefined();
    expect(() => registry.get(Address)).toThrow(/Address is not an entity/);
  });

  test('types as the server prints them', () => {
    const types = user.properties.map((each) => [each.property, 'type' in each ? printType(each.type) : each.kind]);
    expect(Object.fromEntries(types)).toEqual({
      name: 'string',
      age: 'number',
      email: 'none | string',
      address: 'object',
      others: 'array<object>',
      team: 'none | record<team>',
      teams: 'array<record<team>>',
      following: 'edges',
      shout: 'any',
      embedding: 'array<float>',
      createdAt: 'datetime',
      updatedAt: 'datetime',
      version: 'int',
    });
  });

  test('relations resolve to metadata', () => {
    const team = user.byProperty.get('team');
    expect(team?.kind === 'link' && team.target()).toBe(registry.get(Team));
    const following = user.byProperty.get('following');
    expect(following?.kind === 'edges' && following.edge()).toBe(registry.get(Follows));
    const members = registry.get(Team).byProperty.get('members');
    expect(members?.kind === 'inverse' && members.inverse()).toBe(team);
    const follows = registry.get(Follows);
    expect(follows.edge?.in).toEqual([user]);
    expect(follows.byColumn.get('in')).toMatchObject({ kind: 'link', end: 'in', reference: false });
  });

  test('indexes by column path', () => {
    expect(user.indexes.map(({ name, columns }) => [name, columns])).toEqual([
      ['address_zip_code_age_index', ['address.zip_code', 'age']],
      ['email_unique', ['email']],
      ['embedding_hnsw', ['embedding']],
    ]);
  });

  test('what the server produces', () => {
    expect(user.byProperty.get('createdAt')).toMatchObject({
      role: 'createdAt',
      serverProduced: true,
      immutable: true,
    });
    expect(user.byProperty.get('updatedAt')).toMatchObject({ role: 'updatedAt', value: { strings: ['time::now()'] } });
    expect(user.version).toMatchObject({ role: 'version', column: 'version' });
  });
});
