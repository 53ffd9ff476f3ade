import 'reflect-metadata';
import { Field, Id, MetadataError, Table, type RecordId } from '../../../lib/index.js';
import { discover } from '../../../lib/metadata/discovery.js';

@Table({ name: 'scrap' })
class Scrap {
  @Id() id!: RecordId<'scrap'>;
  @Field('option<any>' as 'any') content?: unknown;
}

it('option<any> is told to be any, with the decorator to write', () => {
  expect(() => discover([Scrap])).toThrow(MetadataError);
  expect(() => discover([Scrap])).toThrow(/any may be NONE already.*write: @Field\('any'\) content/s);
});
