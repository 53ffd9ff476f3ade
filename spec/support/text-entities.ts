import 'reflect-metadata';
import {
  Analyzer,
  Computed,
  Field,
  FullText,
  Id,
  In,
  Index,
  Out,
  Relation,
  SoftDelete,
  surql,
  Table,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';

export class Meta {
  @Field('string', { name: 'remark' }) note!: string;
}

export class Line {
  @Field('string') text!: string;
}

/** Texts in every place where one may be searched. */
@Table({ name: 'page' })
@Analyzer({ name: 'plain words', tokenizers: ['blank'], filters: ['lowercase'] })
@Analyzer({ name: 'stems', tokenizers: ['class'], filters: ['lowercase', 'snowball(english)'] })
@FullText({ fields: ['title'], analyzer: 'plain words' })
@FullText({ fields: ['body', 'topics', 'meta.note'], analyzer: 'stems' })
@FullText({ fields: ['lines.*.text'], analyzer: 'stems' })
@Index({ fields: ['n'] })
export class Page {
  @Id('int') id!: RecordId<'page', number>;
  @Field('string') title!: string;
  @Field('option<string>', { name: 'text' }) body?: string;
  @Field('array<string>') topics!: string[];
  @Field(() => Meta) meta!: Meta;
  @Field(() => [Line]) lines!: Line[];
  @Field('int') n!: number;
  @Field('string') bare!: string;
  @Computed(surql`n * 2`, { type: 'int' }) readonly twice!: number;
  @Relation(() => Page, { optional: true, onDelete: 'ignore' }) next?: Link<Page>;
  @Relation(() => Page, { inverse: 'next' }) before!: Links<Page>;
  @Relation(() => Page, { edge: () => Cites, direction: 'out' }) cites!: Links<Page>;
}

@Table({ name: 'cites', type: 'relation', in: () => Page, out: () => Page })
export class Cites {
  @Id('int') id!: RecordId<'cites', number>;
  @In() in!: Link<Page>;
  @Out() out!: Link<Page>;
}

@Table({ name: 'leaf' })
@FullText({ fields: ['title'], analyzer: 'plain words' })
export class Leaf {
  @Id('int') id!: RecordId<'leaf', number>;
  @Field('string') title!: string;
  @SoftDelete() deletedAt?: Date;
}

export const textEntities = [Page, Cites, Leaf];

export interface PageRow {
  readonly id: number;
  readonly title: string;
  readonly body?: string;
  readonly topics: string[];
  readonly meta: { note: string };
  readonly lines: { text: string }[];
  readonly n: number;
  readonly bare: string;
  readonly next?: string;
}

const TITLES = ['red fox', 'Red', 'fox', 'the Fox and the RED hen', 'blue', '', 'reds foxes'];
const BODIES = ['running dogs', 'He ran; the dog ran', 'a runner', undefined, 'dogs run and run', 'cats'];

export const PAGES: readonly PageRow[] = Array.from({ length: 84 }, (_, id) => {
  const body = BODIES[id % 6];
  return {
    id,
    title: TITLES[id % 7] as string,
    ...(body !== undefined && { body }),
    topics: id % 3 === 0 ? [] : ['running far', id % 2 === 0 ? 'a dog' : 'a cat'],
    meta: { note: TITLES[(id + 3) % 7] as string },
    lines: id % 4 === 0 ? [{ text: 'running' }, { text: 'dogs' }] : [{ text: 'a running dog' }],
    n: id % 10,
    bare: 'red fox',
    ...(id > 0 && { next: `page:${(id * 5) % 84}` }),
  };
});
