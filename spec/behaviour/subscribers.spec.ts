import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  AfterCreate,
  BeforeCreate,
  BeforeSave,
  Field,
  Id,
  OnLoad,
  Subscriber,
  Table,
  type CommitEvent,
  type CreateEvent,
  type EntityManager,
  type EntitySubscriber,
  type Next,
  type SaveEvent,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

const log: string[] = [];

@Table({ name: 'article' })
class Article {
  @Id() id!: RecordId<'article'>;
  @Field('string') title!: string;
  @Field('option<string>') slug?: string;

  @BeforeCreate() stamp(): void {
    log.push('entity beforeCreate');
  }
  @BeforeSave() makeSlug(): void {
    this.slug = this.title.toLowerCase().replaceAll(' ', '-');
  }
  @AfterCreate() done(): void {
    log.push('entity afterCreate');
  }
  @OnLoad() loaded(): void {
    log.push('entity onLoad');
  }
}

@Subscriber(Article)
class First implements EntitySubscriber<Article> {
  beforeCreate({ entity }: CreateEvent<Article>): void {
    log.push(`first beforeCreate ${entity.title}`);
    if (entity.title === 'forbidden') throw new Error('vetoed');
  }
  async aroundSave(_event: SaveEvent<Article>, next: Next): Promise<void> {
    log.push('first around in');
    await next();
    log.push('first around out');
  }
  afterCreate(): void {
    log.push('first afterCreate');
  }
}

@Subscriber()
class Second implements EntitySubscriber {
  beforeFlush(): void {
    log.push('beforeFlush');
  }
  onFlush(): void {
    log.push('onFlush');
  }
  beforeCreate(): void {
    log.push('second beforeCreate');
  }
  beforeCommit(): void {
    log.push('beforeCommit');
  }
  afterCommit({ changes }: CommitEvent): void {
    log.push(`afterCommit ${changes.map(({ action }) => action).join()}`);
  }
  afterRollback(): void {
    log.push('afterRollback');
  }
  afterFlush(): void {
    log.push('afterFlush');
  }
}

describe.each(backends)('subscribers on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Article], subscribers: [First, Second] });
  });
  afterAll(() => test.close());
  afterEach(() => expectInOrder(test, em));
  beforeEach(() => {
    em = test.orm.em.fork();
    log.length = 0;
  });

  it('are called in the stated order around one request, and their changes go with it', async () => {
    const article = em.create(Article, { title: 'Hello World' });
    test.clear();
    await em.flush();
    expect(log).toEqual([
      'beforeFlush',
      'onFlush',
      'entity beforeCreate',
      'first beforeCreate Hello World',
      'second beforeCreate',
      'beforeCommit',
      'first around in',
      'first around out',
      'entity afterCreate',
      'first afterCreate',
      'afterCommit create',
      'afterFlush',
    ]);
    expect(test.written()).toEqual([
      `CREATE ONLY ${article.id} CONTENT { slug: 'hello-world', title: 'Hello World' } RETURN NONE`,
    ]);
    expect(await em.fork().findOneOrFail(Article, article.id)).toMatchObject({ slug: 'hello-world' });
    expect(article.slug).toBe('hello-world');
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
  });

  it('a hook that throws vetoes, and nothing is sent', async () => {
    em.create(Article, { title: 'forbidden' });
    test.clear();
    await expect(em.flush()).rejects.toThrow('vetoed');
    expect(test.sent()).toEqual([]);
    em.clear();
  });

  it('a failed flush is a rollback', async () => {
    em.create(Article, { title: 'One', id: 'same' });
    await em.flush();
    const fork = test.orm.em.fork();
    fork.create(Article, { title: 'Two', id: 'same' });
    log.length = 0;
    await expect(fork.flush()).rejects.toThrow();
    expect(log).toContain('afterRollback');
    expect(log).not.toContain('entity afterCreate');
    expect(log.some((line) => line.startsWith('afterCommit'))).toBe(false);
  });

  it('onLoad runs once for what a find has newly loaded', async () => {
    em.create(Article, { title: 'Load me', id: 'loaded' });
    await em.flush();
    log.length = 0;
    const fork = test.orm.em.fork();
    await fork.findOneOrFail(Article, 'loaded');
    await fork.find(Article, { title: 'Load me' });
    expect(log.filter((line) => line === 'entity onLoad')).toHaveLength(1);
  });

  it('flush inside a hook is refused instead of waiting for itself', async () => {
    const subscriber = {
      targets: [Article],
      instance: { beforeCreate: ({ em: inner }: { em: object }) => (inner as EntityManager).flush() },
    };
    const other = await openRecordedOrm(backend, { entities: [Article], subscribers: [subscriber] });
    const fork = other.orm.em.fork();
    fork.create(Article, { title: 'x' });
    await expect(fork.flush()).rejects.toThrow(/inside a hook/);
    await other.close();
  });

  it('in an interactive transaction after-hooks wait for the commit', async () => {
    if (backend.name === 'http') return;
    await em.transaction(
      async (tx) => {
        tx.create(Article, { title: 'Tx' });
        await tx.flush();
        expect(log).not.toContain('entity afterCreate');
      },
      { mode: 'interactive' },
    );
    expect(log).toContain('entity afterCreate');
    expect(log.filter((line) => line.startsWith('afterCommit'))).toEqual(['afterCommit create']);
  });
});
