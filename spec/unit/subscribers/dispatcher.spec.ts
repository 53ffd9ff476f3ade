import { Id, Table } from '../../../lib/decorators/index.js';
import { discover, type EntityMetadata } from '../../../lib/metadata/index.js';
import { stage } from '../../../lib/metadata/staging.js';
import { EVENT_NAMES, SubscriberDispatcher, type EntitySubscriber } from '../../../lib/subscribers/index.js';
import type { RecordId } from '../../../lib/values/index.js';
import { Admin, Being, Order, User, changeOf, eventRegistry, hook } from '../../support/event-entities.js';

const registry = eventRegistry();
const users = registry.get(User);
const admins = registry.get(Admin);
const orders = registry.get(Order);
const em = { name: 'em' };
const tick = () => new Promise((resolve) => setImmediate(resolve));

const emptyDispatcher = () => new SubscriberDispatcher<typeof em>(registry);
const withSubscribers = (...subscribers: readonly object[]) =>
  new SubscriberDispatcher<typeof em>(registry, subscribers);
const bulk = (metadata: EntityMetadata = users) => ({
  em,
  action: 'update' as const,
  metadata,
  criteria: { name: 'x' },
});

describe('has', () => {
  it('knows nothing of events that nobody hears', () => {
    const dispatcher = emptyDispatcher();
    for (const event of EVENT_NAMES) {
      expect(dispatcher.has(event)).toBe(false);
      expect(dispatcher.has(event, users)).toBe(false);
    }
  });

  it('tells entities apart, and counts a base class for its subclasses', () => {
    const dispatcher = withSubscribers({ instance: { beforeCreate() {} }, targets: [User] });
    expect(dispatcher.has('beforeCreate')).toBe(true);
    expect(dispatcher.has('beforeCreate', users)).toBe(true);
    expect(dispatcher.has('beforeCreate', admins)).toBe(true);
    expect(dispatcher.has('beforeCreate', orders)).toBe(false);
    expect(dispatcher.has('beforeUpdate', users)).toBe(false);
  });

  it('takes an abstract base class that is no entity itself', () => {
    const dispatcher = withSubscribers({ instance: { beforeSave() {} }, targets: [Being] });
    expect([users, admins, orders].map((each) => dispatcher.has('beforeSave', each))).toEqual([true, true, true]);
  });

  it('hears events that belong to no entity whatever its targets are', () => {
    const dispatcher = withSubscribers({ instance: { afterCommit() {} }, targets: [User] });
    expect(dispatcher.has('afterCommit')).toBe(true);
    expect(dispatcher.has('afterCommit', orders)).toBe(true);
  });
});

describe('registration', () => {
  it('reads @Subscriber of the class or of its base, and makes the class without arguments', async () => {
    const heard: string[] = [];
    class Base {
      beforeBulk() {
        heard.push(this.constructor.name);
      }
    }
    class OfOrders extends Base {}
    class Everywhere extends Base {}
    class Derived extends OfOrders {}
    stage(OfOrders).subscriber = [Order];
    stage(Everywhere).subscriber = [];
    const dispatcher = withSubscribers(OfOrders, Everywhere, Derived);
    await dispatcher.emit('beforeBulk', users, bulk());
    expect(heard).toEqual(['Everywhere']);
    await dispatcher.emit('beforeBulk', orders, bulk(orders));
    expect(heard.slice(1)).toEqual(['OfOrders', 'Everywhere', 'Derived']);
  });

  it('takes the targets of the class for an instance, unless others are given', () => {
    class Audit {
      beforeBulk() {}
    }
    stage(Audit).subscriber = [Order];
    expect(withSubscribers(new Audit()).has('beforeBulk', users)).toBe(false);
    expect(withSubscribers({ instance: new Audit(), targets: [User] }).has('beforeBulk', users)).toBe(true);
  });

  it('registers the same instance or class once', async () => {
    let calls = 0;
    class Counter {
      beforeBulk() {
        calls += 1;
      }
    }
    stage(Counter).subscriber = [];
    const instance = { beforeBulk: () => void calls++ };
    const dispatcher = withSubscribers(Counter, instance, Counter, { instance }, instance);
    await dispatcher.emit('beforeBulk', users, bulk());
    expect(calls).toBe(2);
    expect(dispatcher.subscriptions).toHaveLength(2);
  });

  it('reports all that is wrong at once', () => {
    class Plain {
      beforeCreate() {}
    }
    class Wants {
      constructor(readonly mailer: object) {}
      beforeCreate() {}
    }
    stage(Wants).subscriber = [];
    class Typo {
      beforeInsert() {}
    }
    stage(Typo).subscriber = [];
    class Stranger {}
    const circular = { instance: { beforeCreate() {} }, targets: [undefined as unknown as typeof User] };
    let error: unknown;
    try {
      withSubscribers(Plain, Wants, Typo, { instance: { beforeCreate() {} }, targets: [Stranger] }, circular);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'METADATA' });
    const { problems } = error as { problems: readonly string[] };
    expect(problems).toEqual([
      expect.stringMatching(/^Plain has no @Subscriber\(\)/),
      expect.stringMatching(/^Wants wants constructor arguments.*new Wants\(…\)/),
      expect.stringMatching(/^Typo has no hook.*beforeCreate/),
      expect.stringMatching(/Stranger, which is neither an entity/),
      expect.stringMatching(/undefined.*circle/),
    ]);
  });
});

