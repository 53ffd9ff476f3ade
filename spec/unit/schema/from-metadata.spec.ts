import type { EntityMetadata, LinkMetadata } from '../../../lib/metadata/entity-metadata.js';
import { fromMetadata } from '../../../lib/schema/from-metadata.js';
import { parseType } from '../../../lib/types/parse-type.js';
import { print } from '../../../lib/surrealql/printer.js';
import { surql } from '../../../lib/surrealql/surql.js';
import { entityOf, fieldOf } from '../../support/schema-literals.js';

/** Every statement of the entities; what the server makes by itself in brackets. */
function statements(...entities: readonly EntityMetadata[]): readonly string[] {
  const { analyzers, tables } = fromMetadata(entities);
  const tableOf = (target: unknown): string | undefined => entities.find((each) => each.target === target)?.table;
  const text = (node: Parameters<typeof print>[0]): string => print(node, { tableOf }).text;
  return [
    ...analyzers.map(text),
    ...tables.flatMap((each) => [
      text(each.table),
      ...each.fields.map(({ node, implied }) => (implied ? `(${text(node)})` : text(node))),
      ...each.indexes.map(text),
      ...each.events.map(text),
    ]),
  ];
}

const fields = (...given: Parameters<typeof entityOf>[1]): readonly string[] =>
  statements(entityOf('t', given)).slice(1);

