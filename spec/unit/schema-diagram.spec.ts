import { Field, Id, In, Out, Relation, Table } from '../../lib/decorators/index.js';
import { discover } from '../../lib/metadata/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { RecordingDriver } from '../../lib/testing/index.js';
import type { Link, Links } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';

@Table({ name: 'user' })
class User {
  @Id() id!: RecordId<'user'>;
  @Field('option<array<string | int>>') tags?: (string | number)[];
  @Relation(() => User, { optional: true }) boss?: Link<User>;
}

@Table({ name: 'odd "post" <1>' })
class Post {
  @Id('int') id!: RecordId;
  @Relation(() => User) author!: Link<User>;
  @Relation(() => User, { many: true }) readers!: Links<User>;
}

@Table({ name: 'likes', type: 'relation', in: () => User, out: () => Post })
class Likes {
  @Id() id!: RecordId<'likes'>;
  @In() in!: Link<User>;
  @Out() out!: Link<Post>;
}

const manager = (): SchemaManager => new SchemaManager(new RecordingDriver(), discover([User, Post, Likes]).entities);

test('as Mermaid', () => {
  expect(manager().diagram()).toBe(`erDiagram
  user {
    string id
    array(string_or_int) tags "optional"
    record(user) boss "optional"
  }
  "odd 'post' <1>" {
    int id
    record(user) author
    array(record(user)) readers
  }
  likes {
    string id
    record(user) in
    record(_odd__post__(1)_) out
  }
  user }o--o| user : boss
  "odd 'post' <1>" }o--|| user : author
  "odd 'post' <1>" }o--o{ user : readers
  user ||--o{ likes : in
  likes }o--|| "odd 'post' <1>" : out
`);
});

test('as an SVG that stands alone: every table once, every line with its direction, names escaped', () => {
  const svg = manager().diagram({ format: 'svg' });
  expect(svg.match(/class="table"/g)).toHaveLength(3);
  expect(svg.match(/marker-end/g)).toHaveLength(5);
  expect(svg).toContain('data-from="user" data-to="likes"');
  expect(svg).toContain('data-from="likes" data-to="odd &quot;post&quot; &lt;1&gt;"');
  expect(svg).toContain('tags?: array&lt;string | int&gt;');
  expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|<script|NaN|undefined/);
});