describe('emit', () => {
  it('calls entity methods first, base before subclass, then subscribers in order, each awaited', async () => {
    const heard: string[] = [];
    class Note {
      @Id() id!: RecordId;
      async first(event: unknown) {
        await tick();
        heard.push(`first:${this.text}:${(event as { em: typeof em }).em.name}`);
      }
      second() {
        heard.push('second');
      }
      text = 'hi';
    }
    Table({ name: 'note' })(Note);
    hook(Note, 'beforeSave', 'first');
    hook(Note, 'beforeSave', 'second');
    const notes = discover([Note]);
    const slow = { beforeSave: async () => (await tick(), heard.push('slow')) };
    const quick = { beforeSave: () => heard.push('quick') };
    const dispatcher = new SubscriberDispatcher(notes, [slow, quick]);
    const events = dispatcher.flush(em);
    await events.before([changeOf(notes.get(Note), 'update', new Note())]);
    expect(heard).toEqual(['first:hi:em', 'second', 'slow', 'quick']);
  });

  it('calls subscribers on their own instance', async () => {
    class Counting implements EntitySubscriber {
      #count = 0;
      beforeBulk() {
        this.#count += 1;
      }
      get count() {
        return this.#count;
      }
    }
    const counting = new Counting();
    await withSubscribers(counting).emit('beforeBulk', users, bulk());
    expect(counting.count).toBe(1);
  });

  it('lets a before hook veto with its own error and runs none after it', async () => {
    const error = { not: 'an Error' };
    let after = false;
    const dispatcher = withSubscribers(
      { beforeBulk: () => Promise.reject(error) },
      { beforeBulk: () => (after = true) },
    );
    await expect(dispatcher.emit('beforeBulk', users, bulk())).rejects.toBe(error);
    expect(after).toBe(false);
  });

  it('runs all after hooks and throws what failed as one AfterCommitError', async () => {
    const [a, b] = [new Error('a'), new Error('b')];
    let ran = false;
    class Mailer {
      afterBulk() {
        throw a;
      }
    }
    const dispatcher = withSubscribers(
      new Mailer(),
      { afterBulk: () => (ran = true) },
      { afterBulk: () => Promise.reject(b) },
    );
    const failure: unknown = await dispatcher.emit('afterBulk', users, bulk()).catch((error: unknown) => error);
    expect(ran).toBe(true);
    expect(failure).toMatchObject({ code: 'AFTER_COMMIT', cause: a, errors: [a, b] });
    expect((failure as Error).message).toMatch(/committed, but Mailer\.afterBulk failed.*a subscriber\.afterBulk: a/);
  });

  it('reports what observers throw, and goes on', async () => {
    const reported: unknown[] = [];
    const error = new Error('log is full');
    let ran = false;
    const dispatcher = new SubscriberDispatcher(
      registry,
      [{ afterQuery: () => Promise.reject(error) }, { afterQuery: () => (ran = true) }],
      { report: (...args) => reported.push(args) },
    );
    await dispatcher.emit('afterQuery', undefined, {
      em: undefined,
      text: 'x',
      bindings: {},
      purpose: 'raw',
      duration: 1,
    });
    expect(ran).toBe(true);
    expect(reported).toEqual([[error, 'a subscriber.afterQuery']]);
  });
});

describe('onInit and onLoad', () => {
  it('refuses an async onInit and says what to use', () => {
    class Setup {
      async onInit() {
        throw new Error('must not become an unhandled rejection');
      }
    }
    const dispatcher = withSubscribers(new Setup());
    const payload = { em, entity: new User(), metadata: users };
    expect(() => dispatcher.emitSync('onInit', users, payload as never)).toThrow(/Setup\.onInit is async.*onLoad/s);
  });

  it('loads one after the other, in order', async () => {
    const heard: string[] = [];
    const subscriber: EntitySubscriber<User> = {
      async onLoad({ entity }) {
        await tick();
        heard.push(entity.name);
      },
    };
    const loaded = ['a', 'b'].map((name) => ({ metadata: users, entity: Object.assign(new User(), { name }) }));
    await new SubscriberDispatcher(registry, [{ instance: subscriber, targets: [User] }]).emitLoads(em, [
      ...loaded,
      { metadata: orders, entity: new Order() },
    ]);
    expect(heard).toEqual(['a', 'b']);
  });
});
