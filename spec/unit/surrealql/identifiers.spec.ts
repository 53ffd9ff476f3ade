import { ValidationError } from '../../../lib/errors/index.js';
import { escapeIdentifier, escapeMember } from '../../../lib/surrealql/identifiers.js';

describe('escapeIdentifier', () => {
  test.each([
    ['user', 'user'],
    ['_a1', '_a1'],
    ['in', 'in'],
    ['my table', '`my table`'],
    ['1st', '`1st`'],
    ['naïve', '`naïve`'],
    ['select', '`select`'],
    ['NULL', '`NULL`'],
    ['a`b', '`a\\`b`'],
    ['a\\', '`a\\\\`'],
    ['a⟩b', '`a⟩b`'],
    ['line\nbreak', '`line\\nbreak`'],
    ['nul\0', '`nul\\0`'],
    ['user; REMOVE TABLE user', '`user; REMOVE TABLE user`'],
  ])('%j becomes %s', (name, text) => expect(escapeIdentifier(name)).toBe(text));

  test.each(['', '\ud800', 'a\udc00b'])('%j is refused', (name) => {
    expect(() => escapeIdentifier(name)).toThrow(ValidationError);
    expect(() => escapeMember(name)).toThrow(ValidationError);
  });

  test('a member may be any word', () => {
    expect(escapeMember('select')).toBe('select');
    expect(escapeMember('a b')).toBe('`a b`');
  });
});
