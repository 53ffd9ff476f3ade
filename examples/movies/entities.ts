import {
  Analyzer,
  Field,
  FullText,
  Id,
  Index,
  type Link,
  type Links,
  type RecordId,
  Relation,
  Table,
  VectorField,
} from 'reverie-orm';

@Table({ name: 'director' })
export class Director {
  @Id({ from: 'name' }) id!: RecordId<'director'>;
  @Field('string') name!: string;
  @Relation(() => Movie, { inverse: 'director' }) movies!: Links<Movie>;
}

@Table({ name: 'movie' })
@Analyzer({ name: 'titles', tokenizers: ['class'], filters: ['lowercase', 'ascii', 'snowball(english)'] })
@FullText({ fields: ['title'], analyzer: 'titles', bm25: true, highlights: true })
@Index({ fields: ['year'] })
export class Movie {
  @Id('int') id!: RecordId<'movie', number>;
  @Field('string') title!: string;
  @Field('int') year!: number;
  @Field('option<string>') genre?: string;
  @Field('option<float>') rating?: number;
  @Field('option<int>') gross?: number;
  @Relation(() => Director, { optional: true }) director?: Link<Director>;
  /** What a viewer would feel of it, as far as figures tell: see `data.ts`. */
  @VectorField({ dimension: 16, distance: 'cosine', type: 'F32' }) taste!: number[];
}