describe('definitions from metadata', () => {
  it('tables', () => {
    expect(statements(entityOf('t', []))).toEqual(['DEFINE TABLE t TYPE NORMAL SCHEMAFULL']);
    expect(
      statements(
        entityOf('t', [], {
          type: 'any',
          schema: 'less',
          options: { drop: true, comment: 'c', permissions: 'none', changefeed: { expiry: '1h' } },
        }),
      ),
    ).toEqual(["DEFINE TABLE t TYPE ANY DROP SCHEMALESS COMMENT 'c' CHANGEFEED 1h PERMISSIONS NONE"]);
    expect(
      statements(
        entityOf('t', [], {
          options: {
            permissions: {
              select: true,
              update: 'none',
              create: surql`WHERE n > ${2}`,
              delete: surql`$auth.id = ${1}`,
            },
          },
        }),
      ),
    ).toEqual([
      'DEFINE TABLE t TYPE NORMAL SCHEMAFULL PERMISSIONS FOR select FULL, FOR create WHERE n > 2, FOR update NONE, FOR delete WHERE $auth.id = 1',
    ]);
    expect(statements(entityOf('t', [], { options: { sync: false } }))).toEqual([]);
  });

  it('no id of whatever kind: a defined one keeps the server from writing a record twice in one transaction', () => {
    const id = (key: EntityMetadata['id']['key']): readonly string[] =>
      statements(entityOf('t', [], { id: { property: 'id', key, generate: 'none' } })).slice(1);
    for (const key of ['string', 'any', 'int', 'ulid', ['string', ['int', 'uuid']]] as const)
      expect(id(key)).toEqual([]);
  });

  it('defaults, null told from none', () => {
    expect(
      fields(
        fieldOf('a', 'int', { default: 0 }),
        fieldOf('b', 'option<string>', { default: null }),
        fieldOf('c', 'string | null', { default: null }),
        fieldOf('d', 'array<int>', { default: [1], defaultAlways: true }),
        fieldOf('e', 'string', { default: () => 'made by the client' }),
        fieldOf('f', 'string', { default: surql`rand::ulid()` }),
      ),
    ).toEqual([
      'DEFINE FIELD a ON TABLE t TYPE int DEFAULT 0',
      'DEFINE FIELD b ON TABLE t TYPE none | string',
      'DEFINE FIELD c ON TABLE t TYPE string | null DEFAULT NULL',
      'DEFINE FIELD d ON TABLE t TYPE array<int> DEFAULT ALWAYS [1]',
      '(DEFINE FIELD OVERWRITE d.* ON TABLE t TYPE int)',
      'DEFINE FIELD e ON TABLE t TYPE string',
      'DEFINE FIELD f ON TABLE t TYPE string DEFAULT rand::ulid()',
    ]);
  });

  it('assertions of the user, of an enum and of digits together', () => {
    expect(
      fields(
        fieldOf('a', `'x' | 'y'`, { enumValues: ['x', 'y'] }),
        fieldOf('b', 'string', { enumValues: ['x', 1] }),
        fieldOf('c', 'decimal | null', { precision: 6, scale: 2, assert: surql`$value > 0` }),
      ),
    ).toEqual([
      `DEFINE FIELD a ON TABLE t TYPE 'x' | 'y'`,
      `DEFINE FIELD b ON TABLE t TYPE string ASSERT $value INSIDE ['x', 1]`,
      'DEFINE FIELD c ON TABLE t TYPE decimal | null ASSERT ($value > 0)' +
        ' AND (type::is_null($value) OR math::fixed($value, 2) = $value)' +
        ' AND (type::is_null($value) OR math::abs($value) < 10000)',
    ]);
  });

  it('elements of arrays where the server leaves them short', () => {
    expect(
      fields(
        fieldOf('a', 'option<array<any>>'),
        fieldOf('b', 'array<object>', { flexible: true }),
        fieldOf('c', 'set<array<int>>'),
      ),
    ).toEqual([
      'DEFINE FIELD a ON TABLE t TYPE none | array',
      'DEFINE FIELD OVERWRITE a.* ON TABLE t TYPE any',
      'DEFINE FIELD b ON TABLE t TYPE array<object> FLEXIBLE',
      'DEFINE FIELD OVERWRITE b.* ON TABLE t TYPE object FLEXIBLE',
      'DEFINE FIELD c ON TABLE t TYPE set<array<int>>',
      '(DEFINE FIELD OVERWRITE c.* ON TABLE t TYPE array<int>)',
      '(DEFINE FIELD OVERWRITE c.*.* ON TABLE t TYPE int)',
    ]);
  });

  it('links; in an embedded class without a reference', () => {
    const link: LinkMetadata = {
      kind: 'link',
      property: 'owner',
      path: 'T.owner',
      column: 'owner',
      type: parseType('record<user>'),
      hidden: false,
      target: () => entityOf('user', []),
      targets: () => [entityOf('user', [])],
      optional: false,
      onDelete: 'ignore',
      reference: true,
      owns: false,
    };
    const nested = (onDelete: LinkMetadata['onDelete']): EntityMetadata =>
      entityOf('t', [
        fieldOf('at', 'object', { embedded: { target: class {}, className: 'At', fields: [{ ...link, onDelete }] } }),
      ]);
    expect(statements(entityOf('t', [], { properties: [link] })).slice(1)).toEqual([
      'DEFINE FIELD owner ON TABLE t TYPE record<user> REFERENCE ON DELETE IGNORE',
    ]);
    expect(statements(nested('ignore')).slice(2)).toEqual(['DEFINE FIELD at.owner ON TABLE t TYPE record<user>']);
    expect(() => statements(nested('cascade'))).toThrow(/T\.owner cannot have onDelete/);
  });

  it('columns of indexes, whatever their names hold', () => {
    const entity = entityOf(
      't',
      [
        fieldOf('a.b', 'object', { embedded: { target: class {}, className: 'E', fields: [fieldOf('c.d', 'int')] } }),
        fieldOf('a', 'array<int>'),
      ],
      {
        indexes: [
          { name: 'i', columns: ['a.b.c.d', 'a.*', 'x.y'], unique: true },
          { name: 'j', columns: [], count: true },
        ],
      },
    );
    expect(statements(entity).slice(-2)).toEqual([
      'DEFINE INDEX i ON TABLE t FIELDS `a.b`.`c.d`, a.*, x.y UNIQUE',
      'DEFINE INDEX j ON TABLE t COUNT',
    ]);
  });

  it('a table that several classes share', () => {
    const base = { options: { discriminator: 'kind' } };
    const dog = entityOf('animal', [fieldOf('name', 'string'), fieldOf('barks', 'bool'), fieldOf('size', 'int')], {
      ...base,
      options: { discriminator: 'kind', value: 'dog' },
    });
    const cat = entityOf('animal', [fieldOf('name', 'string'), fieldOf('size', 'string')], {
      ...base,
      options: { discriminator: 'kind', value: 'cat' },
    });
    expect(statements(dog, cat)).toEqual([
      'DEFINE TABLE animal TYPE NORMAL SCHEMAFULL',
      `DEFINE FIELD kind ON TABLE animal TYPE 'dog' | 'cat'`,
      'DEFINE FIELD name ON TABLE animal TYPE string',
      'DEFINE FIELD barks ON TABLE animal TYPE none | bool',
      'DEFINE FIELD size ON TABLE animal TYPE int | string',
    ]);
  });

  it('views after what they read', () => {
    const source = entityOf('source', []);
    const view = (table: string, as: EntityMetadata['view']): EntityMetadata =>
      entityOf(table, [fieldOf('n', 'int')], { type: 'view', readOnly: true, ...(as && { view: as }) });
    const outer = view('outer', { as: surql`SELECT * FROM inner` });
    const inner = view('inner', { as: surql`SELECT * FROM ${source.target}` });
    expect(statements(outer, inner, source)).toEqual([
      'DEFINE TABLE source TYPE NORMAL SCHEMAFULL',
      'DEFINE TABLE inner TYPE ANY SCHEMALESS AS SELECT * FROM source',
      'DEFINE TABLE outer TYPE ANY SCHEMALESS AS SELECT * FROM inner',
    ]);
  });

  it('events and analyzers', () => {
    const entity = entityOf('t', [], {
      events: [
        {
          name: 'e',
          when: surql`$before != $after`,
          then: [surql`RETURN 1`, surql`{ RETURN 2; }`],
          async: true,
          retry: 2,
          comment: 'c',
        },
      ],
      analyzers: [
        { name: 'words', function: 'fn::clean', tokenizers: ['class'], filters: ['lowercase', 'ngram(1,3)'] },
      ],
    });
    expect(statements(entity)).toEqual([
      'DEFINE ANALYZER words FUNCTION fn::clean TOKENIZERS CLASS FILTERS LOWERCASE, NGRAM(1,3)',
      'DEFINE TABLE t TYPE NORMAL SCHEMAFULL',
      `DEFINE EVENT e ON TABLE t ASYNC RETRY 2 WHEN $before != $after THEN (RETURN 1), { RETURN 2; } COMMENT 'c'`,
    ]);
  });
});
