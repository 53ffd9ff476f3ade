import type * as Decorators from '../../../lib/decorators/index.js';
import type * as Surql from '../../../lib/surrealql/surql.js';
import { discover } from '../../../lib/metadata/index.js';

/** As an ESM and a CommonJS copy of the package in one process: modules of their own, one `globalThis`. */
test('classes decorated by one copy are discovered by another', () => {
  let copy: typeof Decorators | undefined;
  let tag: typeof Surql | undefined;
  jest.isolateModules(() => {
    copy = jest.requireActual<typeof Decorators>('../../../lib/decorators/index.js');
    tag = jest.requireActual<typeof Surql>('../../../lib/surrealql/surql.js');
  });
  const { Computed, CreatedAt, Field, Id, Table } = copy as typeof Decorators;
  expect(Field).not.toBe(jest.requireActual<typeof Decorators>('../../../lib/decorators/index.js').Field);
  class Note {}
  Id()(Note.prototype as never, 'id' as never);
  Field('string', { default: 'x' })(Note.prototype as never, 'text' as never);
  Computed((tag as typeof Surql).surql`text`)(Note.prototype as never, 'copy' as never);
  CreatedAt()(Note.prototype as never, 'at' as never);
  Table({ name: 'note' })(Note);
  expect([...discover([Note]).get(Note).byProperty.keys()]).toEqual(['text', 'copy', 'at']);
});

test('two classes of one name do not share metadata, as after a bundler has renamed them', () => {
  const { Field, Id, Table } = jest.requireActual<typeof Decorators>('../../../lib/decorators/index.js');
  const make = (table: string, property: string): new () => object => {
    const d = class {};
    Id()(d.prototype as never, 'id' as never);
    Field('string')(d.prototype as never, property as never);
    Table({ name: table })(d);
    return d;
  };
  const [a, b] = discover([make('a', 'x'), make('b', 'y')]).entities;
  expect([a?.className, b?.className]).toEqual(['d', 'd']);
  expect([...(a?.byProperty.keys() ?? [])]).toEqual(['x']);
  expect([...(b?.byProperty.keys() ?? [])]).toEqual(['y']);
});
