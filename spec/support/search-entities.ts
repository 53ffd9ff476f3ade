import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Analyzer,
  Computed,
  Field,
  FullText,
  Id,
  Index,
  Relation,
  Table,
  VectorField,
  surql,
  type Link,
} from '../../lib/index.js';

@Table({ name: 'shelf' })
export class Shelf {
  @Id() id!: RecordId<'shelf', string>;
  @Field('string') name!: string;
}

@Table({ name: 'doc' })
@Analyzer({ name: 'english', tokenizers: ['class'], filters: ['lowercase', 'snowball(english)'] })
@FullText({ fields: ['title', 'body'], analyzer: 'english', bm25: true, highlights: true })
@FullText({ fields: ['notes'], analyzer: 'english' })
@Index({ fields: ['lang'] })
export class Doc {
  @Id('int') id!: RecordId<'doc', number>;
  @Field('string') title!: string;
  @Field('string', { name: 'text' }) body!: string;
  @Field('option<string>') notes?: string;
  @Field('string') lang!: string;
  @Field('int') n!: number;
  @VectorField({ dimension: 4, distance: 'cosine', optional: true }) embedding?: number[];
  @VectorField({ dimension: 2, distance: 'euclidean', index: false, optional: true }) place?: number[];
  @Computed(surql`n % 2 = 0`, { type: 'bool' }) readonly even!: boolean;
  @Relation(() => Shelf, { optional: true, onDelete: 'ignore' }) shelf?: Link<Shelf>;
}

export const searchEntities = [Shelf, Doc];

export interface DocRow {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly notes?: string;
  readonly lang: string;
  readonly n: number;
  readonly embedding?: number[];
  readonly place?: number[];
  readonly shelf: string;
}

const SUBJECTS = [
  'quantum physics',
  'cooking with fire',
  'the history of cooking',
  'quantum history',
  'gardens at night',
];
const BODIES = ['Particles are running', 'He cooked a meal', 'Old books', 'Quantum computers run', 'Roses and cooks'];

/** Points on a spiral: no two are equally far from anything. */
function docRow(id: number): DocRow {
  return {
    id,
    title: `${SUBJECTS[id % 5]} ${id}`,
    body: `${BODIES[(id * 3) % 5]}, in part ${id % 7}`,
    lang: id % 3 === 0 ? 'no' : 'en',
    n: id,
    shelf: `s${id % 2}`,
    ...(id % 4 === 0 && { notes: `about roses ${id}` }),
    ...(id % 10 !== 9 && { embedding: [Math.cos(id), Math.sin(id), id / 60, 1 / (id + 1)] }),
    ...(id % 10 !== 8 && { place: [id, (id * id) % 17] }),
  };
}

export const DOCS: readonly DocRow[] = Array.from({ length: 60 }, (_, id) => docRow(id));
