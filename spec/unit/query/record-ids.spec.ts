import 'reflect-metadata';
import { Id, Table } from '../../../lib/decorators/index.js';
import { ValidationError } from '../../../lib/errors/index.js';
import { discover, type EntityMetadata } from '../../../lib/metadata/index.js';
import { keyToId, toId } from '../../../lib/query/index.js';
import { RecordId, Uuid } from '../../../lib/values/index.js';

@Table({ name: 'user' })
class User {
  @Id() id!: RecordId<'user'>;
}
@Table({ name: 'item' })
class Item {
  @Id('int') id!: RecordId<'item'>;
}
@Table({ name: 'token' })
class Token {
  @Id('uuid') id!: RecordId<'token'>;
}
@Table({ name: 'log' })
class Log {
  @Id('ulid') id!: RecordId<'log'>;
}
@Table({ name: 'reading' })
class Reading {
  @Id(['string', 'int']) id!: RecordId<'reading'>;
}
@Table({ name: 'thing' })
class Thing {
  @Id('any') id!: RecordId<'thing'>;
}
@Table({ name: 'odd name' })
class Odd {
  @Id() id!: RecordId<'odd name'>;
}

const registry = discover([User, Item, Token, Log, Reading, Thing, Odd]);
const meta = (target: new () => object): EntityMetadata => registry.get(target) as EntityMetadata;
const UUID = '018a6680-bef9-701b-9025-e1754f296a0f';
const ULID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';

test.each<[new () => object, unknown, RecordId]>([
  [User, 'abc', new RecordId('user', 'abc')],
  [User, '5', new RecordId('user', '5')],
  [User, 'user:abc', new RecordId('user', 'abc')],
  [User, 'user:5', new RecordId('user', '5')],
  [User, 'user:`5`', new RecordId('user', '5')],
  [User, 'user:`a\\`b`', new RecordId('user', 'a`b')],
  [User, 'mailto:abc', new RecordId('user', 'mailto:abc')],
  [User, 'a-b', new RecordId('user', 'a-b')],
  [User, '', new RecordId('user', '')],
  [User, new RecordId('user', 'x'), new RecordId('user', 'x')],
  [User, { id: new RecordId('user', 'x') }, new RecordId('user', 'x')],
  [Item, 5, new RecordId('item', 5)],
  [Item, '5', new RecordId('item', 5)],
  [Item, '-5', new RecordId('item', -5)],
  [Item, 'item:5', new RecordId('item', 5)],
  [Item, 'item:-5', new RecordId('item', -5)],
  [Item, '9223372036854775807', new RecordId('item', 9223372036854775807n)],
  [Token, UUID, new RecordId('token', Uuid.parse(UUID))],
  [Token, `token:u'${UUID}'`, new RecordId('token', Uuid.parse(UUID))],
  [Token, `token:${UUID}`, new RecordId('token', Uuid.parse(UUID))],
  [Token, Uuid.parse(UUID), new RecordId('token', Uuid.parse(UUID))],
  [Log, ULID, new RecordId('log', ULID)],
  [Log, `log:${ULID}`, new RecordId('log', ULID)],
  [Reading, ['a', 1], new RecordId('reading', ['a', 1])],
  [Reading, "reading:['a', 1]", new RecordId('reading', ['a', 1])],
  [Thing, 5, new RecordId('thing', 5)],
  [Thing, 'x', new RecordId('thing', 'x')],
  [Thing, { a: 1 }, new RecordId('thing', { a: 1 })],
  [Thing, ['a', 1], new RecordId('thing', ['a', 1])],
  [Odd, '`odd name`:x', new RecordId('odd name', 'x')],
])('%p %p', (target, input, wanted) => {
  const id = toId(meta(target), input, { registry });
  expect(id.table).toBe(wanted.table);
  expect(id.equals(wanted)).toBe(true);
  expect(typeof id.key).toBe(typeof wanted.key);
});

test.each<[new () => object, unknown, RegExp]>([
  [User, 5, /its keys are of type string/],
  [User, 'item:5', /item is the table of Item[^]*em\.id\(User, "item:5"\)/],
  [User, '`odd name`:5', /odd name is the table of Odd/],
  [User, 'user:a-b', /is no id of User/],
  [User, new RecordId('item', 5), /lives in table user/],
  [User, new User(), /has no id/],
  [User, undefined, /is no id/],
  [User, null, /is no id/],
  [User, true, /is no id/],
  [User, ['a'], /is no id/],
  [Item, 'abc', /its keys are of type int/],
  [Item, '5.5', /its keys are of type int/],
  [Item, 5.5, /its keys are of type int/],
  [Item, '1e3', /its keys are of type int/],
  [Item, '9223372036854775808', /its keys are of type int/],
  [Item, 2n ** 63n, /its keys are of type int/],
  [Item, 'item:abc', /its keys are of type int/],
  [Token, 'abc', /its keys are of type uuid\n.*\n.*or text such as '\w+:[\da-f]{8}-[\da-f-]{27}'/],
  [Log, 'abc', /its keys are of type ulid/],
  [Reading, 'a', /its keys are of type \[string, int\]/],
  [Reading, ['a'], /its keys are of type \[string, int\]/],
  [Reading, ['a', 'b'], /its keys are of type \[string, int\]/],
  [Thing, null, /is no id/],
])('%p %p is refused', (target, input, message) => {
  expect(() => toId(meta(target), input, { registry })).toThrow(message);
  expect(() => toId(meta(target), input, { registry })).toThrow(ValidationError);
});

test('a key said to be one may look like anything', () => {
  expect(keyToId(meta(User), 'item:5').key).toBe('item:5');
  expect(keyToId(meta(User), 'user:5').key).toBe('user:5');
  expect(() => keyToId(meta(Item), 'x')).toThrow(ValidationError);
});
